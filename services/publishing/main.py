"""The composition root: `python -m services.publishing.main http|worker|mailer|feeds`."""

from __future__ import annotations

from services.publishing.feeds.parts import feeds_on
from services.publishing.house import SERVICE, House, build_house
from services.publishing.messaging.incoming import Incoming
from services.publishing.messaging.letters import letter_ticks
from services.publishing.messaging.mailings import mailer_on, mailing_ticks
from services.publishing.messaging.telling import tell_through
from services.publishing.settings import (
    FeedsSettings,
    HouseSettings,
    HttpSettings,
    MailerSettings,
    WorkerSettings,
)
from services.publishing.use_cases.close_print_orders import ClosePrintOrders
from services.publishing.use_cases.hear_of_occasion import HearOfOccasion
from services.publishing.use_cases.send_letters import AT_ONCE
from shared.broker.connection import make_broker
from shared.house.engine import EngineProcess
from shared.house.ground import ground_of
from shared.house.processes import run_http, run_the_one_asked_for, run_worker
from shared.house.worker import Tick, Worker
from shared.kernel.clock import Clock
from shared.mail.letterbox import Letterbox

_AT_ONCE = 2
"""Batches that a mailer is told of ahead: others should find some too."""


def house_of(settings: HouseSettings, clock: Clock | None = None) -> House:
    """Stores, keys, and what all processes share."""
    return build_house(ground_of(SERVICE, settings, clock), settings, tell_through)


def incoming_of(house: House) -> Incoming:
    """The handlers of events."""
    return Incoming(HearOfOccasion(house.stores.occasions))


def worker_of(settings: WorkerSettings, house: House) -> Worker:
    """Relay, listener, and what time does."""
    ground = house.ground
    close = ClosePrintOrders(house.stores.print_orders, ground.transact, ground.clock)
    box = Letterbox(settings.smtp_host, settings.smtp_port, connections=AT_ONCE)
    bus = make_broker(settings.amqp_urls, user=SERVICE)
    ticks = (
        *letter_ticks(settings, house, box),
        Tick(60.0, "close-print-orders", close),
        *mailing_ticks(house, bus),
    )
    handlers = incoming_of(house).handlers()
    return Worker(settings, house, handlers, ticks=ticks, last=(box.close,), bus=bus)


def mailer_of(settings: MailerSettings, house: House) -> EngineProcess:
    """Takes batches and hands letters over."""
    bus = make_broker(settings.amqp_urls, user=SERVICE, prefetch=_AT_ONCE)
    mailer = mailer_on(settings, house, bus)
    return EngineProcess(settings, house, bus, engines=(mailer.run,))


def feeds_of(settings: FeedsSettings, house: House) -> EngineProcess:
    """Keeps the feed log, and calls webhooks."""
    bus = make_broker(settings.amqp_urls, user=SERVICE)
    feeds = feeds_on(house.ground, settings.front_door, local=settings.profile == "local")
    engines = (feeds.writer(bus).run, feeds.sender(settings).run)
    return EngineProcess(settings, house, bus, engines=engines)


def http() -> None:
    """The API."""
    from services.publishing.api.app import make_http

    run_http(SERVICE, HttpSettings(), lambda settings: make_http(settings, house_of(settings)))


def worker() -> None:
    """Events and time."""
    run_worker(SERVICE, WorkerSettings(), lambda settings: worker_of(settings, house_of(settings)))


def mailer() -> None:
    """Newsletters on their way."""
    run_worker(
        SERVICE,
        MailerSettings(),
        lambda settings: mailer_of(settings, house_of(settings)),
        kind="mailer",
    )


def feeds() -> None:
    """Partners' feeds."""
    run_worker(
        SERVICE,
        FeedsSettings(),
        lambda settings: feeds_of(settings, house_of(settings)),
        kind="feeds",
    )


if __name__ == "__main__":
    run_the_one_asked_for(http=http, worker=worker, mailer=mailer, feeds=feeds)
