"""The web process: webhooks first, then health, GraphQL and the browser app."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import cast

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute

from potok.runs.live import Hub
from potok.scenarios.events import CHANNEL, ScenarioChanged
from potok.server.context import Parts
from potok.server.graphql_view import GraphQLView
from potok.server.health import readiness
from potok.server.hooks import front
from potok.server.middleware import (
    App,
    BodyTooLarge,
    ErrorAnswer,
    Receive,
    Scope,
    Send,
    guarded,
    internal_error,
    too_large,
)
from potok.server.pages import Pages
from potok.server.proxies import behind_proxies
from potok.server.schema import make_schema
from potok.server.watch import Watch
from potok.server.wiring import Services, open_services
from potok.settings import Settings

log = logging.getLogger("potok.server")


class Process:
    """What lives as long as the process serves; filled by the lifespan."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.hub = Hub()
        self._services: Services | None = None
        self._parts: Parts | None = None
        self._hooks: App | None = None

    @property
    def services(self) -> Services:
        """The process's connections."""
        assert self._services is not None, "the application has not started"
        return self._services

    def parts(self) -> Parts:
        """What resolvers need."""
        assert self._parts is not None, "the application has not started"
        return self._parts

    async def hooks(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The webhook endpoint."""
        assert self._hooks is not None, "the application has not started"
        await self._hooks(scope, receive, send)

    @contextlib.asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """Open everything, follow live progress, close everything."""
        async with open_services(self.settings) as services:
            self._services, self._hooks = services, services.hooks()
            self._parts = Parts(
                settings=self.settings,
                open_session=lambda: AsyncSession(services.engine, expire_on_commit=False),
                types=services.catalog,
                ingest=services.ingestor,
                live=self.hub,
            )
            following = asyncio.create_task(Watch(self.hub, services.live, self._parts.open_session).run())
            try:
                yield
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)

    async def announce(self, events: list[object]) -> None:
        """Tell all processes, this one at once. Nothing is lost without the channel: caches live for a second."""
        for event in events:
            if isinstance(event, ScenarioChanged):
                self.services.dispatcher.drop(event.scenario_id)
                try:
                    await self.services.redis.publish(CHANNEL, str(event.scenario_id))
                except (RedisError, OSError) as error:
                    log.debug("others do not hear of a changed scenario: %s", error)


def create_app(settings: Settings) -> App:
    """The ASGI application of one API process."""
    process = Process(settings)
    web = FastAPI(lifespan=process.lifespan, openapi_url=None, docs_url=None, redoc_url=None)

    @web.get("/healthz", include_in_schema=False)
    async def healthz() -> JSONResponse:
        """The process lives."""
        return JSONResponse({"status": "ok"})

    @web.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        """The process can work."""
        ready, parts = await readiness(process.services)
        state = {"status": "ok" if ready else "unavailable"} | parts
        return JSONResponse(state, status_code=200 if ready else 503)

    web.add_exception_handler(BodyTooLarge, lambda _, error: _as_response(too_large(settings.max_body)))
    web.add_exception_handler(Exception, lambda request, error: _as_response(internal_error(request.scope, error)))
    graphql = GraphQLView(make_schema(), process.parts, process.announce)
    web.router.routes.append(Route("/graphql", graphql))
    web.router.routes.append(WebSocketRoute("/graphql", graphql))
    web.router.routes.append(Mount("/", Pages()))
    secure = settings.public_url.startswith("https://")
    whole = front(process.hooks, guarded(web, secure=secure, max_body=settings.max_body))
    return behind_proxies(whole, settings.trusted_proxies)


def _as_response(answer: ErrorAnswer) -> Response:
    """Starlette only ever calls it as an ASGI application, which it is."""
    return cast("Response", answer)
