"""What all processes stand on: stores, keys, clock, and the use cases that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.publishing.domain.stamps import Keyring
from services.publishing.settings import HouseSettings
from services.publishing.storage.indexes import make_indexes
from services.publishing.storage.stores import Stores
from services.publishing.use_cases.fill_newsletter import FillNewsletter
from services.publishing.use_cases.letterhead import Letterhead
from services.publishing.use_cases.ports import Tell
from services.publishing.use_cases.publication_cards import PublicationCards
from services.publishing.use_cases.publish_newsletter import PublishNewsletter
from services.publishing.use_cases.steer_mailing import SteerMailing
from shared.delivery.outbox import Outbox
from shared.house.ground import Ground
from shared.privacy.derived_link import DerivedLinks

SERVICE = "publishing"


@dataclass(frozen=True, slots=True)
class House:
    """One of each, on the ground that every service has. `stamps` mark links and return paths."""

    ground: Ground
    stores: Stores
    stamps: Keyring
    tell: Tell
    letterhead: Letterhead
    fill: FillNewsletter
    publish: PublishNewsletter
    steer: SteerMailing

    async def make_indexes(self) -> None:
        """Make what is missing; every process may."""
        await self.ground.make_indexes()
        await make_indexes(self.ground.database)

    async def ready(self) -> Mapping[str, bool]:
        """The HTTP process needs its primary, and neither broker nor mail server."""
        return await self.ground.ready()

    def close(self) -> None:
        """Let go of the database."""
        self.ground.close()


def build_house(
    ground: Ground, settings: HouseSettings, tell_through: Callable[[Outbox], Tell]
) -> House:
    """`tell_through` is the use cases' way to the outbox; it belongs to messaging."""
    stores = Stores.of(ground.database, ground.people, settings.fingerprint_key)
    tell, letterhead = tell_through(ground.outbox), _letterhead(settings)
    cards = PublicationCards(stores.publications, stores.editions, letterhead.site)
    fill = FillNewsletter(stores.occasions, cards, stores.images, letterhead.images)
    publish = PublishNewsletter(stores.newsletters, stores.lists, fill, letterhead, tell)
    return House(
        ground=ground,
        stores=stores,
        stamps=Keyring.of(settings.link_key, settings.other_link_keys),
        tell=tell,
        letterhead=letterhead,
        fill=fill,
        publish=publish,
        steer=SteerMailing(
            stores.mailings,
            stores.batches,
            stores.newsletters,
            stores.subscribers,
            publish,
            ground.transact,
            ground.clock,
        ),
    )


def print_order_links(settings: HouseSettings) -> DerivedLinks:
    """Whoever answers the form and whoever writes the letter give the same link."""
    return DerivedLinks(settings.link_key, "print-order")


def _letterhead(settings: HouseSettings) -> Letterhead:
    return Letterhead(
        settings.newsletter_name,
        settings.newsletter_from,
        settings.postal_address,
        settings.front_door.rstrip("/"),
    )
