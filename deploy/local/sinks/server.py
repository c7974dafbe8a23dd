"""The sinks put together: one HTTP and one SMTP server, on loopback only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from aiosmtpd.smtp import SMTP
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.sinks.behaviour import Behaviour, Mood
from deploy.local.sinks.callbacks import Callbacks
from deploy.local.sinks.elks_api import ElksApi
from deploy.local.sinks.hanging_up import AbruptProtocol
from deploy.local.sinks.mailbox import Mailbox, Postman
from deploy.local.sinks.pages import Pages
from deploy.local.sinks.phone_api import PhoneApi
from deploy.local.sinks.settings import Settings
from deploy.local.sinks.sms_store import SmsStore

LOOPBACK = "127.0.0.1"
_TIMEOUT = httpx.Timeout(10.0)


def make_app(settings: Settings) -> Starlette:
    """Everything over HTTP, and the SMTP server for as long as it runs."""
    folder, mood = settings.folder(), Mood()
    store, mailbox = SmsStore(folder), Mailbox(folder)
    client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False)
    callbacks = Callbacks(store, mood, client)
    phone = PhoneApi(settings, store, client)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        smtp = await _listen(settings, Postman(mailbox, mood))
        callbacks.resume()
        yield
        smtp.close()
        await phone.stop()
        await callbacks.stop()
        await client.aclose()
        store.close()
        mailbox.close()

    app = Starlette(
        routes=[
            *ElksApi(settings, store, mood, callbacks).routes(),
            *phone.routes(),
            *Pages(store, mailbox).routes(),
            *_behaviour_routes(mood),
            Route("/health/live", lambda _: JSONResponse({"status": "ok"})),
            Route("/health/ready", lambda _: JSONResponse({"status": "ok"})),
        ],
        middleware=[
            # A page elsewhere must not reach these phones by naming a host that leads to loopback.
            Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])
        ],
        lifespan=lifespan,
    )
    app.state.kept = (store, mailbox, mood, callbacks)
    return app


def _behaviour_routes(mood: Mood) -> list[Route]:
    async def change(request: Request) -> Response:
        try:
            mood.now = Behaviour.model_validate_json(await request.body() or b"{}")
        except ValidationError as wrong:
            raise HTTPException(422, str(wrong.error_count())) from wrong
        return JSONResponse(mood.now.model_dump(mode="json"))

    async def show(_: Request) -> Response:
        return JSONResponse(mood.now.model_dump(mode="json"))

    return [
        Route("/sink/behaviour", change, methods=["POST"]),
        Route("/sink/behaviour", show, methods=["GET"]),
    ]


async def _listen(settings: Settings, postman: Postman) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: SMTP(postman, enable_SMTPUTF8=True, hostname="localhost", loop=loop),
        LOOPBACK,
        settings.smtp_sink_port,
    )


def config(settings: Settings) -> uvicorn.Config:
    """How it is served: our own protocol, and no word in any log of who wrote what."""
    return uvicorn.Config(
        make_app(settings),
        host=LOOPBACK,
        port=settings.sms_sink_port,
        http=AbruptProtocol,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


def run(settings: Settings) -> None:
    """Serve until a signal."""
    uvicorn.Server(config(settings)).run()
