"""What an operator sees and does over HTTP, the same in every service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from shared.delivery.dead_letters import AlreadySettled, Also, BodyGone, DeadLetters
from shared.delivery.journal import Entry, Journal, Own
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal
from shared.mongo.client import Database, Document, Session
from shared.web.idempotency import Answer, AskedOnce, Idempotency, RequestKey, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

STATUSES: Mapping[type[Refusal], int] = MappingProxyType({AlreadySettled: 409, BodyGone: 410})
"""For the app's refusal → status table."""

_EXAMPLE: dict[str, JsonValue] = {
    "id": "4b7f7c0e-2f0f-5f0e-8c55-0f8f8a1f6a11",
    "state": "parked",
    "reason": "KeyError",
    "queue": "notifications.from-booking",
    "type": "se.safespace.booking.booking-confirmed.v1",
    "subject": "0199c0de-0000-7000-8000-000000000001",
    "event_id": "0199c0de-0000-7000-8000-000000000002",
    "sequence": 3,
    "failures": 4,
    "replays": 0,
    "parked_at": "2027-01-14T09:30:00Z",
    "history": [],
    "hidden": False,
}

TELLS_OF_NOBODY = frozenset({"mentoring"})
"""Services of whose recipients nobody else's staff learns that they are there."""
_OF_SOMEBODY = frozenset({"type", "subject", "event_id", "sequence", "outcome", "body"})
"""What of a letter tells that something happened to somebody."""

LetterId = Annotated[str, Path(description="Id i listan över dead letters.", max_length=64)]
Handler = Annotated[Actor, needs("dead-letters.handle")]
_HANDLE = [needs("dead-letters.handle")]
Reader = Annotated[Actor, needs("journal.read")]


class Step(BaseModel):
    """What somebody did with a dead letter."""

    did: Literal["replayed", "discarded"]
    by: str
    at: datetime
    reason: str


class DeadLetter(BaseModel):
    """A message that was given up."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: str
    state: Literal["parked", "replayed", "discarded"]
    reason: str = Field(description="class of the error, or what was wrong with the message")
    queue: str
    type: str | None
    subject: str | None
    event_id: str | None
    sequence: int | None
    failures: int = Field(description="times that handling failed")
    replays: int = Field(description="times that it had been sent again before")
    parked_at: datetime
    history: list[Step]
    hidden: bool = Field(description="om någon som bara avsändarens egen personal får känna till")


class DeadLetterShown(DeadLetter):
    """One of them, with what is left to know."""

    outcome: str | None = Field(description="how its event ended here later, if it did")
    body_kept: bool
    body: str | None = Field(description="the event as JSON; never a sealed or unreadable one")


class Discarding(BaseModel):
    """Why it need not be handled."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "Testdata"}})

    reason: str = Field(min_length=3, max_length=500)


class JournalShown(BaseModel):
    """Everything that happened to a subject in this service, in order."""

    subject: str
    entries: list[Entry]


def routes(service: str, database: Database, *, own_journal: Own | None = None) -> APIRouter:
    """`/v1/dead-letters…` (permission dead-letters.handle) and `/v1/journal` (journal.read)."""
    router = APIRouter(prefix="/v1", tags=["operator"])
    _add_dead_letters(router, DeadLetters(service, database), service)
    _add_settling(router, DeadLetters(service, database), Idempotency(database), service)
    _add_journal(router, Journal(database, own_journal))
    return router


def _add_dead_letters(router: APIRouter, dead: DeadLetters, service: str) -> None:
    about = "Meddelanden som gavs upp, de senaste först."

    @router.get("/dead-letters", description=about, dependencies=_HANDLE)
    async def dead_letters(
        page: Page,
        state: Annotated[Literal["parked", "replayed", "discarded"], Query()] = "parked",
    ) -> Listing[DeadLetter]:
        found, total = await dead.page(state=state, limit=page.limit, offset=page.offset)
        return listing([DeadLetter(**_shown(each, service)) for each in found], total, page)

    about = "Ett meddelande som gavs upp."

    @router.get("/dead-letters/{letter_id}", description=about, dependencies=_HANDLE)
    async def dead_letter(letter_id: LetterId) -> DeadLetterShown:
        return DeadLetterShown(**_shown(await dead.show(letter_id), service))


def _add_settling(router: APIRouter, dead: DeadLetters, once: Idempotency, service: str) -> None:
    answers: dict[int | str, dict[str, Any]] = {200: {"model": DeadLetterShown}}

    about = "Skicka det till sin kö igen."

    @router.post("/dead-letters/{letter_id}/replay", description=about, responses=answers)
    async def replay(actor: Handler, letter_id: LetterId, key: AskedOnce) -> Response:
        by = actor.username or actor.id
        work = partial(dead.replay, letter_id, by=by)
        return await _settled(once, key, lambda also: work(also=also), service)

    about = "Kasta det, med ett skäl."

    @router.post("/dead-letters/{letter_id}/discard", description=about, responses=answers)
    async def discard(
        actor: Handler, letter_id: LetterId, discarding: Discarding, key: AskedOnce
    ) -> Response:
        by, reason = actor.username or actor.id, discarding.reason
        work = partial(dead.discard, letter_id, by=by, reason=reason)
        return await _settled(once, key, lambda also: work(also=also), service)


async def _settled(
    once: Idempotency,
    key: RequestKey | None,
    settle: Callable[[Also], Awaitable[None]],
    service: str,
) -> Response:
    """The letter as it is after settling it once, however often it is asked for with one key."""

    async def work() -> Answer:
        answers: list[Answer] = []

        async def also(session: Session, letter: Document) -> None:
            answers[:] = [Answer.of(200, DeadLetterShown(**_shown(letter, service)))]
            await once.record(session, key, answers[0])

        await settle(also)
        return answers[0]

    return respond(await once.once(key, work))


def _add_journal(router: APIRouter, journal: Journal) -> None:
    about = "Vad som har hänt med ett ämne i den här tjänsten."

    @router.get("/journal", description=about)
    async def read_journal(
        actor: Reader,
        subject: Annotated[str, Query(min_length=1, max_length=100, description="Ämnets id.")],
    ) -> JournalShown:
        return JournalShown(subject=subject, entries=await journal.about(subject, by=actor))


def _shown(letter: Mapping[str, Any], service: str) -> dict[str, Any]:
    """What may be seen of it in this service's list; replaying and discarding need no more."""
    queue = letter["queue"]
    hidden = service not in TELLS_OF_NOBODY and queue.rpartition(".from-")[2] in TELLS_OF_NOBODY
    unseen = dict.fromkeys(_OF_SOMEBODY.intersection(letter)) if hidden else {}
    return {"id": letter["_id"], **letter, **unseen, "hidden": hidden}
