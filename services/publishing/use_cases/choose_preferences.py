"""The preference page: which lists, which language, or never again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.publishing.domain.consent import Asked
from services.publishing.domain.links import subscriber_of
from services.publishing.domain.newsletter_list import NewsletterList
from services.publishing.domain.preferences import Choice, Effect, chosen
from services.publishing.domain.stamps import Keyring
from services.publishing.domain.subscriber import Subscriber, asks, writes
from services.publishing.domain.suppression import Suppression
from services.publishing.use_cases.changing import Change, ChangeSubscriber
from services.publishing.use_cases.leave_list import NotOurLink
from services.publishing.use_cases.ports import Session
from services.publishing.use_cases.sign_up import opt_in_letter
from services.publishing.use_cases.subscriber_ports import (
    Also,
    Fingerprinting,
    Letters,
    Lists,
    Subscribers,
    Suppressions,
)
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Preferences:
    """Who they are on, and what there is to choose: open lists, and those they are on."""

    subscriber: Subscriber
    lists: Sequence[NewsletterList]


@dataclass(frozen=True, slots=True)
class ChoosePreferences:
    """Everything on the page is sent in at once.

    A list chosen anew is asked for by a letter to the address, one that is not chosen is left at
    once, and *never again* leaves them all, for good.
    """

    ring: Keyring
    lists: Lists
    subscribers: Subscribers
    suppressions: Suppressions
    letters: Letters
    fingerprints: Fingerprinting
    change: ChangeSubscriber
    clock: Clock

    async def look(self, token: str) -> Preferences:
        """As it stands; changes nothing. Raises NotOurLink."""
        by = self._link(token)
        known = await self.subscribers.find(_id(by), by=by)
        if known is None:
            raise NotOurLink
        return await self._shown(known, by)

    async def press(
        self, token: str, choice: Choice, seen: int, also: Also[Preferences]
    ) -> Preferences:
        """Decide. Raises NotOurLink, NoSuchList, UnknownLanguage, VersionConflict."""
        by = self._link(token)
        contact = await self.subscribers.contact(_id(by), by=by)
        if contact is None:
            raise NotOurLink
        blind = self.fingerprints.of(contact.address)
        now = self.clock.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        open_lists = {each.id: each for each in await self.lists.all(by=by, only_open=True)}
        effects: list[tuple[Effect, datetime | None]] = []

        def decide(known: Subscriber) -> Subscriber:
            effect = chosen(choice, known.on, open_lists, now)
            after, letter_at = _after(known, effect, open_lists, now)
            effects[:] = [(effect, letter_at)]
            return after

        async def beside(session: Session, change: Change) -> None:
            effect, letter_at = effects[0]
            if effect.suppress:
                stopped = Suppression(blind, "asked-never-again", now)
                await self.suppressions.add(session, stopped)
            if letter_at is not None:
                await self.letters.add(session, [opt_in_letter(change.after, now, letter_at)])
            await also(session, await self._shown(change.after, by))

        changed = await self.change(_id(by), decide, beside, by=by, seen=seen)
        if changed is None:
            raise NotOurLink
        return await self._shown(changed.after, by)

    async def _shown(self, known: Subscriber, by: Actor) -> Preferences:
        every = await self.lists.all(by=by)
        return Preferences(
            known, [each for each in every if each.is_open or each.id in known.confirmed]
        )

    def _link(self, token: str) -> Actor:
        subscriber = subscriber_of(self.ring, token)
        if subscriber is None:
            raise NotOurLink
        return Actor("participant", str(subscriber))


def _id(by: Actor) -> uuid.UUID:
    return uuid.UUID(by.id)


def _after(
    known: Subscriber, effect: Effect, open_lists: dict[str, NewsletterList], now: datetime
) -> tuple[Subscriber, datetime | None]:
    """What they are after the choice, and when an opt-in letter goes, if one is due."""
    after = replace(
        known,
        language=effect.language,
        on={each.list_id: each for each in effect.subscriptions},
    )
    wishes = {
        list_id: Asked(open_lists[list_id].consent.version, "preference-page", now)
        for list_id in effect.to_ask
    }
    after, due = asks(after, wishes)
    if not due:
        return after, None
    after, at = writes(after, now)
    return after, at
