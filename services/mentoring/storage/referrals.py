"""Referrals: the aggregate in codes, the words sealed under the key of whom it is about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from services.mentoring.domain.ids import PersonId, ReferralId
from services.mentoring.domain.referral import Referral
from services.mentoring.storage import documents
from services.mentoring.use_cases.identities import Identity
from services.mentoring.use_cases.ports import Document as Written
from services.mentoring.use_cases.referrals import (
    REFERRALS,
    ReferralWords,
    SomeReferrals,
    StoredReferral,
)
from shared.audit.sealed import Sealed
from shared.house.ground import Ground
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Document

_REFERRAL: TypeAdapter[Referral] = TypeAdapter(Referral)


class MongoReferrals:
    """See the port in `use_cases.referrals`."""

    def __init__(self, ground: Ground) -> None:
        self._referrals = ground.database[REFERRALS]
        self._people = ground.people

    async def load(self, referral_id: ReferralId, *, by: Actor) -> StoredReferral:  # noqa: ARG002
        """See the port."""
        found = await self._referrals.find_one({"_id": referral_id})
        if found is None:
            raise NotFound
        return StoredReferral(_referral(found), PersonId(found["person_id"]), found["words"])

    async def words_of(
        self,
        stored: StoredReferral,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sealed[ReferralWords] | None:
        """See the port."""
        id_ = stored.referral.id
        [opened] = await self._people.open_many([(stored.person_id, stored.words, _place(id_))])
        if opened is None:
            return None
        about = Identity(**json.loads(opened.pop("about")))
        return Sealed(ReferralWords(about, **opened), subjects=[id_], fields=["referral"])

    async def some(
        self,
        state: str | None,
        *,
        by: Actor,  # noqa: ARG002
        limit: int,
        offset: int,
        newest_first: bool,
    ) -> Sealed[SomeReferrals]:
        """See the port."""
        wanted: dict[str, Any] = {"state": state} if state else {}
        total = await self._referrals.count_documents(wanted)
        found = self._referrals.find(wanted, {"words": 0})
        found = found.sort("_id", -1 if newest_first else 1)
        page = [_referral(each) async for each in found.skip(offset).limit(limit)]
        return Sealed(
            SomeReferrals(page, total), subjects=[each.id for each in page], fields=["overview"]
        )

    async def sharing(
        self,
        fingerprints: Sequence[str],
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sequence[Referral]:
        """See the port."""
        found = self._referrals.find({"fingerprints": {"$in": list(fingerprints)}}, {"words": 0})
        return [_referral(each) async for each in found]

    async def of_case(self, case_id: str, /, *, by: Actor) -> Sequence[ReferralId]:  # noqa: ARG002
        """What a case came of: what was read of the person then was read under these ids."""
        found = self._referrals.find({"case_id": case_id}, {"_id": 1}).sort("_id", 1)
        return [ReferralId(each["_id"]) async for each in found]

    async def decided_before(
        self,
        at: datetime,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sequence[tuple[str, str]]:
        """Declined ones; see the port in `use_cases.forget_old_words`."""
        wanted = {"state": "declined", "decided_at": {"$lt": at}, "words": {"$ne": {}}}
        found = self._referrals.find(wanted, {"person_id": 1}).limit(100)
        return [(each["_id"], each["person_id"]) async for each in found]

    async def empty(self, record_id: str, *, by: Actor) -> bool:  # noqa: ARG002
        """See the port in `use_cases.forget_old_words`."""
        gone = {"$set": {"words": {}, "fingerprints": []}, "$inc": {"version": 1}}
        return bool((await self._referrals.update_one({"_id": record_id}, gone)).matched_count)

    async def about(self, person_id: PersonId, *, by: Actor) -> bool:  # noqa: ARG002
        """See the port in `use_cases.finish_identities`."""
        return await self._referrals.find_one({"person_id": person_id}, {"_id": 1}) is not None

    async def document(
        self,
        referral: Referral,
        person_id: PersonId,
        words: ReferralWords,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Written:
        """See the port."""
        await self._people.new_person(person_id)
        said = {
            "about": json.dumps(asdict(words.about), ensure_ascii=False),
            "worry": words.worry,
            "referrer": words.referrer,
            "referrer_contact": words.referrer_contact,
        }
        cipher = await self._people.seal(person_id, said, record=_place(referral.id))
        return {**_document(referral), "person_id": person_id, "words": cipher, "version": 1}

    def changed(self, stored: StoredReferral, after: Referral) -> Written:
        """See the port."""
        return {
            **_document(after),
            "person_id": stored.person_id,
            "words": dict(stored.words),
            "version": stored.referral.version + 1,
        }


def _referral(document: Document) -> Referral:
    return _REFERRAL.validate_python({**document, "id": document["_id"]})


def _document(referral: Referral) -> Document:
    document: Document = documents.plain(referral)
    document["_id"] = document.pop("id")
    return document


def _place(referral_id: str) -> str:
    return f"{REFERRALS}:{referral_id}"
