"""A case begins: a person with a key of their own, an identity apart, and a code word pair."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from services.mentoring.domain.case import Case, ContactDays
from services.mentoring.domain.days import day_of, same_day_in
from services.mentoring.domain.ids import CaseId, PersonId, Username
from services.mentoring.domain.municipalities import ensure_municipality
from services.mentoring.domain.opening import open_case
from services.mentoring.domain.pseudonyms import pick
from services.mentoring.domain.statistics import UNKNOWN, age_band
from services.mentoring.use_cases.case_work import CaseWork, Change, username_of
from services.mentoring.use_cases.contact_cards import ContactCards, can_be_told
from services.mentoring.use_cases.identities import Identities, Identity
from services.mentoring.use_cases.ports import Document
from services.mentoring.use_cases.tally import tally
from shared.contracts.event import News
from shared.kernel.actor import Actor
from shared.kernel.ids import RecipientId, new_id
from shared.kernel.refusal import TooBusy, VersionConflict

A = TypeVar("A")
_TRIES = 8


@dataclass(frozen=True, slots=True, repr=False)
class CaseWanted:
    """What a case begins with. `inserts` and `replaces` are written in the same transaction.

    `person_id` is the person of a referral, who has a key already.
    """

    identity: Identity
    lead: Username
    protected: bool = False
    named: frozenset[Username] = frozenset()
    contact_every_days: ContactDays = 14
    municipality: str = ""
    person_id: PersonId | None = None
    case_id: CaseId | None = None
    inserts: tuple[tuple[str, Document], ...] = ()
    replaces: tuple[tuple[str, Document], ...] = ()


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case for a person: in intake, under a code word pair, with a lead.

    The identity goes to its own database first; if the case does not come about, it is swept.
    Nobody under protection is sent anything: their card is never made.
    """

    work: CaseWork
    identities: Identities
    cards: ContactCards

    async def __call__(
        self,
        wanted: CaseWanted,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case], A],
        about: Callable[[A], CaseId],
    ) -> A:
        """Raises what `opening.open_case` does, UnknownCode, SealingKeyMissing, TooBusy.

        `about` says which case an answer is about: one that was given before is given again to
        whoever still has that case. Others get NotFound.
        """
        ensure_municipality(wanted.municipality)
        kept = await self.work.answered(once, about, by=by)
        if kept is not None:
            return kept  # before anybody's identity is kept a second time
        person_id = wanted.person_id or PersonId(new_id())
        recipient_id = RecipientId(new_id())
        told = await self._card(wanted, recipient_id)
        await self.identities.add(person_id, wanted.identity, by=by)
        case_id = wanted.case_id or CaseId(new_id())
        for _ in range(_TRIES):
            opened = open_case(
                case_id,
                pseudonym=pick(secrets.randbelow, ()),
                person_id=person_id,
                recipient_id=recipient_id,
                lead=wanted.lead,
                minor_until=minor_until(wanted.identity),
                protected=wanted.protected,
                named=wanted.named,
                contact_every_days=wanted.contact_every_days,
                by=username_of(by),
                now=self.work.clock.now(),
            )
            change = Change.of(opened)
            change.inserts.append(self._counted(wanted))
            change.inserts.extend(wanted.inserts)
            change.replaces.extend(wanted.replaces)
            change.told.extend(told)
            try:
                return await self.work.open(change, once=once, present=present)
            except VersionConflict:
                kept = await self.work.answered(once, about, by=by)
                if kept is not None:
                    return kept
                continue  # the pseudonym is somebody else's
        raise TooBusy

    def _counted(self, wanted: CaseWanted) -> tuple[str, Document]:
        now = self.work.clock.now()
        band = age_band(wanted.identity.born, day_of(now))
        place = wanted.municipality or UNKNOWN
        return tally("case-opened", {"age-band": band, "municipality": place}, now=now)

    async def _card(self, wanted: CaseWanted, recipient_id: RecipientId) -> list[News]:
        if wanted.protected or not can_be_told(wanted.identity):
            return []
        return [await self.cards.card(wanted.identity, recipient_id, 1)]


def minor_until(identity: Identity) -> date | None:
    """The 18th birthday, when the birth date is known."""
    return same_day_in(identity.born, 18) if identity.born else None
