"""Messages between processes over Redis channels: progress of runs, replies, and "drop what you cached"."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

from potok.engine.ports import Progress, Reply
from potok.engine.values import to_json

log = logging.getLogger(__name__)

CATALOG = "potok:catalog"
"""Somebody's node types changed; carries the new hash."""
SCENARIO = "potok:scenario"
"""A scenario was published, switched or deleted; carries its id."""

RUNS = "potok:runs"
"""Runs of these scenarios went on; carries the scenarios' ids, 16 bytes each. Sent while some screen listens."""
NEWS = "potok:news"
"""A person changed something that lists show; see potok.server.news."""


def live_channel(scenario_id: UUID | str) -> str:
    """Progress of a scenario's runs."""
    return f"potok:live:{scenario_id}"


LARGE_REPLY = 256 * 1024
"""Bytes up to which an end is told on the channel; a reader that lags behind loses everything else, too."""
KEPT_SECONDS = 60


def kept_reply(run_id: UUID | str) -> str:
    """Where a larger one is put for the one who waits for it."""
    return f"potok:reply:large:{run_id}"


def reply_channel(process: str) -> str:
    """Ends of runs that callers of this process wait for."""
    return f"potok:reply:{process}"


class RedisLive:
    """The engine's live port."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def publish(self, progress: Sequence[Callable[[], Progress]], scenarios: Sequence[UUID]) -> None:
        """Send the progress of watched scenarios; for the others it is not even put together."""
        try:
            names = {scenario: live_channel(scenario) for scenario in set(scenarios)}
            counts = dict(await self._redis.pubsub_numsub(RUNS, *names.values()))
            watched = {scenario: name for scenario, name in names.items() if counts.get(name.encode())}
            if not watched and not counts.get(RUNS.encode()):
                return
            async with self._redis.pipeline(transaction=False) as pipe:
                if counts.get(RUNS.encode()):
                    pipe.publish(RUNS, b"".join(scenario.bytes for scenario in names))
                for build, scenario in zip(progress, scenarios, strict=True):
                    if scenario in watched:
                        pipe.publish(watched[scenario], _progress(build()))
                await pipe.execute()
        except (RedisError, OSError) as error:
            log.debug("nobody hears the progress: %s", error)

    async def reply(self, replies: Sequence[Reply]) -> None:
        """Send each reply to the process that waits."""
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for reply in replies:
                    told = _reply(reply)
                    if len(told) > LARGE_REPLY:
                        pipe.set(kept_reply(reply.run_id), told, ex=KEPT_SECONDS)
                        told = to_json({"run": str(reply.run_id), "large": True})
                    pipe.publish(reply_channel(reply.process), told)
                await pipe.execute()
        except (RedisError, OSError) as error:
            log.debug("nobody hears the replies: %s", error)


def _progress(progress: Progress) -> bytes:
    return to_json(
        {
            "run": str(progress.run_id),
            "status": progress.status,
            "version": progress.version,
            "created": progress.created_at.isoformat(),
            "steps": progress.steps,
        }
    )


def _reply(reply: Reply) -> bytes:
    return to_json(
        {
            "run": str(reply.run_id),
            "status": reply.status,
            "result": reply.result,
            "output": reply.output,
            "error": reply.error,
            "end_name": reply.end_name,
        }
    )


Handler = Callable[[bytes], None]


class Channels:
    """One subscription connection for a whole process; `run` keeps it alive and hands messages to handlers."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._handlers: dict[str, Handler] = {}
        self._changed = asyncio.Event()
        self._subscribed: set[str] = set()
        self._pubsub: Any = None
        self._waiting: list[asyncio.Future[None]] = []

    async def listen(self, channel: str, handler: Handler) -> None:
        """Hand the channel's messages to the handler. Returns when subscribed, or after 2 s without success."""
        self._handlers[channel] = handler
        if channel in self._subscribed:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._changed.set()
        await asyncio.wait([future], timeout=2)

    async def forget(self, channel: str) -> None:
        """No longer."""
        self._handlers.pop(channel, None)
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled; reconnects and subscribes again after a loss."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as self._pubsub:
                    self._subscribed = set()
                    await self._follow()
            except (RedisError, OSError) as error:
                log.debug("the live channel is away: %s", error)
                await asyncio.sleep(0.5)

    async def _follow(self) -> None:
        listening: asyncio.Task[None] | None = None
        try:
            while True:
                self._changed.clear()
                await self._subscribe()
                if listening is None and self._subscribed:
                    listening = asyncio.create_task(self._read())
                changed = asyncio.create_task(self._changed.wait())
                waits: set[asyncio.Task[Any]] = {changed} if listening is None else {changed, listening}
                try:
                    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    changed.cancel()
                if listening is not None and listening.done():
                    listening.result()
                    listening = None
        finally:
            if listening is not None:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _subscribe(self) -> None:
        waiting, self._waiting = self._waiting, []
        wanted = set(self._handlers)
        try:
            if new := wanted - self._subscribed:
                await self._pubsub.subscribe(*new)
            if gone := self._subscribed - wanted:
                await self._pubsub.unsubscribe(*gone)
            self._subscribed = wanted
        except BaseException:
            self._waiting.extend(waiting)
            raise
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def _read(self) -> None:
        while self._subscribed:
            message = await self._pubsub.get_message(ignore_subscribe_messages=True, timeout=None)
            if message is None:
                continue
            handler = self._handlers.get(message["channel"].decode())
            if handler is not None:
                try:
                    handler(message["data"])
                except Exception:
                    log.exception("a message on %s was not understood", message["channel"])
