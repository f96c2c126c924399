"""What may be asked about people."""

import strawberry

from potok import __version__
from potok.gql import Info, query
from potok.pages import page_size, read_id_cursor
from potok.people import service
from potok.people.graphql.types import (
    ApiKey,
    Install,
    Member,
    NoticeConnection,
    Viewer,
    api_key_of,
    member_of,
    notices_of,
    viewer_of,
)
from potok.people.permissions import Permission


@strawberry.type
class PeopleQuery:
    """Root fields of the people room."""

    @query("public")
    async def install(self, info: Info) -> Install:
        """What is known before anybody is."""
        async with info.context.db() as db:
            return Install(needs_setup=await service.needs_setup(db), version=__version__)

    @query("public")
    async def viewer(self, info: Info) -> Viewer | None:
        """Who is asking; null for somebody who has not signed in."""
        caller = info.context.caller
        if caller is None:
            return None
        async with info.context.db() as db:
            return viewer_of(caller, await service.viewer_of(db, caller))

    @query(Permission.ADMINISTER)
    async def members(self, info: Info) -> list[Member]:
        """Everybody in the workspace."""
        async with info.context.db() as db:
            return [member_of(row) for row in await service.list_members(db, info.context.who)]

    @query(Permission.ADMINISTER)
    async def api_keys(self, info: Info) -> list[ApiKey]:
        """Keys for programs, newest first."""
        async with info.context.db() as db:
            return [api_key_of(row) for row in await service.list_api_keys(db, info.context.who)]

    @query(Permission.SEE)
    async def notices(self, info: Info, first: int = 50, after: str | None = None) -> NoticeConnection:
        """Notices for the caller, newest first."""
        before, who = read_id_cursor(after), info.context.who
        async with info.context.db() as db:
            found = await service.list_notices(db, who, first=page_size(first), before=before)
        return notices_of(found.page, found.unread)
