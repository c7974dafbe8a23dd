"""Everything of a person, found and removed across the collections.

What hangs on a case carries `case_id`. Rows are removed from every collection that there is but
those named here with a reason: a new collection is forgotten without anybody thinking of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import PersonId
from services.mentoring.storage import documents
from services.mentoring.storage.identities import MongoIdentities
from services.mentoring.storage.indexes import CASES
from services.mentoring.use_cases.forgettings import (
    FORGETTINGS,
    Alike,
    Confirmation,
    Forgetting,
    Held,
)
from services.mentoring.use_cases.referrals import REFERRALS
from shared.contracts.event import News
from shared.house.ground import Ground
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.refusal import NotFound, VersionConflict
from shared.mongo import versioned
from shared.mongo.client import Document, Session

A = TypeVar("A")
_FORGETTING: TypeAdapter[Forgetting] = TypeAdapter(Forgetting)
_TOLD_OF = "meetings"
"""Whose events have the record as their subject; all others have the recipient."""

APART: Mapping[str, str] = MappingProxyType(
    {
        CASES: "left bare, so that an id that somebody still has leads to nothing",
        FORGETTINGS: "the certificate itself",
        "outbox": "what waits is taken back, what is sent is emptied; ids and types age out",
        "inbox": "ids of events",
        "dead_letters": "ids of events; bodies that are sealed live seven days",
        "dead_letter_bodies": "live seven days",
        "delivery_leases": "nothing of anybody",
        "idempotency": "ids and versions, for a day",
        "known_sealing_keys": "public keys",
        "announced": "a public key's number",
        "audit_names": "members of the staff",
        "audit_outcomes": "judgements of entries of the audit",
        "referral_links": "a referrer's, not a person's",
        "consultations": "nobody is on file",
        "tallies": "counted without an id",
        "statistics": "counted, small groups hidden",
        "staff_contacts": "members of the staff",
        "mentors": "members of the staff",
        "mentor_steps": "members of the staff",
        "handbook": "editions",
        "handbook_confirmations": "members of the staff",
        "matchings": "heads without a case; what was found for each has its own collection",
    }
)
"""Collections in which nothing hangs on a case, and why."""


class MongoForgettings:
    """See the port in `use_cases.forgettings`."""

    def __init__(self, ground: Ground, identities: MongoIdentities) -> None:
        self._ground, self._database = ground, ground.database
        self._forgettings = ground.database[FORGETTINGS]
        self._identities = identities

    async def held(self, case: Case, *, by: Actor) -> Held:
        """See the port."""
        rows: dict[str, int] = {}
        people, subjects = {str(case.person_id)}, [str(case.recipient_id)]
        for name in await self._collections():
            found = self._database[name].find(_about(case), {"person_id": 1})
            each = [row async for row in found]
            people |= {row["person_id"] for row in each if row.get("person_id")}
            if each:
                rows[name] = len(each)
            if name == _TOLD_OF:
                subjects += [row["_id"] for row in each]
        whose = [PersonId(person) for person in sorted(people)]
        if identities := await self._identities.kept_of(whose, by=by):
            rows["identities"] = identities
        return Held(rows, whose, subjects)

    async def alike(self, people: Sequence[PersonId], *, by: Actor) -> Alike:
        """See the port. A referral has the marks of who it was about when it was made."""
        mine = {"person_id": {"$in": list(people)}}
        referrals = self._database[REFERRALS]
        marks = set(await self._identities.marks_of(people, by=by))
        async for row in referrals.find(mine, {"fingerprints": True}):
            marks |= set(row["fingerprints"])
        others = {"person_id": {"$nin": list(people)}}
        same = {"fingerprints": {"$in": sorted(marks)}, **others}
        found = referrals.find(
            {**same, "state": {"$in": ["received", "declined"]}}, {"person_id": True, "state": True}
        )
        rows = await found.sort("_id", 1).to_list(None)
        declined = [PersonId(row["person_id"]) for row in rows if row["state"] == "declined"]
        having = set(await self._identities.having(sorted(marks), by=by)) - set(people)
        cases = self._database[CASES].find({"person_id": {"$in": sorted(having)}})
        return Alike(
            declined, len(rows) - len(declined), [documents.case_of(each) async for each in cases]
        )

    async def erase(
        self,
        before: Case,
        after: Case,
        begun: Forgetting,
        told: Sequence[News],
        *,
        answer: Callable[[Forgetting], A],
        once: Any = None,
        by: Actor,  # noqa: ARG002
    ) -> A:
        """See the port."""
        names = await self._collections()
        # The commit decides; a transaction that is begun again counts again.
        given: list[A] = []

        async def work(session: Session) -> None:
            document = documents.case_document(after)
            await versioned.replace(self._database[CASES], document, before.version, session)
            removed: dict[str, int] = {}
            for name in names:
                gone = await self._database[name].delete_many(_about(before), session=session)
                if gone.deleted_count:
                    removed[name] = gone.deleted_count
            if emptied := await self._emptied(begun.people, session):
                removed[REFERRALS] = removed.get(REFERRALS, 0) + emptied
            done = replace(begun, removed=removed)
            await self._forgettings.insert_one(_document(done), session=session)
            # What waits to be told of somebody is not told any more; what is told here is the last.
            await self._ground.outbox.withdraw(session, begun.told_about)
            await self._ground.outbox.tell(session, *told)
            given[:] = [answer(done)]
            if once is not None:
                await self._ground.once.record(session, once, given[0])  # type: ignore[arg-type]

        try:
            await self._ground.transact(work)
        except DuplicateKeyError as error:
            raise VersionConflict from error
        return given[0]

    async def _emptied(self, people: Sequence[PersonId], session: Session) -> int:
        """As time does to a declined referral (`use_cases.forget_old_words`): codes stay."""
        theirs = {"person_id": {"$in": list(people)}, "state": "declined", "words": {"$ne": {}}}
        gone = {"$set": {"words": {}, "fingerprints": []}, "$inc": {"version": 1}}
        done = await self._database[REFERRALS].update_many(theirs, gone, session=session)
        return int(done.modified_count)

    async def blind(self, forgetting: Forgetting, *, by: Actor) -> Forgetting:
        """See the port. Keys first: that alone blinds every copy."""
        for person_id in forgetting.people:
            await self._ground.people.forget(person_id)
        identities = [
            await self._identities.remove(person_id, by=by) for person_id in forgetting.people
        ]
        rows = await self._ground.outbox.empty(forgetting.told_about)
        removed = {**forgetting.removed, "identities": sum(identities), "outbox": rows}
        after = replace(
            forgetting,
            removed={name: count for name, count in removed.items() if count},
            people=(),
            blind_since=real_now(),
        )
        # Those fields alone: a receipt may have come while the keys were destroyed.
        known = {name: _document(after)[name] for name in ("removed", "people", "blind_since")}
        await self._forgettings.update_one({"_id": after.id}, {"$set": known})
        return after

    async def confirmed(
        self,
        session: Session,
        recipient_id: str,
        receipt: Confirmation,
        *,
        by: Actor,  # noqa: ARG002
    ) -> bool:
        """See the port in `use_cases.take_receipt`."""
        begun = await self._forgettings.find_one({"recipient_id": recipient_id}, session=session)
        if begun is None:
            return False
        # The last word about them was heard.
        await self._ground.outbox.answered(session, begun["told_about"])
        found = await self._forgettings.update_one(
            {"recipient_id": recipient_id, "receipts.service": {"$ne": receipt.service}},
            {"$push": {"receipts": documents.plain(receipt)}},
            session=session,
        )
        return bool(found.matched_count)

    async def unfinished(self, *, by: Actor) -> Sequence[Forgetting]:  # noqa: ARG002
        """See the port."""
        return [_read(each) async for each in self._forgettings.find({"blind_since": None})]

    async def one(self, forgetting_id: str, *, by: Actor) -> Forgetting:  # noqa: ARG002
        """See the port."""
        found = await self._forgettings.find_one({"_id": forgetting_id})
        if found is None:
            raise NotFound
        return _read(found)

    async def some(
        self,
        *,
        by: Actor,  # noqa: ARG002
        limit: int,
        offset: int,
    ) -> tuple[list[Forgetting], int]:
        """See the port."""
        total = await self._forgettings.count_documents({})
        found = self._forgettings.find().sort("_id", -1).skip(offset).limit(limit)
        return [_read(each) async for each in found], total

    async def _collections(self) -> list[str]:
        names = await self._database.list_collection_names()
        return sorted(
            name for name in names if name not in APART and not name.startswith("system.")
        )


def _about(case: Case) -> Document:
    return {"$or": [{"case_id": case.id}, {"person_id": case.person_id}]}


def _document(forgetting: Forgetting) -> Document:
    document: Document = documents.plain(forgetting)
    document["_id"] = document.pop("id")
    return document


def _read(document: Document) -> Forgetting:
    return _FORGETTING.validate_python({**document, "id": document["_id"]})
