"""The web process: webhooks first, then health, GraphQL and the browser app."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import cast
from uuid import UUID

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute

from potok.adapters.live import NEWS
from potok.calendars.events import CHANNEL as CALENDARS
from potok.calendars.events import CalendarsChanged
from potok.records.events import CHANNEL as RECORDS
from potok.records.events import RecordsChanged
from potok.runs.events import CHANNEL as HALT
from potok.runs.events import RunsHalted, RunsReady
from potok.runs.live import Hub
from potok.runs.news import NewsHub
from potok.scenarios.events import CHANNEL, ScenarioChanged
from potok.server.blobs import PATH as BLOBS
from potok.server.blobs import BlobView
from potok.server.context import Parts
from potok.server.graphql_view import GraphQLView
from potok.server.health import readiness
from potok.server.hooks import PREFIX, front
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
from potok.server.news import NewsFeed, news_of
from potok.server.pages import Pages
from potok.server.proxies import behind_proxies
from potok.server.record_files import EXPORT, IMPORT, ExportView, ImportView
from potok.server.schema import make_schema
from potok.server.schema_watch import SchemaWatch, door
from potok.server.tally import keep_counts
from potok.server.tasks import end_task
from potok.server.tidy import tidy_blobs
from potok.server.watch import Watch
from potok.server.wiring import Services, open_services
from potok.settings import Settings
from potok.words import negotiate

log = logging.getLogger("potok.server")


class Process:
    """What lives as long as the process serves; filled by the lifespan."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.hub = Hub()
        self.news = NewsHub()
        self._feed: NewsFeed | None = None
        self._services: Services | None = None
        self._parts: Parts | None = None
        self._hooks: App | None = None
        self._schema: SchemaWatch | None = None

    @property
    def services(self) -> Services:
        """The process's connections."""
        assert self._services is not None, "the application has not started"
        return self._services

    def parts(self) -> Parts:
        """What resolvers need."""
        assert self._parts is not None, "the application has not started"
        return self._parts

    @property
    def schema(self) -> SchemaWatch:
        """Whether the process fits the database."""
        assert self._schema is not None, "the application has not started"
        return self._schema

    async def hooks(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The webhook endpoint."""
        assert self._hooks is not None, "the application has not started"
        await self._hooks(scope, receive, send)

    @contextlib.asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """Open everything, follow live progress, close everything."""
        async with open_services(self.settings) as services:
            self._services, self._hooks = services, services.hooks()
            self._schema = SchemaWatch(services.pool)
            self._parts = Parts(
                settings=self.settings,
                open_session=lambda: AsyncSession(services.engine, expire_on_commit=False),
                types=services.catalog,
                ingest=services.ingestor,
                http=services.http.for_hosts,
                live=self.hub,
                news=self.news,
            )
            open_session = self._parts.open_session
            self._feed = NewsFeed(self.news, services.live, open_session)
            tasks = [
                asyncio.create_task(self._schema.follow()),
                asyncio.create_task(Watch(self.hub, services.live, open_session).run()),
                asyncio.create_task(self._feed.run()),
                asyncio.create_task(keep_counts(open_session)),
                asyncio.create_task(tidy_blobs(services.pool)),
            ]
            try:
                yield
            finally:
                for task in tasks:
                    await end_task(task)

    async def announce(self, events: list[object], workspace_id: UUID | None) -> None:
        """Tell all processes, this one at once. Nothing is lost without the channel: caches live for a second."""
        await self._spread(events, workspace_id)
        for event in events:
            if isinstance(event, RunsReady):
                self.services.ingestor.wake(event.run_ids)
            if isinstance(event, RunsReady | RunsHalted):
                self.hub.on_change()  # watchers see it at once
            if isinstance(event, RunsHalted):
                try:
                    await self.services.redis.publish(HALT, ",".join(map(str, event.run_ids)))
                except (RedisError, OSError) as error:
                    log.debug("workers hear late of halted runs: %s", error)
            if isinstance(event, CalendarsChanged):
                self.services.calendars.drop(event.workspace_id)
                try:
                    await self.services.redis.publish(CALENDARS, str(event.workspace_id))
                except (RedisError, OSError) as error:
                    log.debug("others hear late of changed calendars: %s", error)
            if isinstance(event, RecordsChanged):
                try:
                    await self.services.redis.publish(RECORDS, str(event.workspace_id))
                except (RedisError, OSError) as error:
                    log.debug("workers hear late of changed records: %s", error)
            if isinstance(event, ScenarioChanged):
                self.services.dispatcher.drop(event.scenario_id)
                try:
                    await self.services.redis.publish(CHANNEL, str(event.scenario_id))
                except (RedisError, OSError) as error:
                    log.debug("others do not hear of a changed scenario: %s", error)

    async def _spread(self, events: list[object], workspace_id: UUID | None) -> None:
        """Tell open lists what a person did; screens of this process hear it without the channel, too."""
        message = news_of(workspace_id, events) if workspace_id is not None else None
        if message is None or self._feed is None:
            return
        try:
            await self.services.redis.publish(NEWS, message)
        except (RedisError, OSError) as error:
            log.debug("other processes' lists do not hear of a change: %s", error)
            self._feed.hear(message)


def create_app(settings: Settings) -> App:
    """The ASGI application of one API process."""
    process = Process(settings)
    web = FastAPI(lifespan=process.lifespan, openapi_url=None, docs_url=None, redoc_url=None)

    @web.get("/healthz", include_in_schema=False)
    async def healthz() -> JSONResponse:
        """The process lives."""
        return JSONResponse({"status": "ok"})

    @web.get("/readyz", include_in_schema=False)
    async def readyz(request: Request) -> JSONResponse:
        """The process can work."""
        locale = negotiate(request.headers.get("accept-language", ""))
        ready, parts = await readiness(process.services, process.schema, locale)
        state = {"status": "ok" if ready else "unavailable"} | parts
        return JSONResponse(state, status_code=200 if ready else 503)

    web.add_exception_handler(BodyTooLarge, lambda _, error: _as_response(too_large(settings.max_body)))
    web.add_exception_handler(Exception, lambda request, error: _as_response(internal_error(request.scope, error)))
    graphql = GraphQLView(make_schema(), process.parts, process.announce)
    web.router.routes.append(Route("/graphql", graphql))
    web.router.routes.append(WebSocketRoute("/graphql", graphql))
    web.router.routes.append(Route(BLOBS, BlobView(process.parts)))
    web.router.routes.append(Route(IMPORT, ImportView(process.parts), methods=["POST"]))
    web.router.routes.append(Route(EXPORT, ExportView(process.parts), methods=["GET"]))
    web.router.routes.append(Mount("/", Pages()))
    secure = settings.public_url.startswith("https://")

    def refusal() -> str:
        return process.schema.refusal()

    desk = door(web, refusal, ("/graphql", BLOBS.partition("{")[0], IMPORT, EXPORT))
    larger = {IMPORT: settings.import_bytes}
    whole = front(
        door(process.hooks, refusal, (PREFIX,)),
        guarded(desk, secure=secure, max_body=settings.max_body, larger=larger),
    )
    return behind_proxies(whole, settings.trusted_proxies)


def _as_response(answer: ErrorAnswer) -> Response:
    """Starlette only ever calls it as an ASGI application, which it is."""
    return cast("Response", answer)
