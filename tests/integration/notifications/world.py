"""One notifications service against the real database, the real broker's names and a real sink."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from services.notifications.house import House
from services.notifications.main import Sending
from services.notifications.messaging.incoming import Incoming
from services.notifications.settings import WorkerSettings
from shared.contracts import booking
from shared.contracts.cards import BookingContactCardSealed, BookingPersonForgotten
from shared.contracts.envelope import Envelope, wrap
from shared.contracts.event import Contract, News
from shared.delivery.inbox import HANDLED, AlreadyHandled, Inbox
from shared.kernel.actor import housekeeping
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.kernel.refusal import VersionConflict
from shared.mongo.client import Session
from shared.privacy.sealing import seal
from tests.support import world as support

NOW = datetime(2027, 1, 14, 10, 0, tzinfo=UTC)
TEST = housekeeping("test")
SOON = NOW + timedelta(days=7)


def occasion(starts_at: datetime = SOON, **more: Any) -> booking.OccasionFacts:
    facts = {
        "occasion_id": new_id(),
        "title": "Demokrativerkstad åk 7–9",
        "kind": "workshop",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90),
        "zone": "Europe/Stockholm",
        "room": "Sal 2",
    }
    return booking.OccasionFacts(**{**facts, **more})


@dataclass
class Party:
    """A booking party, and what booking would tell of it."""

    phone: str | None = "+46701740605"
    email: str | None = "kim@skola.example"
    language: str = "sv"
    booking_id: str = field(default_factory=new_id)
    recipient_id: str = field(default_factory=new_id)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    sequence: int = 0
    facts: booking.OccasionFacts = field(default_factory=occasion)

    def event(self, kind: type[Contract], sequence: int | None = None, **more: Any) -> Envelope:
        """The next event of the booking."""
        self.sequence = sequence if sequence is not None else self.sequence + 1
        known = {
            "booking_id": self.booking_id,
            "recipient_id": self.recipient_id,
            "size": 28,
            "occasion": self.facts,
        }
        data = kind(**{**known, **more})
        return enveloped(News(data, subject=self.booking_id, sequence=self.sequence))

    def confirmed(self, **more: Any) -> Envelope:
        return self.event(booking.BookingConfirmed, **more)

    def offered(self, offer_id: str, deadline: datetime, **more: Any) -> Envelope:
        return self.event(booking.PlaceOffered, offer_id=offer_id, deadline=deadline, **more)

    def cancelled(self, **more: Any) -> Envelope:
        known = {"reason": "by-participant", "was": "confirmed"}
        return self.event(booking.BookingCancelled, **{**known, **more})

    def moved(self, to: booking.OccasionFacts, **more: Any) -> Envelope:
        before, self.facts = self.facts, to
        known = {"before": before, "state": "confirmed", "reason": "moved"}
        return self.event(booking.BookingMoved, **{**known, **more})

    def forgotten(self) -> Envelope:
        data = BookingPersonForgotten(recipient_id=self.recipient_id)
        return enveloped(News(data, subject=self.recipient_id, sequence=99))


def enveloped(news: News) -> Envelope:
    return wrap(news, event_id=new_id(), at=real_now(), correlation_id=new_id())


@dataclass
class World(support.World[House]):
    """The service, taken apart so that each piece can be driven by hand."""

    settings: WorkerSettings
    sending: Sending
    incoming: Incoming
    sink: httpx.AsyncClient

    async def card(self, party: Party, revision: int = 1, **inside: Any) -> Envelope:
        """A sealed contact card as booking would send it."""
        key = await self.house.sealing.ensure()
        said = {
            "source": "booking",
            "recipient_id": party.recipient_id,
            "revision": revision,
            "name": "Kim Exempel",
            "phone": party.phone,
            "email": party.email,
            "language": party.language,
            "link_secret": party.secret,
        }
        kept = {name: value for name, value in {**said, **inside}.items() if value is not None}
        data = BookingContactCardSealed(
            recipient_id=party.recipient_id,
            revision=revision,
            key_id=key.key_id,
            box=base64.b64encode(seal(key, kept)).decode(),
        )
        return enveloped(News(data, subject=party.recipient_id, sequence=revision))

    async def hear(self, *envelopes: Envelope) -> list[str]:
        """Handle events as the listener does: mark and effects in one transaction."""
        return [await self._hear(envelope) for envelope in envelopes]

    async def _hear(self, envelope: Envelope) -> str:
        from shared.contracts.catalogue import contract_for

        contract = contract_for(envelope.type)
        assert contract is not None
        inbox = Inbox(self.house.ground.database, "notifications")
        handler = self.incoming.handlers()[contract]

        async def work(session: Session) -> str:
            await inbox.mark(session, envelope)
            outcome = await handler(envelope, contract.model_validate(envelope.data), session)
            if outcome not in (None, HANDLED):
                await inbox.amend(session, envelope, outcome)
            return str(outcome or HANDLED)

        while True:
            try:
                return await self.house.ground.transact(work)
            except AlreadyHandled:
                return "already"
            except VersionConflict:
                continue

    async def send_one(self, channel: Any = "sms") -> bool:
        """Take one due delivery and send it, as the dispatcher does."""
        row = await self.claim(channel)
        if row is None:
            return False
        await self.sending.send(row)
        return True

    async def claim(self, channel: Any = "sms") -> Any:
        lease = timedelta(seconds=self.settings.send_lease)
        return await self.house.stores.deliveries.claim(
            channel, real_now(), self.clock.now(), lease, (), by=TEST
        )

    async def send_all(self) -> None:
        for channel in ("sms", "email"):
            while await self.send_one(channel):
                pass

    async def phone(self, number: str | None = None) -> list[dict[str, Any]]:
        """What the phones show, newest first."""
        answer = await self.sink.get("/phone/messages", params={"to": number} if number else {})
        return list(answer.json())

    async def mails(self) -> list[dict[str, Any]]:
        return list((await self.sink.get("/mail/messages")).json())

    async def misbehave(self, **how: Any) -> None:
        answer = await self.sink.post("/sink/behaviour", json=how)
        assert answer.status_code == 200, answer.text
