"""`Idempotency-Key`: asking twice has one effect and gets one answer (DESIGN §8).

A key belongs to whoever sent it. A copy in flight meets the unique key in the database, looks again
and gets the stored answer; after three tries it is told to come back.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.responses import Response

from shared.kernel.actor import ANYBODY
from shared.mongo.client import Database, Session
from shared.web.idempotency_records import Answer, Records, RequestKey
from shared.web.refusals import IdempotencyKeyInvalid, IdempotencyKeyReused, StillInFlight
from shared.web.signed_in import maybe_signed_in

__all__ = [
    "Answer",
    "AskedOnce",
    "Idempotency",
    "IdempotencyKeyReused",
    "RequestKey",
    "Session",
    "asked_once",
    "respond",
]

TRIES = 3
_WAIT_SECONDS = (0.02, 0.08, 0.25)
_SHAPE = re.compile(r"[\x21-\x7e]{1,200}")


class Idempotency(Records):
    """The records, and the way to do something once."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)

    async def once(self, key: RequestKey | None, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """The stored answer, or that of `work`, which records it in its own transaction.

        Raises:
            IdempotencyKeyReused: the key was used for another request.
            StillInFlight: a copy holds the key and does not end.
        """
        if key is None:
            return await work()
        for wait in _WAIT_SECONDS:
            stored = await self.find(key)
            if stored is not None:
                return stored
            try:
                return await work()
            except Exception as error:
                if not self.met_a_copy(error):
                    raise
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
        stored = await self.find(key)
        if stored is None:
            raise StillInFlight
        return stored


async def asked_once(
    request: Request,
    value: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Samma nyckel och samma innehåll ger samma svar i 24 timmar.",
            # Said here and checked below: its refusal is ours, not the framework's.
            json_schema_extra={"pattern": r"^[\x21-\x7e]{1,200}$"},
        ),
    ] = None,
) -> RequestKey | None:
    """The key of this request, bound to who asks and to what is asked; None without the header.

    Raises:
        IdempotencyKeyInvalid: 400, not 1–200 visible ASCII characters.
    """
    if value is None:
        return None
    if not _SHAPE.fullmatch(value):
        raise IdempotencyKeyInvalid
    body = await request.body()
    where = f"{request.url.path}?{request.url.query}"
    asked = _digest(request.method.encode(), where.encode(), body)
    return RequestKey(_digest((await _whose(request)).encode(), value.encode()), asked)


AskedOnce = Annotated[RequestKey | None, Depends(asked_once)]


def respond(answer: Answer) -> Response:
    """The HTTP answer, the same for the first and for every copy."""
    return Response(
        answer.body or None,
        status_code=answer.status,
        media_type="application/json" if answer.body else None,
        headers=dict(answer.headers),
    )


async def _whose(request: Request) -> str:
    link = request.headers.get("link-secret")
    if link is not None:
        return f"link/{link}"
    actor = await maybe_signed_in(request)
    return "anybody" if actor is ANYBODY else f"{actor.kind}/{actor.id}"


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
