"""Lets watchers and waiting callers know how runs stand: while one group is told, others gather."""

import asyncio

from potok.engine.ports import Live
from potok.engine.session import Session

_BUSY = frozenset({"running"})


class Telling:
    """Of one worker."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._news: list[tuple[Session, str]] = []
        self._task: asyncio.Task[None] | None = None

    def tell(self, session: Session, status: str) -> None:
        """This is how the run stands now; said soon."""
        self._news.append((session, status))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tell_all())

    async def _tell_all(self) -> None:
        while self._news:
            news, self._news = self._news, []
            replies = [
                session.answer(status) for session, status in news if session.reply_to and status not in _BUSY
            ]
            if replies:
                await self._live.reply(replies)
            await self._live.publish(
                [lambda s=session, t=status: s.progress(t) for session, status in news],  # type: ignore[misc]
                [session.run.scenario_id for session, _ in news],
            )
