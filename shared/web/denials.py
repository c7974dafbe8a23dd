"""A no to somebody who is known is told to whoever keeps the record, before it leaves.

A 403 is one, and so is a 404: that something is not there is also what strangers are told.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request

from shared.kernel.actor import ANYBODY, Actor
from shared.kernel.refusal import Forbidden, NotFound, Refusal

_ID = re.compile(r"(?:[a-z]{1,20}:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""One of ours. Whatever else somebody wrote into an address is theirs, and is kept nowhere."""


@dataclass(frozen=True, slots=True)
class Denial:
    """Who asked for what, and what said no. `ids` are those in the address, `what` its words."""

    by: Actor
    ids: tuple[str, ...]
    what: str
    rule: str


Record = Callable[[Denial], Awaitable[None]]
"""Durable when it returns; a refusal of its own (the record is away) takes the other's place."""


async def recorded(
    record: Record | None, request: Request, template: str, refusal: Refusal
) -> Refusal:
    """What is to be answered: this refusal, once it is on record."""
    by: Actor = getattr(request.state, "actor", ANYBODY)
    known = by is not ANYBODY and isinstance(refusal, Forbidden | NotFound)
    if record is None or refusal.recorded or not known:
        return refusal
    asked = (*request.path_params.values(), *request.query_params.values())
    ids = tuple(dict.fromkeys(each for each in map(str, asked) if _ID.fullmatch(each)))
    try:
        await record(Denial(by, ids, _words(template), refusal.rule))
    except Refusal as instead:
        return instead
    return refusal


def _words(template: str) -> str:
    """`/v1/cases/{case_id}/notes` is `cases/notes`."""
    words = "/".join(part for part in template.split("/") if part and not part.startswith("{"))
    return words.removeprefix("v1/") if template.startswith("/") else "unknown"
