"""A service's processes: `python -m services.<name>.main http|worker`, and its engines by name.

Each runs until SIGINT or SIGTERM; what goes wrong beyond repair ends it, to be started anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import uvloop
from starlette.types import ASGIApp

from shared.delivery.settings import BusSettings
from shared.kernel import memory
from shared.observability import logging
from shared.observability.tracing import set_up_tracing
from shared.web.serving import serve
from shared.web.settings import WebSettings

Http = TypeVar("Http", bound=WebSettings)
Works = TypeVar("Works", bound=BusSettings)


class Runs(Protocol):
    """A worker or an engine: it goes on until it is cancelled."""

    async def run(self) -> Any:
        """Until cancelled."""
        ...


def run_http(service: str, settings: Http, make: Callable[[Http], ASGIApp]) -> None:
    """Serve the API until told to stop."""
    logging.set_up(settings.profile, service, "http")
    set_up_tracing(service, "http")
    serve(make(settings), settings)


def run_worker(
    service: str, settings: Works, make: Callable[[Works], Runs], *, kind: str = "worker"
) -> None:
    """Relay, listen and keep time until told to stop; or whatever an engine of that name does."""
    logging.set_up(settings.profile, service, kind)
    set_up_tracing(service, kind)
    uvloop.run(_until_told(lambda: make(settings)))


def run_the_one_asked_for(
    *, http: Callable[[], None], worker: Callable[[], None], **engines: Callable[[], None]
) -> None:
    """By the first word on the command line."""
    known = {"http": http, "worker": worker, **engines}
    asked = known.get(" ".join(sys.argv[1:]))
    if asked is None:
        sys.exit(f"say which process: {', '.join(known)}")
    asked()


async def _until_told(make: Callable[[], Runs]) -> None:
    """The worker is made inside the loop that it runs in."""
    running = asyncio.ensure_future(make().run())
    memory.started()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
