"""What somebody on the staff should look at, and how to be told outside of the system."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.mentoring.domain.access import Granted, is_called_upon
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.policy import sees
from services.mentoring.use_cases.attention import (
    EVERY_DATA_PROTECTION_CONTACT,
    staff_recipient,
)
from services.mentoring.use_cases.contact_cards import ContactCards
from services.mentoring.use_cases.disclosing import Disclosing
from services.mentoring.use_cases.identities import Identity
from services.mentoring.use_cases.ports import Document
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.contracts.event import News
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound


class Notices(Protocol):
    """What waits to be looked at."""

    async def cases_of(self, username: str, *, by: Actor) -> Sequence[CaseId]:
        """The cases that wait under this name."""
        ...

    async def for_(
        self,
        username: str,
        *,
        of: Sequence[CaseId],
        as_role: Sequence[str],
        by: Actor,
        limit: int,
        offset: int,
    ) -> Sealed[tuple[list[Document], int]]:
        """Not looked at yet, newest first, sealed under the cases that they name.

        Somebody's own of these cases, and all that wait for a role.
        """
        ...

    async def seen(self, notice_id: str, names: Sequence[str], *, by: Actor) -> bool:
        """Mark one as looked at; whether it was there."""
        ...


class OwnContacts(Protocol):
    """Which members of the staff left an address."""

    async def leave(
        self, username: str, roles: Sequence[str], tell: Any, *, by: Actor, once: Any
    ) -> Any:
        """Note that there is one now, with the event that `tell(revision)` gives."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """What waits, and the code word pair of the case where that is theirs to know."""

    kept: Document
    pseudonym: str | None


@dataclass(frozen=True, slots=True)
class SeeAttention:
    """What waits for you: a case to look at, an emergency access to judge, a review overdue.

    A notice goes with the relation: who has left a case is told nothing more of it.
    """

    notices: Notices
    disclosing: Disclosing

    async def __call__(self, *, by: Actor, limit: int, offset: int) -> tuple[Sequence[Notice], int]:
        """Each case that is named leaves an entry in the audit before the list is given.

        Raises AuditUnavailable, or what `Disclosing.ensure_still` does.
        """
        asked_at = time.monotonic()
        waiting = await self.notices.cases_of(by.username, by=by)
        known = await self.disclosing.cases.some(waiting, by=by)
        now = self.disclosing.clock.now()
        sealed = await self.notices.for_(
            by.username,
            of=[case.id for case in known if is_called_upon(case, by, now)],
            as_role=sorted({EVERY_DATA_PROTECTION_CONTACT} & by.roles),
            by=by,
            limit=limit,
            offset=offset,
        )
        found, total = await self.disclosing.audit.open(
            by, sealed, purpose=Purpose.SUPERVISION, rule="own-notices"
        )
        about = await self.disclosing.cases.some([each["case_id"] for each in found], by=by)
        words = {case.id: case.pseudonym for case in about if _may_come_near(case, by, now)}
        own = {each["case_id"] for each in found if each["for"] == by.username}
        await self.disclosing.ensure_still(
            asked_at,
            own | words.keys(),
            lambda case, now: (
                _may_come_near(case, by, now) if case.id in words else is_called_upon(case, by, now)
            ),
            by=by,
        )
        return [Notice(each, words.get(each["case_id"])) for each in found], total


def _may_come_near(case: Case, by: Actor, now: datetime) -> bool:
    """Whether the code words are theirs to know: in their list, or theirs to see who looked."""
    asked = (sees(case, by, now, "list"), sees(case, by, now, "read", "access-log"))
    return any(isinstance(each, Granted) for each in asked)


@dataclass(frozen=True, slots=True)
class NoticeSeen:
    """You have looked: the notice waits for you no more."""

    notices: Notices

    async def __call__(self, notice_id: str, *, by: Actor) -> None:
        """Raises NotFound for one that is not yours."""
        names = [by.username, *({EVERY_DATA_PROTECTION_CONTACT} & by.roles)]
        if not await self.notices.seen(notice_id, names, by=by):
            raise NotFound


@dataclass(frozen=True, slots=True)
class LeaveOwnContact:
    """Leave a phone number or an e-mail address, to be told that something waits. Never what.

    The address goes sealed to notifications and is not kept here.
    """

    contacts: OwnContacts
    cards: ContactCards
    key: bytes

    async def __call__(self, phone: str, email: str, *, by: Actor, once: Any, present: Any) -> Any:
        """Raises SealingKeyMissing."""
        recipient = staff_recipient(Username(by.username), self.key)
        identity = Identity(phone=phone, email=email)

        async def tell(revision: int) -> News:
            return await self.cards.card(identity, recipient, revision)

        return await self.contacts.leave(
            by.username, sorted(by.roles), tell, by=by, once=(once, present)
        )
