"""One POST to a webhook, and what came back: never more of it than is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpcore
from httpcore import AsyncConnectionPool

from services.publishing.feeds.domain.refusals import AddressNotAllowed
from services.publishing.feeds.domain.retry_plan import Answer, retry_after
from shared.kernel.clock import real_now

WITHIN = 15.0
"""Seconds for all of it."""
_READ_AT_MOST = 16_384
_AGENT = "safespace-webhooks/1"


async def post(
    pool: AsyncConnectionPool,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    within: float = WITHIN,
) -> Answer:
    """Send it once. Whatever happens is an answer: status 0 when nothing came back."""
    sent = [
        ("content-type", "application/json"),
        ("user-agent", _AGENT),
        ("host", urlsplit(url).netloc),
        *headers.items(),
    ]
    try:
        async with asyncio.timeout(within):
            return await _asked(pool, url, sent, body, within)
    except TimeoutError:
        return Answer(0, "timeout")
    except AddressNotAllowed:
        return Answer(0, "address-not-allowed")
    except (httpcore.TimeoutException, httpcore.PoolTimeout):
        return Answer(0, "timeout")
    except httpcore.ConnectError:
        return Answer(0, "no-connection")
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
        return Answer(0, "broken-off")


async def _asked(
    pool: AsyncConnectionPool,
    url: str,
    headers: list[tuple[str, str]],
    body: bytes,
    within: float,
) -> Answer:
    times = {"connect": min(5.0, within), "read": within, "write": within, "pool": within}
    async with pool.stream(
        "POST", url, headers=headers, content=body, extensions={"timeout": times}
    ) as response:
        read = 0
        # A short answer is read to its end, so that the connection can be kept.
        async for part in response.aiter_stream():
            read += len(part)
            if read > _READ_AT_MOST:
                break
    wish = next(
        (
            value.decode("latin-1")
            for name, value in response.headers
            if name.lower() == b"retry-after"
        ),
        None,
    )
    return Answer(response.status, retry_after=retry_after(wish, real_now()))
