"""The composition root: `python -m services.booking.main http|worker`."""

from __future__ import annotations

from datetime import timedelta

from services.booking.house import SERVICE, House, UnsafeLedger, build_house
from services.booking.messaging.incoming import Incoming
from services.booking.messaging.outgoing import answer_refused, news_of
from services.booking.messaging.room_news import room_held, room_refused, room_released
from services.booking.settings import HttpSettings, WorkerSettings
from services.booking.storage import unsafe_for_tests
from services.booking.use_cases.answer_offer import TellRefusedAnswer
from services.booking.use_cases.answer_room_request import AnswerRoomRequest, ReleaseRequestedRoom
from services.booking.use_cases.delete_old_words import DeleteOldWords
from services.booking.use_cases.let_time_pass import DeleteOldNeeds, SettleWhatIsDue
from shared.house.ground import ground_of
from shared.house.processes import run_http, run_the_one_asked_for, run_worker
from shared.house.worker import Tick, Worker
from shared.kernel.clock import Clock


def house_of(settings: HttpSettings | WorkerSettings, clock: Clock | None = None) -> House:
    """Stores, keys, and what both processes share."""
    ground = ground_of(SERVICE, settings, clock)
    return build_house(ground, news_of, room_released, unsafe=_unsafe_ledger(settings))


def _unsafe_ledger(settings: HttpSettings | WorkerSettings) -> UnsafeLedger | None:
    """A ledger without the version check, only if a local test's settings say so."""
    if not isinstance(settings, HttpSettings) or not settings.test_unsafe_version:
        return None
    profile, barrier = settings.profile, settings.test_barrier
    return lambda ground, office: unsafe_for_tests.UnsafeLedger(
        ground.database, office, ground.once, profile=profile, hold_until=barrier
    )


def incoming_of(house: House) -> Incoming:
    """The handlers of events."""
    bookings = house.stores.bookings
    refused = TellRefusedAnswer(bookings, house.decisions, answer_refused)
    rooms, decisions = house.stores.rooms, house.decisions
    return Incoming(
        house.answer,
        refused,
        bookings,
        house.keys,
        AnswerRoomRequest(rooms, decisions, room_held, room_refused),
        ReleaseRequestedRoom(rooms, decisions, room_released),
    )


def worker_of(settings: WorkerSettings, house: House) -> Worker:
    """Relay, listener, and what time does."""
    ground, stores = house.ground, house.stores
    settle = SettleWhatIsDue(stores.occasions, house.decisions, ground.clock)
    forget = DeleteOldNeeds(stores.bookings, ground.people, ground.clock)
    kept = timedelta(days=settings.staff_words_kept_days)
    words = DeleteOldWords(stores.staff_words, ground.people, ground.clock, kept)
    ticks = (
        Tick(0.5, "settle", settle),
        Tick(60.0, "delete-old-needs", forget),
        Tick(3600.0, "delete-old-words", words),
    )
    return Worker(settings, house, incoming_of(house).handlers(), ticks=ticks)


def http() -> None:
    """The API."""
    from services.booking.api.app import make_http

    run_http(SERVICE, HttpSettings(), lambda settings: make_http(settings, house_of(settings)))


def worker() -> None:
    """Events and time."""
    run_worker(SERVICE, WorkerSettings(), lambda settings: worker_of(settings, house_of(settings)))


if __name__ == "__main__":
    run_the_one_asked_for(http=http, worker=worker)
