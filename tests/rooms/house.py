"""A served Potok inside the test process, people in its workspaces, and clients that speak to it as they would."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from uuid_utils.compat import uuid7
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from potok.migrate import async_url
from potok.people import service as people
from potok.people.models import Membership, Role, User, Workspace
from potok.people.passwords import hash_password
from potok.people.service import Caller
from potok.server.app import create_app
from potok.settings import Settings

PASSWORD = "correct horse battery"
SCOPES = {Role.VIEWER: "read", Role.MEMBER: "work", Role.BUILDER: "build", Role.OWNER: "admin"}


@dataclass
class Api:
    """GraphQL calls of one caller. `headers` carry the key; cookies are kept like a browser's."""

    client: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)

    async def raw(self, query: str, headers: dict[str, str] | None = None, **variables: Any) -> httpx.Response:
        """The HTTP answer."""
        body = {"query": query, "variables": variables}
        return await self.client.post("/graphql", json=body, headers=self.headers | (headers or {}))

    async def __call__(self, query: str, **variables: Any) -> Any:
        """The data of an answer that must have no errors."""
        answer = (await self.raw(query, **variables)).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def refused(self, query: str, **variables: Any) -> str:
        """The code of the only error."""
        answer = (await self.raw(query, **variables)).json()
        assert answer.get("data") is None or not any(answer["data"].values()), answer
        [error] = answer["errors"]
        return str(error["extensions"]["code"])


@dataclass
class Place:
    """A workspace with one member per role, and a key of each scope."""

    id: UUID
    callers: dict[Role, Caller]
    emails: dict[Role, str]
    keys: dict[Role, str]


@dataclass
class House:
    """A running Potok."""

    url: str
    settings: Settings
    engine: AsyncEngine

    def session(self) -> AsyncSession:
        """A session on its database."""
        return AsyncSession(self.engine, expire_on_commit=False)

    def client(self, **headers: str) -> httpx.AsyncClient:
        """A browser or program."""
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30)

    @contextlib.asynccontextmanager
    async def api(self, key: str = "", **headers: str) -> AsyncIterator[Api]:
        """Calls with an API key, or without."""
        async with self.client(**headers) as client:
            yield Api(client, {"Authorization": f"Bearer {key}"} if key else {})

    async def place(self) -> Place:
        """A new workspace that nobody else uses."""
        now, mark = datetime.now(UTC), uuid7().hex[-10:]
        workspace = Workspace(id=uuid7(), name=f"Office {mark}", created_at=now)
        callers, emails, keys = {}, {}, {}
        async with self.session() as db:
            db.add(workspace)
            await db.flush()
            for role in Role:
                emails[role] = f"{role}-{mark}@example.com"
                user = User(
                    id=uuid7(),
                    email=emails[role],
                    name=f"The {role}",
                    password_hash=await _hash(),
                    created_at=now,
                )
                db.add(user)
                await db.flush()
                db.add(Membership(workspace_id=workspace.id, user_id=user.id, role=role, created_at=now))
                callers[role] = Caller(workspace_id=workspace.id, role=role, user_id=user.id, locale="en")
                made = await people.create_api_key(
                    db, workspace_id=workspace.id, name=f"{role} key", scope=SCOPES[role]
                )
                keys[role] = made.secret
            await db.commit()
        return Place(workspace.id, callers, emails, keys)


_hashed: list[str] = []


async def _hash() -> str:
    if not _hashed:
        _hashed.append(await hash_password(PASSWORD))
    return _hashed[0]


@contextlib.asynccontextmanager
async def serve(database_url: str, redis_url: str, **more: Any) -> AsyncIterator[House]:
    """Serve a Potok on a free port of this machine."""
    settings = Settings(database_url=database_url, redis_url=redis_url, **more)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(settings),
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        lifespan="on",
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve(sockets=[listening]))
    while not server.started:
        assert not serving.done(), serving.exception()
        await asyncio.sleep(0.01)
    engine = create_async_engine(async_url(database_url), poolclass=pool.NullPool)
    try:
        yield House(f"http://127.0.0.1:{listening.getsockname()[1]}", settings, engine)
    finally:
        await engine.dispose()
        server.should_exit = True
        await serving
        listening.close()


class Socket:
    """A graphql-transport-ws client."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def subscribe(self, query: str, **variables: Any) -> None:
        """Start the only subscription."""
        payload = {"query": query, "variables": variables}
        await self._connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))

    async def next(self, within: float = 10) -> Any:
        """The next message of the subscription: {"type": ..., "payload": ...}."""
        async with asyncio.timeout(within):
            return json.loads(await self._connection.recv())


@contextlib.asynccontextmanager
async def open_socket(house: House, **headers: str) -> AsyncIterator[Socket]:
    """Connect and be acknowledged. Raises ConnectionClosed when refused."""
    async with connect(
        house.url.replace("http://", "ws://") + "/graphql",
        subprotocols=[Subprotocol("graphql-transport-ws")],
        additional_headers=headers,
    ) as connection:
        await connection.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await connection.recv())["type"] == "connection_ack"
        yield Socket(connection)
