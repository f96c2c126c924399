"""What may happen in the people room, split by what it is about."""

from potok.people.caller import Caller
from potok.people.models import Role
from potok.people.permissions import ROLE_OF_SCOPE, Permission
from potok.people.service.accounts import names_of, set_locale, set_time_zone, time_zone_of, viewer_of
from potok.people.service.audit import Chain, holds, record, verify
from potok.people.service.keys import NewKey, create_api_key, list_api_keys, revoke_api_key
from potok.people.service.members import MemberRow, add_member, list_members, remove_member, set_member_role
from potok.people.service.notices import NoticePage, list_notices, mark_notices_read, newest_notices
from potok.people.service.sessions import SignedIn, authenticate_key, authenticate_session, sign_in, sign_out
from potok.people.service.setup import (
    Owner,
    issue_setup_token,
    needs_setup,
    only_workspace,
    set_up,
    setup_headless,
)

__all__ = [
    "ROLE_OF_SCOPE",
    "Caller",
    "Chain",
    "MemberRow",
    "NewKey",
    "NoticePage",
    "Owner",
    "Permission",
    "Role",
    "SignedIn",
    "add_member",
    "authenticate_key",
    "authenticate_session",
    "create_api_key",
    "holds",
    "issue_setup_token",
    "list_api_keys",
    "list_members",
    "list_notices",
    "mark_notices_read",
    "names_of",
    "needs_setup",
    "newest_notices",
    "only_workspace",
    "record",
    "remove_member",
    "revoke_api_key",
    "set_locale",
    "set_member_role",
    "set_time_zone",
    "set_up",
    "setup_headless",
    "sign_in",
    "sign_out",
    "time_zone_of",
    "verify",
    "viewer_of",
]
