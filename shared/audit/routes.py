"""What an auditor sees and does over HTTP, in every service. Looking leaves a trace too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Body, Path, Query
from pydantic import BaseModel
from pydantic_core import to_json
from starlette.responses import Response

from shared.audit.answers import (
    FOUND_BY_SOMEBODY,
    CheckpointPage,
    EntryPage,
    OutcomeIn,
    OutcomeOut,
    ReaderOut,
    SampleOut,
)
from shared.audit.audit import Audit
from shared.audit.checkpoints import MongoCheckpoints
from shared.audit.entry import as_subject
from shared.audit.follow_up import LARGEST_SAMPLE, FollowUp
from shared.audit.names import MongoNames
from shared.audit.purposes import Purpose
from shared.audit.refusals import EntryBroken, MonthNotOver, NotAnId, NotInSample, OwnReading
from shared.audit.sample import MONTH
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal
from shared.mongo.client import Database, Document, Session
from shared.mongo.transactions import transact
from shared.web.examples import listed_example
from shared.web.idempotency import Answer, AskedOnce, Idempotency, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

STATUSES: Mapping[type[Refusal], int] = MappingProxyType(
    {MonthNotOver: 409, EntryBroken: 409, NotInSample: 422, NotAnId: 422, OwnReading: 403}
)
"""For the app's refusal → status table."""

LARGEST_PAGE = 2_000
"""Entries in one answer: more would hold up everybody else for longer than one notices."""

MOST_DOCUMENTS = 20_000
"""The same, when they are only handed on; the database gives out 16 MiB at the most."""

Reader = Annotated[Actor, needs("audit.read")]
Follower = Annotated[Actor, needs("audit.follow-up")]
Cursor = Annotated[
    str, Query(pattern=r"^[0-9]{1,15}$", description="Det som förra sidan angav; tomt från början.")
]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Högst så många i svaret.")]
Many = Annotated[int, Query(ge=1, le=MOST_DOCUMENTS, description="Högst så många i svaret.")]
Month = Annotated[str, Path(pattern=MONTH, description="Månad, som 2027-01 (UTC).")]
Subject = Annotated[
    str,
    Query(pattern=r"^[A-Za-z0-9:._/+@-]{1,120}$", description="Id för den som läsningen gällde."),
]
Said = Annotated[OutcomeIn, Body(openapi_examples={"exempel": {"value": FOUND_BY_SOMEBODY}})]
Size = Annotated[int, Query(ge=1, le=LARGEST_SAMPLE, description="Så många dras.")]


_OCTETS = "application/octet-stream"
_BYTES: dict[str, Any] = {
    "description": "BSON-dokument efter varandra.",
    "content": {_OCTETS: {"schema": {"type": "string", "format": "binary"}}},
}


class Known(Protocol):
    """Where the service keeps what one and the same person was called before."""

    async def __call__(self, subject: str, /, *, by: Actor) -> Sequence[str]:
        """The other ids under which entries are about them."""
        ...


async def by_one_name(_: str, /, *, by: Actor) -> Sequence[str]:  # noqa: ARG001
    """In services where nobody was ever called anything else."""
    return ()


def routes(
    service: str,
    audit: Audit,
    checkpoints: MongoCheckpoints,
    database: Database,
    *,
    names: MongoNames,
    also_known_as: Known = by_one_name,
) -> APIRouter:
    """`/v1/audit/…` (permissions audit.read and audit.follow-up)."""
    router = APIRouter(prefix="/v1/audit", tags=["audit"])
    _add_chain(router, audit, checkpoints)
    _add_readers(router, audit, names, also_known_as)
    follow_up = FollowUp(audit.entries, database, service)
    _add_sample(router, audit, names, follow_up)
    _add_outcome(router, audit, follow_up, database)
    return router


def _add_chain(router: APIRouter, audit: Audit, checkpoints: MongoCheckpoints) -> None:
    about = (
        "Granskningsloggens poster i ordning, som de är sparade: för att kontrolleras av läsaren."
    )

    @router.get(
        "/entries", description=about, response_model=EntryPage, responses=_shown(EntryPage)
    )
    async def entries(actor: Reader, cursor: Cursor = "0", limit: Limit = 1_000) -> Response:
        async with audit.looking():
            rows = await audit.entries.after(int(cursor), limit=limit)
        return await _page(audit, actor, "entries", rows, limit)

    about = (
        "Samma poster byte för byte som de ligger i databasen: BSON-dokument efter varandra. "
        "Nästa sida börjar efter det sista dokumentets _id; ett tomt svar är slutet."
    )

    @router.get("/documents", description=about, response_class=Response, responses={200: _BYTES})
    async def documents(actor: Reader, cursor: Cursor = "0", limit: Many = 10_000) -> Response:
        known: dict[str, Any] = {"subjects": ["audit"], "fields": ["entries"]}
        why: dict[str, Any] = {"purpose": Purpose.AUDIT, "rule": "audit.read"}
        async with audit.reading(actor, **known, **why) as reading:
            async with audit.looking():
                page = await audit.entries.documents(int(cursor), limit=limit)
            return Response(await reading.open(Sealed(page, **known)), media_type=_OCTETS)

    about = "Signerade kontrollpunkter i ordning: vilken post som stod var, och när."

    @router.get(
        "/checkpoints",
        description=about,
        response_model=CheckpointPage,
        responses=_shown(CheckpointPage),
    )
    async def signed(actor: Reader, cursor: Cursor = "0", limit: Limit = 1_000) -> Response:
        async with audit.looking():
            rows = await checkpoints.after(int(cursor), limit=limit)
        return await _page(audit, actor, "checkpoints", rows, limit)


async def _page(
    audit: Audit, actor: Actor, name: str, rows: Sequence[Document], limit: int
) -> Response:
    async with audit.looking():
        tip = await audit.entries.tip()
    content: dict[str, Any] = {
        name: rows,
        "cursor": str(rows[-1]["seq"]) if len(rows) == limit else None,
        "tip": tip.seq,
    }
    sealed = Sealed(content, subjects=["audit"], fields=[name])
    opened = await audit.open(actor, sealed, purpose=Purpose.AUDIT, rule="audit.read")
    # What was never ours to write is handed out too, in some form: the reader's hash will not fit.
    body = to_json(opened, bytes_mode="base64", fallback=repr)
    return Response(body, media_type="application/json")


def _add_readers(router: APIRouter, audit: Audit, names: MongoNames, also_known_as: Known) -> None:
    about = (
        "Vilka som har läst, eller nekats att läsa, om någon: för den som det gäller. "
        "Det som lästes innan id:t fanns, under ett tidigare id, hör till."
    )

    @router.get("/readers", description=about, responses={200: listed_example(ReaderOut)})
    async def readers(actor: Reader, page: Page, subject: Subject) -> Listing[ReaderOut]:
        if as_subject(subject) != subject:
            raise NotAnId
        ids = [subject, *await also_known_as(subject, by=actor)]
        rows, total = await audit.about(ids, limit=page.limit, offset=page.offset)
        found = ReaderOut.all_of(rows, await names.of(readers_in(rows)), about=ids)
        sealed = Sealed(listing(found, total, page), subjects=ids, fields=["readers"])
        return await audit.open(actor, sealed, purpose=Purpose.OWN_DATA, rule="audit.read")


def _add_sample(router: APIRouter, audit: Audit, names: MongoNames, follow_up: FollowUp) -> None:
    about = "Månadens stickprov ur läsningarna, lika varje gång, med vad som har kommit fram."

    @router.get("/samples/{month}", description=about, responses=_shown(SampleOut))
    async def sample(actor: Follower, month: Month, size: Size = 20) -> SampleOut:
        async with audit.looking():
            drawn = await follow_up.sample(month, size)
        shown = {subject for each in drawn for subject in each.entry["subjects"]}
        known = await names.of(readers_in(each.entry for each in drawn))
        answer = SampleOut.of(month, drawn, known)
        sealed = Sealed(answer, subjects=sorted(shown), fields=["readers"])
        return await audit.open(actor, sealed, purpose=Purpose.FOLLOW_UP, rule="audit.follow-up")


def _add_outcome(router: APIRouter, audit: Audit, follow_up: FollowUp, database: Database) -> None:
    once = Idempotency(database)
    about = (
        "Spara vad uppföljningen av en läsning i stickprovet kom fram till. Inget skrivs över, och "
        "ingen bedömer sina egna läsningar. Det står i granskningsloggen också."
    )

    @router.post(
        "/samples/{month}/outcomes",
        description=about,
        status_code=201,
        responses=_shown(OutcomeOut, 201),
    )
    async def outcome(actor: Follower, month: Month, said: Said, key: AskedOnce) -> Response:
        async with audit.looking():
            judged = await follow_up.to_judge(month, said.seq, by=actor)
        await audit.record(
            actor,
            subjects=judged["subjects"],
            fields=["outcome"],
            purpose=Purpose.FOLLOW_UP,
            rule=f"outcome:{said.outcome}",
            reference=f"seq:{said.seq}",
        )

        async def save(session: Session) -> Answer:
            row = await follow_up.note(
                session, month, said.seq, said.outcome, said.reference, by=actor
            )
            answer = Answer.of(201, OutcomeOut.of(row))
            await once.record(session, key, answer)
            return answer

        return respond(await once.once(key, lambda: transact(database.client, save)))


def readers_in(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Who read, as entries have it; what was put there instead of an id is nobody."""
    return [row["actor"] for row in rows if isinstance(row.get("actor"), str)]


def _shown(model: type[BaseModel], status: int = 200) -> dict[int | str, dict[str, Any]]:
    extra = model.model_config["json_schema_extra"]
    example = extra["example"] if isinstance(extra, dict) else None
    return {status: {"model": model, **_example(example)[200]}}


def _example(example: object) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {"application/json": {"example": example}}}}
