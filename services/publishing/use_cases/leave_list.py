"""Somebody leaves a list: one press is enough, without signing in, for ever."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from services.publishing.domain.links import Place, key_of, place_of
from services.publishing.domain.newsletter_list import NewsletterList
from services.publishing.domain.stamps import Keyring
from services.publishing.domain.subscriber import Subscriber, at_key, leaves
from services.publishing.domain.subscription import Leaving, State
from services.publishing.use_cases.changing import Change, ChangeSubscriber
from services.publishing.use_cases.ports import Session
from services.publishing.use_cases.subscriber_ports import Also, Lists, Subscribers
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound, Refusal


class NotOurLink(Refusal):
    """The stamp is not ours, or is for something else."""

    kind = "not-our-link"
    sv = "Länken är inte hel. Kopiera hela länken från brevet och försök igen."
    en = "The link is not complete. Copy the whole link from the letter and try again."


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """Which list the link is about, in which language to say it, and how they stand on it."""

    list: NewsletterList
    language: str
    state: State


@dataclass(frozen=True, slots=True)
class LeaveList:
    """To look shows which list it is about; to press leaves it. Both work for ever.

    Whoever is not on the list any more, or not known at all, has left: the answer is the same.
    """

    ring: Keyring
    lists: Lists
    subscribers: Subscribers
    change: ChangeSubscriber
    clock: Clock

    async def look(self, token: str) -> PlaceShown:
        """How they stand; changes nothing. Raises NotOurLink."""
        place, by = self._link(token)
        known = await self.subscribers.find(place.subscriber, by=by)
        return await self._shown(place, known, by)

    async def press(self, token: str, how: Leaving) -> PlaceShown:
        """Leave. Raises NotOurLink."""
        place, by = self._link(token)

        def decide(known: Subscriber) -> Subscriber:
            standing = at_key(known, place.list_key)
            lists = () if standing is None else (standing.list_id,)
            return leaves(known, lists, how, self.clock.now())

        changed = await self.change(place.subscriber, decide, by=by)
        return await self._shown(place, changed.after if changed else None, by)

    async def staff(
        self, subscriber: uuid.UUID, list_id: str, seen: int, also: Also[Subscriber], *, by: Actor
    ) -> Subscriber:
        """Somebody said it on the phone. Raises NotFound, VersionConflict."""

        def decide(known: Subscriber) -> Subscriber:
            if list_id not in known.on:
                raise NotFound
            return leaves(known, (list_id,), "staff", self.clock.now())

        async def beside(session: Session, change: Change) -> None:
            await also(session, change.after)

        changed = await self.change(subscriber, decide, beside, by=by, seen=seen)
        if changed is None:
            raise NotFound
        return changed.after

    async def _shown(self, place: Place, known: Subscriber | None, by: Actor) -> PlaceShown:
        lists = {key_of(each.id): each for each in await self.lists.all(by=by)}
        about = lists.get(place.list_key)
        if about is None:
            raise NotOurLink
        standing = at_key(known, place.list_key) if known else None
        state = standing.state if standing else "left"
        return PlaceShown(about, known.language if known else "sv", state)

    def _link(self, token: str) -> tuple[Place, Actor]:
        place = place_of(self.ring, token)
        if place is None:
            raise NotOurLink
        return place, Actor("participant", str(place.subscriber))
