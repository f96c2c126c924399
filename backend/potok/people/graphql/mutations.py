"""What people may change about people."""

from uuid import UUID

import strawberry

from potok.gql import DonePayload, Info, all_told, mutation, read_id
from potok.people import service
from potok.people.graphql.types import (
    ApiKeyPayload,
    ApiScope,
    MemberInput,
    MemberPayload,
    SetupInput,
    ViewerPayload,
    api_key_of,
    member_of,
    viewer_of,
)
from potok.people.models import Role
from potok.people.permissions import Permission
from potok.people.service import Owner, SignedIn
from potok.problems import Refused, refuse


@strawberry.type
class PeopleMutation:
    """Mutations of the people room."""

    @mutation("public")
    async def setup(self, info: Info, input: SetupInput) -> ViewerPayload:
        """Use the setup link: create the workspace and its owner, and sign in."""
        request = info.context
        owner = Owner(input.name, input.email, input.password, input.workspace_name, input.locale, input.time_zone)
        try:
            async with request.change() as db:
                signed_in = await service.set_up(
                    db,
                    input.token,
                    owner,
                    session_days=request.settings.session_days,
                    user_agent=request.user_agent,
                    address=request.address,
                )
        except Refused as refused:
            return ViewerPayload(viewer=None, problems=all_told(refused, request))
        return await _welcome(info, signed_in)

    @mutation("public")
    async def sign_in(self, info: Info, email: str, password: str) -> ViewerPayload:
        """Begin a session; the cookie comes with the answer."""
        request = info.context
        try:
            async with request.db() as db:
                signed_in = await service.sign_in(
                    db,
                    email,
                    password,
                    address=request.address,
                    session_days=request.settings.session_days,
                    user_agent=request.user_agent,
                    old_token=request.token,
                )
        except Refused as refused:
            return ViewerPayload(viewer=None, problems=all_told(refused, request))
        return await _welcome(info, signed_in)

    @mutation("public")
    async def sign_out(self, info: Info) -> DonePayload:
        """End the session. Fine for somebody who has none."""
        request = info.context
        async with request.change() as db:
            await service.sign_out(db, request.token)
        if request.cookies is not None:
            request.cookies.drop()
        return DonePayload(done=True, problems=[])

    @mutation("signed_in")
    async def set_locale(self, info: Info, locale: str) -> ViewerPayload:
        """Choose the language of one's own screens."""
        request = info.context
        try:
            async with request.change() as db:
                row = await service.set_locale(db, request.who, locale)
        except Refused as refused:
            return ViewerPayload(viewer=None, problems=all_told(refused, request))
        return ViewerPayload(viewer=viewer_of(request.who, row), problems=[])

    @mutation(Permission.ADMINISTER)
    async def add_member(self, info: Info, input: MemberInput) -> MemberPayload:
        """Add somebody with a first password."""
        request = info.context
        try:
            async with request.change() as db:
                row = await service.add_member(
                    db,
                    request.who,
                    name=input.name,
                    email=input.email,
                    password=input.password,
                    role=input.role,
                )
        except Refused as refused:
            return MemberPayload(member=None, problems=all_told(refused, request))
        return MemberPayload(member=member_of(row), problems=[])

    @mutation(Permission.ADMINISTER)
    async def set_member_role(self, info: Info, user_id: strawberry.ID, role: Role) -> MemberPayload:
        """Change what a member may do."""
        request = info.context
        try:
            async with request.change() as db:
                row = await service.set_member_role(db, request.who, _member_id(user_id), role)
        except Refused as refused:
            return MemberPayload(member=None, problems=all_told(refused, request))
        return MemberPayload(member=member_of(row), problems=[])

    @mutation(Permission.ADMINISTER)
    async def remove_member(self, info: Info, user_id: strawberry.ID) -> DonePayload:
        """Take somebody out and sign them out."""
        request = info.context
        try:
            async with request.change() as db:
                await service.remove_member(db, request.who, _member_id(user_id))
        except Refused as refused:
            return DonePayload(done=False, problems=all_told(refused, request))
        return DonePayload(done=True, problems=[])

    @mutation(Permission.ADMINISTER)
    async def create_api_key(self, info: Info, name: str, scope: ApiScope) -> ApiKeyPayload:
        """Make a key for programs; its secret is shown this once."""
        request = info.context
        who = request.who
        try:
            async with request.change() as db:
                made = await service.create_api_key(
                    db, workspace_id=who.workspace_id, name=name, scope=scope.value, by=who
                )
        except Refused as refused:
            return ApiKeyPayload(api_key=None, secret=None, problems=all_told(refused, request))
        return ApiKeyPayload(api_key=api_key_of(made.key), secret=made.secret, problems=[])

    @mutation(Permission.ADMINISTER)
    async def revoke_api_key(self, info: Info, id: strawberry.ID) -> DonePayload:
        """Make a key useless at once."""
        request = info.context
        try:
            async with request.change() as db:
                key_id = read_id(id)
                if key_id is None:
                    raise refuse("api_key_not_found", "id")
                await service.revoke_api_key(db, request.who, key_id)
        except Refused as refused:
            return DonePayload(done=False, problems=all_told(refused, request))
        return DonePayload(done=True, problems=[])

    @mutation(Permission.SEE)
    async def mark_notices_read(self, info: Info, ids: list[strawberry.ID]) -> DonePayload:
        """Mark notices as read for the person who asks; unknown ones are ignored."""
        request = info.context
        known = [found for one in ids if (found := read_id(one))]
        try:
            async with request.change() as db:
                await service.mark_notices_read(db, request.who, known)
        except Refused as refused:
            return DonePayload(done=False, problems=all_told(refused, request))
        return DonePayload(done=True, problems=[])


def _member_id(value: str) -> UUID:
    found = read_id(value)
    if found is None:
        raise refuse("member_not_found", "userId")
    return found


async def _welcome(info: Info, signed_in: SignedIn) -> ViewerPayload:
    """Hand the cookie over and show who it is."""
    request = info.context
    if request.cookies is not None and signed_in.token:
        request.cookies.keep(signed_in.token, signed_in.expires_at)
    async with request.db() as db:
        row = await service.viewer_of(db, signed_in.caller)
    return ViewerPayload(viewer=viewer_of(signed_in.caller, row), problems=[])
