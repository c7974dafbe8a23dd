"""The composition root: `python -m services.mentoring.main http|worker`."""

from __future__ import annotations

from services.mentoring.house import SERVICE, House, build_house
from services.mentoring.messaging.incoming import Incoming
from services.mentoring.messaging.outgoing import news_of, room_release
from services.mentoring.settings import HttpSettings, WorkerSettings
from services.mentoring.use_cases.consult import ReceiveConsultation
from services.mentoring.use_cases.contact_cards import ContactCards
from services.mentoring.use_cases.finish_identities import FinishIdentities
from services.mentoring.use_cases.forget_old_words import ForgetOldWords
from services.mentoring.use_cases.forget_person import FinishForgetting, ForgetInTime
from services.mentoring.use_cases.handbook import HearOfEdition
from services.mentoring.use_cases.let_time_pass import LetTimePass
from services.mentoring.use_cases.see_forgettings import TakeReceipt
from services.mentoring.use_cases.tell_of_waiting import TellOfWaiting
from shared.contracts.cards import MentoringSealingKeyAnnounced
from shared.delivery.sealed_bodies import opener
from shared.house.announcing import AnnounceSealingKey
from shared.house.ground import ground_of
from shared.house.processes import run_http, run_the_one_asked_for, run_worker
from shared.house.worker import Tick, Worker
from shared.kernel.clock import Clock


def house_of(settings: HttpSettings | WorkerSettings, clock: Clock | None = None) -> House:
    """Stores, keys, and what both processes share."""
    ground = ground_of(SERVICE, settings, clock)
    return build_house(ground, settings, news_of, room_release)


def incoming_of(house: House) -> Incoming:
    """The handlers of events."""
    ground, stores = house.ground, house.stores
    consult = ReceiveConsultation(stores.consultations, house.work.ledger, ground.clock)
    receipts = TakeReceipt(stores.forgettings)
    edition = HearOfEdition(stores.handbooks, house.work.ledger)
    return Incoming(house.keys, consult, opener(house.sealing), house.rooms, receipts, edition)


def finish_of(house: House) -> FinishIdentities:
    """What a crash between the two databases left."""
    ground, stores = house.ground, house.stores
    return FinishIdentities(
        stores.identities,
        stores.cases,
        stores.referrals,
        ground.people,
        ContactCards(house.keys),
        house.work.ledger,
        ground.audit,
    )


def old_words_of(house: House) -> ForgetOldWords:
    """What those said who never got a case."""
    ground, stores = house.ground, house.stores
    return ForgetOldWords(stores.referrals, stores.consultations, ground.people, ground.clock)


def tell_of_waiting_of(house: House) -> TellOfWaiting:
    """What came and was decided by nobody."""
    stores, key = house.stores, house.fingerprint_key
    return TellOfWaiting(stores.waiting_words, stores.staff_contacts, house.ground.clock, key)


def worker_of(settings: WorkerSettings, house: House) -> Worker:
    """Relay, listener, and what time does."""
    announce = AnnounceSealingKey(house.ground, house.sealing, MentoringSealingKeyAnnounced)
    ticks = (
        Tick(3600.0, "announce", announce),
        Tick(30.0, "let-time-pass", LetTimePass(house.work, house.stores.cases)),
        Tick(60.0, "finish-identities", finish_of(house)),
        Tick(15.0, "check-rooms", house.rooms.check),
        Tick(5.0, "finish-forgetting", FinishForgetting(house.stores.forgettings)),
        Tick(600.0, "forget-old-words", old_words_of(house)),
        Tick(300.0, "tell-of-waiting", tell_of_waiting_of(house)),
        Tick(60.0, "forget-in-time", ForgetInTime(house.forget, house.stores.cases)),
    )
    handlers = incoming_of(house).handlers()
    first = (lambda: announce(at_start=True),)
    return Worker(settings, house, handlers, ticks=ticks, first=first)


def http() -> None:
    """The API."""
    from services.mentoring.api.app import make_http

    run_http(SERVICE, HttpSettings(), lambda settings: make_http(settings, house_of(settings)))


def worker() -> None:
    """Events and time."""
    run_worker(SERVICE, WorkerSettings(), lambda settings: worker_of(settings, house_of(settings)))


if __name__ == "__main__":
    run_the_one_asked_for(http=http, worker=worker)
