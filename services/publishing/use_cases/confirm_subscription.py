"""The owner of an address presses the button behind the link that was sent there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.publishing.domain.links import OptIn, opt_in_of
from services.publishing.domain.stamps import Keyring
from services.publishing.domain.subscriber import Subscriber, at_key, confirms, form
from services.publishing.domain.subscription import NothingToConfirm, Subscription
from services.publishing.domain.suppression import LIFTED_BY_THEIR_OWN_YES
from services.publishing.use_cases.changing import Change, ChangeSubscriber
from services.publishing.use_cases.ports import Session
from services.publishing.use_cases.subscriber_ports import (
    Fingerprinting,
    Subscribers,
    Suppressions,
)
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class OptInShown:
    """What a press would confirm, or has confirmed."""

    subscriber: Subscriber
    places: Sequence[Subscription]


@dataclass(frozen=True, slots=True)
class ConfirmSubscription:
    """To look shows what is asked; to press confirms all that the form asked for, once and for all.

    Pressing again changes nothing. Whoever had said never again, and now says yes from that very
    address, is written to again.
    """

    ring: Keyring
    subscribers: Subscribers
    suppressions: Suppressions
    fingerprints: Fingerprinting
    change: ChangeSubscriber
    clock: Clock

    async def look(self, token: str) -> OptInShown:
        """What it is about; changes nothing. Raises NothingToConfirm, TooLateToConfirm."""
        link, by = self._link(token)
        known = await self.subscribers.find(link.place.subscriber, by=by)
        if known is None:
            raise NothingToConfirm
        confirms(known, link.place.list_key, link.asking, self.clock.now())
        return _shown(known, link)

    async def press(self, token: str) -> OptInShown:
        """Confirm. Raises NothingToConfirm, TooLateToConfirm."""
        link, by = self._link(token)
        contact = await self.subscribers.contact(link.place.subscriber, by=by)
        if contact is None:
            raise NothingToConfirm
        blind = self.fingerprints.of(contact.address)
        seen: list[OptInShown] = []

        def decide(known: Subscriber) -> Subscriber:
            after = confirms(known, link.place.list_key, link.asking, self.clock.now())
            names = [each.list_id for each in _shown(known, link).places]
            seen[:] = [OptInShown(after, [after.on[name] for name in names])]
            return after

        async def lift(session: Session, change: Change) -> None:
            if change.after.confirmed != change.before.confirmed:
                for cause in LIFTED_BY_THEIR_OWN_YES:
                    await self.suppressions.lift(session, blind, cause)

        if await self.change(link.place.subscriber, decide, lift, by=by) is None:
            raise NothingToConfirm
        return seen[0]

    def _link(self, token: str) -> tuple[OptIn, Actor]:
        link = opt_in_of(self.ring, token)
        if link is None:
            raise NothingToConfirm
        return link, Actor("participant", str(link.place.subscriber))


def _shown(known: Subscriber, link: OptIn) -> OptInShown:
    place = at_key(known, link.place.list_key)
    if place is None:
        raise NothingToConfirm
    together = {each.list_id: each for each in (place, *form(known, place.asked.at))}
    return OptInShown(known, [together[name] for name in sorted(together)])
