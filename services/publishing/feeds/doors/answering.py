"""How answers are given: the same for the first request and for its copies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from shared.mongo.client import Session
from shared.web.etags import etag
from shared.web.idempotency import Answer, Idempotency, RequestKey, respond

Also = Callable[[Session, Any], Awaitable[None]]


async def answered(
    once: Idempotency,
    key: RequestKey | None,
    ask: Callable[[Also], Awaitable[object]],
    present: Callable[[Any], BaseModel],
    status: int = 200,
) -> Response:
    """Ask the use case, and keep its answer in the transaction of its effect."""

    async def work() -> Answer:
        answers: list[Answer] = []

        async def also(session: Session, made: Any) -> None:
            answers[:] = [answer_of(present(made), status)]
            await once.record(session, key, answers[0])

        await ask(also)
        return answers[0]

    return respond(await once.once(key, work))


async def shown_once(
    once: Idempotency,
    key: RequestKey | None,
    ask: Callable[[Also], Awaitable[object]],
    present: Callable[[Any, bool], BaseModel],
) -> Response:
    """For what holds a secret: the first answer is kept nowhere; a copy gets one without it.

    `present(made, with the secret?)`.
    """

    async def work() -> Answer:
        answers: list[Answer] = []

        async def also(session: Session, made: Any) -> None:
            answers[:] = [answer_of(present(made, True), 201)]
            await once.record(session, key, answer_of(present(made, False), 200))

        await ask(also)
        return answers[0]

    answer = respond(await once.once(key, work))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def answer_of(model: BaseModel, status: int = 200) -> Answer:
    """A model that has a `version` gets it as its ETag."""
    version = getattr(model, "version", None)
    return Answer.of(status, model, {} if version is None else {"ETag": etag(version)})


def shown(model: BaseModel, status: int = 200) -> Response:
    """An answer that nobody keeps: nor may whoever passes it on."""
    answer = respond(answer_of(model, status))
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def nothing_more(_session: Session, _made: Any) -> None:
    """For what takes no key because again is harmless."""
