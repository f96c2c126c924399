"""Watches whether this process still fits its database, which migrations change beneath it.

An API process that does not fit answers 503 with words; a worker that does not fit ends with words, and one that
was started too early waits. What a newer Potok only added disturbs neither.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from potok.adapters.store_postgres.connection import Pool
from potok.server.middleware import App, ErrorAnswer, Receive, Scope, Send
from potok.standing import Standing, look
from potok.words import say

log = logging.getLogger("potok.server")

EVERY = 1.0
WORDS: Final = {"behind": "schema_behind", "too_new": "schema_too_new"}
"""The code of the sentences that say it."""
_TRY_AGAIN_LATER = 1013


class Unfit(Exception):
    """This process cannot work on the database; `code` names the sentences that say why."""

    def __init__(self, code: str) -> None:
        super().__init__(" ".join(say(code, "en")))
        self.code = code


class SchemaWatch:
    """What was seen last. A process fits until it has seen the opposite: the database may be away for a while."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._seen: Standing | None = None

    def refusal(self) -> str:
        """The code of why nothing can be done, or nothing."""
        return "" if self._seen is None else WORDS.get(self._seen.state, "")

    @property
    def state(self) -> str:
        """One of potok.standing's, or nothing while it is not known."""
        return "" if self._seen is None else self._seen.state

    async def look(self) -> Standing:
        """Raises what the database raises."""
        async with self._pool.acquire() as connection:
            seen = await look(connection)
        if self._seen is None or self._seen.state != seen.state:
            self._seen = seen
            self._tell(seen)
        self._seen = seen
        return seen

    async def follow(self) -> None:
        """An API process's, until cancelled."""
        while True:
            await self._try()
            await asyncio.sleep(EVERY)

    async def fitting(self) -> None:
        """A worker's start: returns when the schema is there, however long that takes. Raises Unfit."""
        while not (await self._try() and self._fits()):  # noqa: ASYNC110 (the database cannot call us)
            await asyncio.sleep(EVERY)

    async def keep(self) -> None:
        """A worker's, until cancelled. Raises Unfit."""
        while True:
            await self._try()
            if not self._fits():
                raise Unfit(self.refusal())
            await asyncio.sleep(EVERY)

    def _fits(self) -> bool:
        if self._seen is not None and self._seen.state == "too_new":
            raise Unfit(self.refusal())
        return self.refusal() == ""

    async def _try(self) -> bool:
        try:
            async with asyncio.timeout(10):
                await self.look()
            return True
        except Exception as error:  # the database may be away; whatever it is, the next look is near
            log.debug("not known whether this process fits the database: %s", error)
            return False

    def _tell(self, seen: Standing) -> None:
        if code := self.refusal():
            log.error("%s (revision %s)", Unfit(code), seen.revision)
        elif seen.state == "after_pending":
            log.info(
                "To be applied when all older processes are gone: %s", ", ".join(one.id for one in seen.pending)
            )
        elif seen.state == "ahead":
            log.info("A newer Potok has added to the database (revision %s); this one works on.", seen.revision)


def door(app: App, refusal: Callable[[], str], paths: tuple[str, ...]) -> App:
    """The application, closed with words on the paths beginning so while the process does not fit the database."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        code = refusal() if scope["type"] != "lifespan" and scope["path"].startswith(paths) else ""
        if not code:
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _TRY_AGAIN_LATER})
        else:
            await ErrorAnswer(503, code)(scope, receive, send)

    return application
