"""What both processes stand on: stores, keys, clock, and the use cases that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.booking.domain.office_days import malmo_office
from services.booking.storage.activities import MongoActivities
from services.booking.storage.bookings import MongoBookings
from services.booking.storage.indexes import make_indexes
from services.booking.storage.ledger import MongoLedger
from services.booking.storage.occasions import MongoOccasions
from services.booking.use_cases.answer_offer import AnswerOffer
from services.booking.use_cases.cancel_booking import CancelBooking
from services.booking.use_cases.change_head_count import ChangeHeadCount
from services.booking.use_cases.contact_cards import ContactCards
from services.booking.use_cases.decisions import Decisions
from services.booking.use_cases.move_booking import MoveBooking
from services.booking.use_cases.ports import Tell
from services.booking.use_cases.see_booking import SeeBooking, SeeOccasion
from services.booking.use_cases.together import Alone, Gathered
from shared.delivery.indexes import ensure_delivery_indexes
from shared.kernel.clock import Clock
from shared.mongo.client import connect, database_of
from shared.mongo.primary import has_primary
from shared.mongo.settings import StoreSettings
from shared.privacy.sealing import KnownKeys
from shared.privacy.vault import Vault
from shared.web.idempotency import Idempotency

SERVICE = "booking"


class House:
    """One of each: stores, keys, clock, and the decisions that both processes make."""

    def __init__(
        self,
        settings: StoreSettings,
        tell: Tell,
        clock: Clock,
        *,
        unsafe: Callable[[House], MongoLedger] | None = None,
    ) -> None:
        url, keys_url = (
            secret.get_secret_value()
            for secret in (settings.mongodb_url, settings.keys_mongodb_url)
        )
        self.client, self.keys_client = connect(url), connect(keys_url)
        self.database = database_of(self.client, url)
        self.clock = clock
        self.office = malmo_office()
        self.once = Idempotency(self.database)
        self.keys = KnownKeys(self.database)
        self.cards = ContactCards(self.keys)
        keys = database_of(self.keys_client, keys_url)
        self.people = Vault(keys, settings.master_key)
        self.fingerprint_key = settings.fingerprint_key
        self.occasions, self.bookings = MongoOccasions(self.database), MongoBookings(self.database)
        self.activities = MongoActivities(self.database)
        ledger = unsafe(self) if unsafe else MongoLedger(self.database, self.office, self.once)
        self.decisions = Decisions(
            ledger, tell, self.clock, self.office, combine=Alone if unsafe else Gathered
        )
        self.see_occasion = SeeOccasion(self.occasions, self.decisions, self.office)
        self.see = SeeBooking(self.bookings, self.see_occasion)
        self.cancel = CancelBooking(self.bookings, self.decisions, self.people)
        self.head_count = ChangeHeadCount(self.bookings, self.decisions)
        self.move = MoveBooking(self.bookings, self.decisions)
        self.answer = AnswerOffer(self.bookings, self.decisions)

    async def make_indexes(self) -> None:
        """Make what is missing; every process may."""
        await make_indexes(self.database)
        await self.once.make_indexes()
        await ensure_delivery_indexes(self.database)

    async def ready(self) -> Mapping[str, bool]:
        """What the HTTP process needs: its primary, and a key to seal contact cards with."""
        database = await has_primary(self.database)
        return {"database": database, "sealing-key": database and await self.cards.ready()}

    def close(self) -> None:
        """Let go of the database."""
        self.client.close()
        self.keys_client.close()
