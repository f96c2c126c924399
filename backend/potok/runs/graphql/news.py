"""One subscription for every list on the screens: it says that something changed, the screens ask what."""

import asyncio
from collections.abc import AsyncGenerator

import strawberry

from potok.gql import Info, subscription
from potok.people.service import Permission
from potok.runs.news import News

PAUSE = 0.5
"""Seconds between two messages to one watcher."""


@strawberry.type
class WorkspaceChange:
    """What changed: runs of these scenarios (the newest named), the scenarios themselves, or an inbox."""

    scenario_ids: list[strawberry.ID]
    run_ids: list[strawberry.ID]
    notices: bool


@strawberry.type
class NewsSubscription:
    """Live news of the whole workspace."""

    @subscription(Permission.SEE)
    async def workspace_changed(self, info: Info) -> AsyncGenerator[WorkspaceChange, None]:
        """An empty message at once, which says that from now on nothing is missed; then at most two a second."""
        request = info.context
        with request.news.watch(request.who.workspace_id) as box:
            yield _change(News())
            while True:
                news = await box.take()
                if not await request.still_welcome():
                    return
                yield _change(news)
                await asyncio.sleep(PAUSE)


def _change(news: News) -> WorkspaceChange:
    return WorkspaceChange(
        scenario_ids=[strawberry.ID(str(one)) for one in news.scenario_ids],
        run_ids=[strawberry.ID(str(one)) for one in news.run_ids],
        notices=news.notices,
    )
