"""Consultations: codes, and words under a key of the consultation's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from services.mentoring.domain.consultation import Consultation
from services.mentoring.storage import documents
from services.mentoring.use_cases.consult import (
    CONSULTATIONS,
    ConsultationSeen,
    SomeConsultations,
    Words,
)
from services.mentoring.use_cases.ports import Document as Written
from shared.audit.sealed import Sealed
from shared.house.ground import Ground
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Document

_CONSULTATION: TypeAdapter[Consultation] = TypeAdapter(Consultation)


class MongoConsultations:
    """See the port in `use_cases.consult`."""

    def __init__(self, ground: Ground) -> None:
        self._consultations = ground.database[CONSULTATIONS]
        self._people = ground.people

    async def load(self, consultation_id: str, *, by: Actor) -> Sealed[ConsultationSeen]:  # noqa: ARG002
        """See the port."""
        found = await self._found(consultation_id)
        words: Words = {}
        if found["words"]:
            place = _place(consultation_id)
            words = await self._people.open(consultation_id, found["words"], record=place)
        seen = ConsultationSeen(_consultation(found), words)
        return Sealed(seen, subjects=[consultation_id], fields=["consultation"])

    async def some(
        self,
        state: str | None,
        *,
        by: Actor,  # noqa: ARG002
        limit: int,
        offset: int,
    ) -> Sealed[SomeConsultations]:
        """See the port."""
        wanted: dict[str, Any] = {"state": state} if state else {}
        total = await self._consultations.count_documents(wanted)
        found = self._consultations.find(wanted, {"words": 0}).sort("_id", -1)
        page = [_consultation(each) async for each in found.skip(offset).limit(limit)]
        return Sealed(
            SomeConsultations(page, total),
            subjects=[each.id for each in page],
            fields=["overview"],
        )

    async def document(
        self,
        asked: Consultation,
        words: Words,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Written:
        """See the port."""
        await self._people.new_person(asked.id)
        sealed = await self._people.seal(asked.id, words, record=_place(asked.id))
        document: Document = documents.plain(asked)
        id_ = document.pop("id")
        return {**document, "_id": id_, "words": sealed, "version": asked.version + 1}

    async def decided_before(
        self,
        at: datetime,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sequence[tuple[str, str]]:
        """Answered or closed ones; see the port in `use_cases.forget_old_words`."""
        done = {"$in": ["answered", "closed"]}
        wanted = {"state": done, "answered_at": {"$lt": at}, "words": {"$ne": {}}}
        found = self._consultations.find(wanted, {"_id": 1}).limit(100)
        return [(each["_id"], each["_id"]) async for each in found]

    async def empty(self, record_id: str, *, by: Actor) -> bool:  # noqa: ARG002
        """See the port in `use_cases.forget_old_words`."""
        gone = {"$set": {"words": {}}, "$inc": {"version": 1}}
        return bool((await self._consultations.update_one({"_id": record_id}, gone)).matched_count)

    async def _found(self, consultation_id: str) -> Document:
        found = await self._consultations.find_one({"_id": consultation_id})
        if found is None:
            raise NotFound
        return found


def _consultation(document: Document) -> Consultation:
    return _CONSULTATION.validate_python({**document, "id": document["_id"]})


def _place(consultation_id: str) -> str:
    return f"{CONSULTATIONS}:{consultation_id}"
