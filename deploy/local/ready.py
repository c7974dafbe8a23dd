"""Asking a process whether it can do its work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import httpx

_READY_WITHIN = 120.0
_PAUSE = 0.1


class NotReady(Exception):
    """It did not become ready in time. Says what was last seen."""


async def wait_until_ready(
    url: str,
    *,
    within: float = _READY_WITHIN,
    worth_waiting: Callable[[], bool] = lambda: True,
) -> None:
    """Return when the URL answers 200.

    Raises NotReady after `within` seconds, or when it is not `worth_waiting` any more.
    """
    deadline = time.monotonic() + within
    async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
        while True:
            seen = await _ask(client, url)
            if seen == "200":
                return
            if not worth_waiting():
                raise NotReady("dör genast · dies at once")
            if time.monotonic() > deadline:
                raise NotReady(f"{within:.0f} s: {seen}")
            await asyncio.sleep(_PAUSE)


async def _ask(client: httpx.AsyncClient, url: str) -> str:
    try:
        return str((await client.get(url)).status_code)
    except httpx.HTTPError as error:
        return type(error).__name__
