"""How answers are given: the same bytes for the first request and for its copies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import BaseModel
from starlette.responses import Response

from shared.web.etags import etag
from shared.web.idempotency import Answer, Idempotency, RequestKey, Session, respond

T = TypeVar("T")
Also = Callable[[Session, T], Awaitable[None]]
"""What a use case does with its result, in the transaction of its effect."""


async def answered(
    once: Idempotency,
    key: RequestKey | None,
    ask: Callable[[Also[Any]], Awaitable[object]],
    present: Callable[[Any], BaseModel],
    status: int = 200,
) -> Response:
    """Ask the use case, and keep its answer in the transaction of its effect.

    A model with a `version` gets it as its ETag.
    """

    async def work() -> Answer:
        answers: list[Answer] = []

        async def also(session: Session, made: Any) -> None:
            answers[:] = [answer_of(present(made), status)]
            await once.record(session, key, answers[0])

        await ask(also)
        return answers[0]

    return respond(await once.once(key, work))


def answer_of(model: BaseModel, status: int = 200) -> Answer:
    """The model as it is answered."""
    version = getattr(model, "version", None)
    return Answer.of(status, model, {} if version is None else {"ETag": etag(version)})


def shown(model: BaseModel) -> Response:
    """The answer to a reading, with its ETag."""
    return respond(answer_of(model))
