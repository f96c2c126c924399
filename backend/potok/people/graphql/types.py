"""Object types of the people room."""

from datetime import datetime
from enum import Enum

import strawberry

from potok.gql import PageInfo, Problem
from potok.pages import Page, cursor
from potok.people import models
from potok.people.caller import Caller
from potok.people.inbox import NoticeRow
from potok.people.models import Role
from potok.people.repository import MemberRow
from potok.people.service.accounts import ViewerRow

strawberry.enum(Role)


@strawberry.enum
class ApiScope(Enum):
    """What an API key may do: look, work with records, build, or administer."""

    READ = "read"
    WORK = "work"
    BUILD = "build"
    ADMIN = "admin"


@strawberry.type
class User:
    """An account."""

    id: strawberry.ID
    email: str
    name: str
    locale: str


@strawberry.type
class Workspace:
    """Everything one organisation owns."""

    id: strawberry.ID
    name: str
    time_zone: str


@strawberry.type
class Viewer:
    """Who is asking. An API key has a name instead of a user."""

    user: User | None
    workspace: Workspace
    role: Role
    api_key_name: str | None


@strawberry.type
class Member:
    """A user with a role in the workspace."""

    user: User
    role: Role
    created_at: datetime


@strawberry.type
class ApiKey:
    """A key for programs, without its secret."""

    id: strawberry.ID
    name: str
    scope: ApiScope
    hint: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@strawberry.type
class Install:
    """What the sign-in screen must know before anybody is known."""

    needs_setup: bool
    version: str


@strawberry.type
class Notice:
    """A line in the inbox."""

    id: strawberry.ID
    title: str
    body: str
    run_id: strawberry.ID | None
    scenario_id: strawberry.ID | None
    created_at: datetime
    read_at: datetime | None


@strawberry.type
class NoticeConnection:
    """A page of notices, newest first."""

    nodes: list[Notice]
    page_info: PageInfo
    unread: int


@strawberry.type
class ViewerPayload:
    """Who one is now."""

    viewer: Viewer | None
    problems: list[Problem]


@strawberry.type
class MemberPayload:
    """The member as changed."""

    member: Member | None
    problems: list[Problem]


@strawberry.type
class ApiKeyPayload:
    """The new key; `secret` is shown this once."""

    api_key: ApiKey | None
    secret: str | None
    problems: list[Problem]


@strawberry.input
class SetupInput:
    """The first owner and their workspace. `token` is from the setup link."""

    token: str
    name: str
    email: str
    password: str
    workspace_name: str
    locale: str = "en"
    time_zone: str = "UTC"


@strawberry.input
class MemberInput:
    """A new member with their first password."""

    name: str
    email: str
    password: str
    role: Role


def user_of(row: models.User) -> User:
    """An account as shown."""
    return User(id=strawberry.ID(str(row.id)), email=row.email, name=row.name, locale=row.locale)


def viewer_of(caller: Caller, row: ViewerRow) -> Viewer:
    """The caller as shown."""
    workspace = Workspace(
        id=strawberry.ID(str(row.workspace.id)), name=row.workspace.name, time_zone=row.workspace.time_zone
    )
    user = user_of(row.user) if row.user else None
    return Viewer(user=user, workspace=workspace, role=caller.role, api_key_name=caller.api_key_name)


def member_of(row: MemberRow) -> Member:
    """A member as shown."""
    membership = row.membership
    return Member(user=user_of(row.user), role=Role(membership.role), created_at=membership.created_at)


def api_key_of(row: models.ApiKey) -> ApiKey:
    """A key as shown."""
    return ApiKey(
        id=strawberry.ID(str(row.id)),
        name=row.name,
        scope=ApiScope(row.scope),
        hint=row.hint,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


def notices_of(page: Page[NoticeRow], unread: int) -> NoticeConnection:
    """A page as shown."""
    end = cursor(str(page.rows[-1].notice.id)) if page.rows else None
    return NoticeConnection(
        nodes=[_notice(row) for row in page.rows],
        page_info=PageInfo(end_cursor=end, has_next_page=page.has_next),
        unread=unread,
    )


def _notice(found: NoticeRow) -> Notice:
    row = found.notice
    return Notice(
        id=strawberry.ID(str(row.id)),
        title=row.title,
        body=row.body,
        run_id=strawberry.ID(str(row.run_id)) if row.run_id else None,
        scenario_id=strawberry.ID(str(row.scenario_id)) if row.scenario_id else None,
        created_at=row.created_at,
        read_at=found.read_at,
    )
