"""Consents and shares: codes and days. The wording of an override is a sealed record beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from services.mentoring.domain.consent import Consent
from services.mentoring.domain.sharing import Share
from services.mentoring.storage import documents
from services.mentoring.use_cases.ports import Document as Written
from services.mentoring.use_cases.share_by_consent import CONSENTS, SHARES
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Document

_CONSENT: TypeAdapter[Consent] = TypeAdapter(Consent)
_SHARE: TypeAdapter[Share] = TypeAdapter(Share)


class MongoConsents:
    """See the port in `use_cases.share_by_consent`."""

    def __init__(self, database: Database) -> None:
        self._consents, self._shares = database[CONSENTS], database[SHARES]

    async def consents_of(self, case_id: str, *, by: Actor) -> Sealed[Sequence[Consent]]:  # noqa: ARG002
        """See the port."""
        found = self._consents.find({"case_id": case_id}).sort("_id", 1)
        return _sealed([_consent(each) async for each in found], case_id)

    async def shares_of(self, case_id: str, *, by: Actor) -> Sealed[Sequence[Share]]:  # noqa: ARG002
        """See the port."""
        found = self._shares.find({"case_id": case_id}).sort("_id", 1)
        return _sealed([_share(each) async for each in found], case_id)

    async def consent(self, case_id: str, consent_id: str, *, by: Actor) -> Consent | None:  # noqa: ARG002
        """See the port."""
        found = await self._consents.find_one({"_id": consent_id, "case_id": case_id})
        return None if found is None else _consent(found)

    async def share(self, case_id: str, share_id: str, *, by: Actor) -> Share | None:  # noqa: ARG002
        """See the port."""
        found = await self._shares.find_one({"_id": share_id, "case_id": case_id})
        return None if found is None else _share(found)

    async def open_shares(self, case_id: str, *, by: Actor) -> Sequence[Share]:  # noqa: ARG002
        """See the port."""
        found = self._shares.find({"case_id": case_id, "ended_at": None})
        return [_share(each) async for each in found]

    async def by_link(self, hashed: str, *, by: Actor) -> Share | None:  # noqa: ARG002
        """See the port."""
        found = await self._shares.find_one({"hash": hashed, "ended_at": None})
        return None if found is None else _share(found)

    def consent_document(self, consent: Consent) -> Written:
        """See the port."""
        return {**_document(consent), "version": 1}

    def share_document(self, share: Share, hashed: str) -> Written:
        """See the port."""
        return {**_document(share), "hash": hashed, "version": 1}

    async def ending(self, shares: Sequence[Share], *, by: Actor) -> list[Written]:  # noqa: ARG002
        """See the port."""
        return [await _next(self._shares, each) for each in shares]

    async def withdrawing(self, consent: Consent, *, by: Actor) -> Written:  # noqa: ARG002
        """See the port."""
        return await _next(self._consents, consent)


async def _next(collection: Any, after: Consent | Share) -> Written:
    before: Document = await collection.find_one({"_id": after.id})
    return {**before, **_document(after), "version": before["version"] + 1}


def _sealed(items: Sequence[Any], case_id: str) -> Sealed[Sequence[Any]]:
    return Sealed(items, subjects=[case_id], fields=["consents"])


def _consent(document: Document) -> Consent:
    return _CONSENT.validate_python({**document, "id": document["_id"]})


def _share(document: Document) -> Share:
    return _SHARE.validate_python({**document, "id": document["_id"]})


def _document(value: Consent | Share) -> Document:
    document: Document = documents.plain(value)
    document["_id"] = document.pop("id")
    return document
