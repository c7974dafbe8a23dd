"""Contact cards: fingerprints in the open, fields under the person's own key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.notifications.domain.recipient_card import SHOWN, Card, Contact, Recipient
from services.notifications.storage.documents import card_from_document, card_to_document
from services.notifications.storage.indexes import CARDS, NUMBERS
from services.notifications.storage.visible import may_see, visible
from shared.audit.sealed import NotRecorded, Sealed
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import real_now
from shared.kernel.refusal import VersionConflict
from shared.mongo.client import Database, Session
from shared.privacy.vault import Forgotten, PersonUnknown, Vault

_OPEN = {"cipher": 0}


class MongoCards:
    """`_id` is source and recipient id: two recipients are never merged, whatever they share."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._cards, self._numbers = database[CARDS], database[NUMBERS]
        self._vault = vault

    async def find(
        self, recipient: Recipient, session: Session | None = None, *, by: Actor
    ) -> Card | None:
        """The standing card, or None."""
        if not may_see(by, recipient):
            return None
        found = await self._cards.find_one({"_id": recipient.key}, _OPEN, session=session)
        return card_from_document(found) if found and "revision" in found else None

    async def hold(
        self,
        session: Session,
        recipient: Recipient,
        *,
        by: Actor,  # noqa: ARG002 - events and the clockwork hold, and they see all
    ) -> Card | None:
        """The standing card, and nobody else changes it before this transaction ends.

        A card and an event of one recipient are taken in at the same moment, each in a transaction
        that does not see the other. Holding makes them write one document, also when it is empty
        yet, so that one of them is undone and begins again.

        Raises:
            VersionConflict: somebody else was first; begin again.
        """
        try:
            held = await self._cards.find_one_and_update(
                {"_id": recipient.key},
                {"$inc": {"held": 1}},
                projection=_OPEN,
                upsert=True,
                session=session,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError as error:
            raise VersionConflict from error
        return card_from_document(held) if "revision" in held else None

    async def seal(self, recipient: Recipient, contact: Contact) -> Mapping[str, bytes]:
        """The fields as they are stored.

        Raises:
            Forgotten: the person is to stay unknown.
        """
        await self._vault.new_person(recipient.key)
        fields = {
            "name": contact.name,
            "phone": contact.phone or "",
            "email": contact.email or "",
            "link_secret": contact.link_secret or "",
        }
        return await self._vault.seal(recipient.key, fields, record=_record(recipient))

    async def keep(self, session: Session, card: Card, cipher: Mapping[str, bytes]) -> None:
        """Put it in the place that is held."""
        kept = {**card_to_document(card, cipher), "at": real_now()}
        await self._cards.replace_one(
            {"_id": card.recipient.key}, kept, upsert=True, session=session
        )

    async def forget(self, session: Session, recipient: Recipient) -> None:
        """Nothing stays but that somebody was here, so that late events are dropped."""
        standing = await self.hold(session, recipient, by=housekeeping("forget"))
        gone = {"revision": 0, "forgotten": True, "at": real_now()}
        await self._cards.replace_one({"_id": recipient.key}, gone, upsert=True, session=session)
        if standing is None or standing.number is None:
            return
        others = {"number": standing.number}
        if await self._cards.find_one(others, {"_id": 1}, session=session) is None:
            await self._numbers.delete_one({"_id": standing.number}, session=session)

    async def blind(self, recipient: Recipient) -> None:
        """Delete the person's key, for good. Outside of any transaction; again is harmless."""
        await self._vault.forget(recipient.key)

    async def contact(self, recipient: Recipient, *, by: Actor) -> Contact | None:
        """The fields, to send by or for the person's own eyes; None when nobody is there any more.

        Raises:
            NotRecorded: staff ask `shown`, which leaves a trace.
        """
        if by.kind == "staff":
            raise NotRecorded("staff see addresses through the audit alone")
        return await self._opened(recipient, by)

    async def shown(self, recipient: Recipient, *, by: Actor) -> Sealed[Contact | None]:
        """The fields, for somebody else's eyes: only a recorded reading opens them."""
        contact = await self._opened(recipient, by)
        return Sealed(contact, subjects=[recipient.key], fields=SHOWN)

    async def _opened(self, recipient: Recipient, by: Actor) -> Contact | None:
        if not may_see(by, recipient):
            return None
        found = await self._cards.find_one({"_id": recipient.key})
        if found is None or found.get("forgotten") or "cipher" not in found:
            return None
        try:
            fields = await self._vault.open(
                recipient.key, found["cipher"], record=_record(recipient)
            )
        except (Forgotten, PersonUnknown):
            return None
        return Contact(
            name=fields["name"],
            phone=fields["phone"] or None,
            email=fields["email"] or None,
            language=found.get("language", "sv"),
            link_secret=fields["link_secret"] or None,
        )

    async def by_link(self, link: str, *, by: Actor) -> Card | None:  # noqa: ARG002
        """Whose link this is (its hash): whoever knows it is the one it was made for."""
        found = await self._cards.find_one({"link": link}, _OPEN)
        return card_from_document(found) if found else None

    async def by_number(self, number: str, *, by: Actor) -> Sequence[Card]:
        """Everybody with this number (its fingerprint), in a stable order."""
        asked = {"$and": [{"number": number}, visible(by, "_id")]}
        rows = self._cards.find(asked, _OPEN).sort("_id", 1)
        return [card_from_document(row) async for row in rows]


def _record(recipient: Recipient) -> str:
    return f"cards:{recipient.key}"
