"""Consents and shares: codes and days. The wording of an override is a sealed record beside.

Our reference to whom it is for tells where somebody goes to school, or who treats them: it lies
under the person's key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter

from services.mentoring.domain.consent import Consent
from services.mentoring.domain.sharing import Share
from services.mentoring.storage import documents
from services.mentoring.use_cases.ports import Document as Written
from services.mentoring.use_cases.records import Whose
from services.mentoring.use_cases.share_by_consent import CONSENTS, SHARES
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.mongo.client import Collection, Database, Document
from shared.privacy.vault import Vault

T = TypeVar("T")
_CONSENT: TypeAdapter[Consent] = TypeAdapter(Consent)
_SHARE: TypeAdapter[Share] = TypeAdapter(Share)


class MongoConsents:
    """See the port in `use_cases.share_by_consent`."""

    def __init__(self, database: Database, people: Vault) -> None:
        self._consents, self._shares = database[CONSENTS], database[SHARES]
        self._people = people

    async def consents_of(self, case_id: str, *, by: Actor) -> Sealed[Sequence[Consent]]:  # noqa: ARG002
        """See the port."""
        return _sealed(await self._all(self._consents, _CONSENT, case_id=case_id), case_id)

    async def shares_of(self, case_id: str, *, by: Actor) -> Sealed[Sequence[Share]]:  # noqa: ARG002
        """See the port."""
        return _sealed(await self._all(self._shares, _SHARE, case_id=case_id), case_id)

    async def consent(self, case_id: str, consent_id: str, *, by: Actor) -> Consent | None:  # noqa: ARG002
        """See the port."""
        found = await self._all(self._consents, _CONSENT, _id=consent_id, case_id=case_id)
        return found[0] if found else None

    async def share(self, case_id: str, share_id: str, *, by: Actor) -> Share | None:  # noqa: ARG002
        """See the port."""
        found = await self._all(self._shares, _SHARE, _id=share_id, case_id=case_id)
        return found[0] if found else None

    async def open_shares(self, case_id: str, *, by: Actor) -> Sequence[Share]:  # noqa: ARG002
        """See the port."""
        return await self._all(self._shares, _SHARE, case_id=case_id, ended_at=None)

    async def by_link(self, hashed: str, *, by: Actor) -> Share | None:  # noqa: ARG002
        """See the port."""
        found = await self._all(self._shares, _SHARE, hash=hashed)
        return found[0] if found else None

    async def consent_document(self, consent: Consent, whose: Whose) -> Written:
        """See the port."""
        return await self._new(CONSENTS, consent, whose)

    async def share_document(self, share: Share, whose: Whose, hashed: str) -> Written:
        """See the port."""
        return {**await self._new(SHARES, share, whose), "hash": hashed}

    async def ending(self, shares: Sequence[Share], *, by: Actor) -> list[Written]:  # noqa: ARG002
        """See the port."""
        return [await _next(self._shares, each) for each in shares]

    async def withdrawing(self, consent: Consent, *, by: Actor) -> Written:  # noqa: ARG002
        """See the port."""
        return await _next(self._consents, consent)

    async def _new(self, name: str, value: Consent | Share, whose: Whose) -> Document:
        reference = {"reference": value.recipient.reference}
        place = f"{name}:{value.id}"
        return {
            **_document(value),
            "person_id": whose.person_id,
            "words": await self._people.seal(whose.person_id, reference, record=place),
            "version": 1,
        }

    async def _all(self, collection: Collection, adapter: TypeAdapter[T], **wanted: Any) -> list[T]:
        """Oldest first, in one round trip to the keys; those of a forgotten person are gone."""
        found = [each async for each in collection.find(wanted).sort("_id", 1)]
        opened = await self._people.open_many(
            [
                (each["person_id"], each["words"], f"{collection.name}:{each['_id']}")
                for each in found
            ]
        )
        return [
            adapter.validate_python(
                {
                    **document,
                    "id": document["_id"],
                    "recipient": {**document["recipient"], **words},
                }
            )
            for document, words in zip(found, opened, strict=True)
            if words is not None
        ]


async def _next(collection: Any, after: Consent | Share) -> Written:
    before: Document = await collection.find_one({"_id": after.id})
    return {**before, **_document(after), "version": before["version"] + 1}


def _sealed(items: Sequence[Any], case_id: str) -> Sealed[Sequence[Any]]:
    return Sealed(items, subjects=[case_id], fields=["consents"])


def _document(value: Consent | Share) -> Document:
    document: Document = documents.plain(value)
    document["_id"] = document.pop("id")
    del document["recipient"]["reference"]
    return document
