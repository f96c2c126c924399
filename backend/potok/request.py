"""What a resolver of any room may use: who asks, the request's transaction, and the parts of this process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people.service import Caller
from potok.registry.catalog import Catalog
from potok.registry.plugin import PluginInfo
from potok.runs.live import Hub
from potok.runs.news import NewsHub
from potok.scenarios.service import Ingest
from potok.sdk.ctx import HttpClient
from potok.settings import Settings


class Cookies(Protocol):
    """Where the answer's session cookie is set. A websocket has none."""

    def keep(self, token: str, expires_at: datetime) -> None:
        """The browser shall send this token from now on."""
        ...

    def drop(self) -> None:
        """The browser shall forget its token."""
        ...


class Loaded(Protocol):
    """The node types of this process, always the newest."""

    @property
    def catalog(self) -> Catalog:
        """Those that work."""
        ...

    @property
    def plugins(self) -> list[PluginInfo]:
        """All plugins, the broken ones too."""
        ...

    @property
    def state(self) -> str:
        """Changes with any plugin, and when one breaks, breaks otherwise or heals."""
        ...


@dataclass(slots=True)
class Request:
    """One request, or one websocket connection.

    All fields of one request share one session, hence one transaction; the lock keeps fields that resolve side by
    side from using it at once. A websocket lives long and has no transaction of its own: each use opens one.
    """

    caller: Caller | None
    locale: str
    settings: Settings
    public_url: str
    types: Loaded
    ingest: Ingest
    live: Hub
    news: NewsHub
    http: Callable[[Sequence[str]], HttpClient]
    """The one way out, for a block that declared these hosts."""
    open_session: Callable[[], AsyncSession]
    session: AsyncSession | None
    cookies: Cookies | None = None
    token: str = ""
    """The session token the browser sent."""
    address: str = ""
    user_agent: str = ""
    request_id: str = ""
    loaders: dict[str, Any] = field(default_factory=dict)
    connection_params: dict[str, Any] | None = None
    """What a websocket said when it connected; unused, the library wants to put it somewhere."""
    check_again: Callable[["Request"], Awaitable[bool]] | None = None
    """Whether a long-lived caller still is who they were; websockets only."""
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def db(self) -> AsyncIterator[AsyncSession]:
        """The request's session, for one field at a time. Do not resolve other fields while you hold it."""
        if self.session is None:
            async with self.open_session() as session:
                yield session
            return
        async with self._lock:
            yield self.session

    @asynccontextmanager
    async def change(self) -> AsyncIterator[AsyncSession]:
        """The same for a mutation: what it wrote is taken back when it raises, so a refusal changes nothing."""
        async with self.db() as session, session.begin_nested():
            yield session

    async def still_welcome(self) -> bool:
        """Ask again now and then, so that signing out or losing a role also ends subscriptions."""
        return self.check_again is None or await self.check_again(self)

    @property
    def catalog(self) -> Catalog:
        """The node types that work."""
        return self.types.catalog

    @property
    def plugins(self) -> list[PluginInfo]:
        """All plugins, the broken ones too."""
        return self.types.plugins

    @property
    def who(self) -> Caller:
        """The caller of a field that only signed-in callers reach."""
        assert self.caller is not None, "the field's rule admits anonymous callers"
        return self.caller
