"""One of each of what feeds are made of, on the house that all of publishing stands on."""

from __future__ import annotations

from dataclasses import dataclass

from services.publishing.feeds.doors.noting import Noting
from services.publishing.feeds.doors.reading import Reading
from services.publishing.feeds.log.tail import Tail
from services.publishing.feeds.log.writer import LogWriter
from services.publishing.feeds.storage.bulletins import Bulletins
from services.publishing.feeds.storage.log import FeedLog
from services.publishing.feeds.storage.measures import Measures
from services.publishing.feeds.storage.partners import Partners
from services.publishing.feeds.storage.receipts import Receipts
from services.publishing.feeds.storage.redactions import Redactions
from services.publishing.feeds.storage.webhooks import Webhooks
from services.publishing.feeds.use_cases.come_in import ComeIn
from services.publishing.feeds.use_cases.keep_partners import KeepPartners
from services.publishing.feeds.use_cases.keep_webhooks import KeepWebhooks
from services.publishing.feeds.use_cases.post_bulletins import PostBulletins
from services.publishing.feeds.use_cases.reckon import Reckon
from services.publishing.feeds.use_cases.redact_entries import RedactEntries
from services.publishing.feeds.webhooks.connecting import by_system, directly, for_tests
from services.publishing.feeds.webhooks.sender import Sender, Ways
from services.publishing.house import SERVICE
from services.publishing.settings import FeedsSettings
from shared.broker.connection import Bus
from shared.house.ground import Ground


@dataclass(frozen=True, slots=True)
class Feeds:
    """Stores, the end of the log, and what can be asked. `front_door`: as partners know us."""

    ground: Ground
    front_door: str
    log: FeedLog
    tail: Tail
    partners: Partners
    webhooks: Webhooks
    receipts: Receipts
    noting: Noting
    bulletins: Bulletins
    come_in: ComeIn
    keep_partners: KeepPartners
    keep_webhooks: KeepWebhooks
    post_bulletins: PostBulletins
    reckon: Reckon
    redact: RedactEntries

    @property
    def feed(self) -> str:
        """Where the feed is, as partners reach it."""
        return f"{self.front_door}/api/{SERVICE}/v1/feed"

    @property
    def reading(self) -> Reading:
        """For the doors that partners come to."""
        return Reading(self.tail, self.noting, self.come_in)

    def writer(self, bus: Bus) -> LogWriter:
        """Listens on the feed's queue; to be made before the bus is started."""
        return LogWriter(SERVICE, bus, self.log, self.ground.transact)

    def sender(self, settings: FeedsSettings) -> Sender:
        """Calls webhooks."""
        return Sender(
            self.tail,
            self.partners,
            self.webhooks,
            self.ground.transact,
            ways_of(settings),
            feed=self.feed,
            within=settings.webhook_seconds,
        )


def feeds_on(ground: Ground, front_door: str, *, local: bool) -> Feeds:
    """Made once per process. Keys of a `local` copy say that they are for tests."""
    database = ground.database
    feed_log, partners = FeedLog(database), Partners(database)
    webhooks, receipts = Webhooks(database, ground.people), Receipts(database)
    bulletins = Bulletins(database)
    return Feeds(
        ground=ground,
        front_door=front_door,
        log=feed_log,
        tail=Tail(database, feed_log),
        partners=partners,
        webhooks=webhooks,
        receipts=receipts,
        noting=Noting(receipts),
        bulletins=bulletins,
        come_in=ComeIn(partners, Measures(database)),
        keep_partners=KeepPartners(
            partners, feed_log, ground.transact, "test" if local else "live"
        ),
        keep_webhooks=KeepWebhooks(webhooks, feed_log, ground.transact),
        post_bulletins=PostBulletins(
            *(bulletins, Redactions(database), ground.outbox),
            *(ground.transact, ground.clock, ground.audit),
        ),
        reckon=Reckon(feed_log, receipts, webhooks),
        redact=RedactEntries(Redactions(database), ground.transact),
    )


def ways_of(settings: FeedsSettings) -> Ways:
    """How webhooks are reached; the settings' names under `.partner.test` lead to this machine."""
    if settings.partners_here:
        return Ways(*for_tests(settings.partners_here))
    return Ways(by_system, directly)
