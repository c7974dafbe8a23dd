"""Somebody asks for newsletters at an address. It proves nothing about whose address it is."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.publishing.domain.address import Address, address
from services.publishing.domain.consent import Asked, Source
from services.publishing.domain.languages import well_formed
from services.publishing.domain.letter import Letter
from services.publishing.domain.preferences import NoSuchList, UnknownLanguage
from services.publishing.domain.subscriber import Contact, Subscriber, asks, one_line_name, writes
from services.publishing.domain.subscription import ASK_AGAIN_AFTER
from services.publishing.domain.suppression import stops
from services.publishing.use_cases.changing import until_alone, was_changed
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.subscriber_ports import (
    Also,
    Fingerprinting,
    Letters,
    Lists,
    Subscribers,
    Suppressions,
)
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id

_BY = housekeeping("sign-up")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form says. Name and language hold only for an address that is new here."""

    address: str
    lists: frozenset[str]
    language: str
    source: Source
    name: str = ""


@dataclass(frozen=True, slots=True)
class SignUp:
    """Ask for newsletters. Whoever owns the address confirms it, by a letter that is sent there.

    The answer is always the same, so that nobody learns whose address is known here: somebody new
    gets a letter to confirm, somebody who has it all already gets one that says so, and an address
    that is not written to gets nothing.
    """

    lists: Lists
    subscribers: Subscribers
    suppressions: Suppressions
    letters: Letters
    fingerprints: Fingerprinting
    transact: Transact
    clock: Clock

    async def __call__(self, wish: Wish, also: Also[None], *, by: Actor) -> None:
        """Nothing is told of what came of it.

        Raises:
            NotAnAddress, NoSuchList, UnknownLanguage, NameTooLong: what was sent cannot be used.
        """
        to, name = address(wish.address), one_line_name(wish.name)
        language = well_formed(wish.language)
        if language is None:
            raise UnknownLanguage
        now = self._now()
        wishes = await self._wishes(wish, now, by)
        await until_alone(
            lambda: self._once(to, Contact(to, name), language, wishes, now, also),
            lambda error: was_changed(error) or self.subscribers.is_taken(error),
        )

    async def _wishes(self, wish: Wish, now: datetime, by: Actor) -> Mapping[str, Asked]:
        open_to = {each.id: each for each in await self.lists.all(by=by, only_open=True)}
        if not wish.lists or not wish.lists <= open_to.keys():
            raise NoSuchList
        return {
            list_id: Asked(open_to[list_id].consent.version, wish.source, now)
            for list_id in wish.lists
        }

    async def _once(
        self,
        to: Address,
        contact: Contact,
        language: str,
        wishes: Mapping[str, Asked],
        now: datetime,
        also: Also[None],
    ) -> None:
        blind = self.fingerprints.of(to)
        causes = await self.suppressions.causes([blind], by=_BY)
        silent = stops(causes.get(blind, ()), "transactional") is not None
        known = await self.subscribers.at(blind, by=_BY)
        before = known or Subscriber(uuid.UUID(new_id()), language)
        after, letters = _asked(before, wishes, now)
        cipher = None
        if known is None and not silent:
            [cipher] = await self.subscribers.seal([(before.id, contact)], by=_BY)

        async def work(session: Session) -> None:
            if not silent and known is None and cipher is not None:
                await self.subscribers.add(session, after, to, cipher)
            elif not silent and after != before:
                await self.subscribers.save(session, before, after, by=_BY)
            if not silent:
                await self.letters.add(session, letters)
            await also(session, None)

        await self.transact(work)

    def _now(self) -> datetime:
        """To the millisecond, as it is stored: one form is known again by its moment."""
        now = self.clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _asked(
    before: Subscriber, wishes: Mapping[str, Asked], now: datetime
) -> tuple[Subscriber, list[Letter]]:
    """What a form comes to: at most one letter, and none within ten minutes that says nothing."""
    after, due = asks(before, wishes)
    if due:
        after, at = writes(after, now)
        return after, [opt_in_letter(after, now, at)]
    rested = before.last_letter_at is None or now - before.last_letter_at >= ASK_AGAIN_AFTER
    if rested and set(wishes) <= set(before.confirmed):
        after, at = writes(after, now)
        return after, [_already_on(after, wishes, now, at)]
    return after, []


def opt_in_letter(to: Subscriber, asked_at: datetime, at: datetime) -> Letter:
    """To be confirmed: all that was asked for in that moment."""
    facts = {"asked_at": asked_at}
    return Letter(new_id(), "opt-in", str(to.id), to.language, at, facts, made_at=asked_at)


def _already_on(to: Subscriber, lists: Collection[str], now: datetime, at: datetime) -> Letter:
    facts = {"lists": sorted(lists)}
    return Letter(new_id(), "already-on", str(to.id), to.language, at, facts, made_at=now)
