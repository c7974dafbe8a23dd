"""Somebody on the staff needs to look: a notice behind the sign-in, and a neutral message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.mentoring.domain.facts import ConcernRaised, Fact, GlassAsked, GlassOpened
from services.mentoring.domain.ids import Username
from services.mentoring.domain.meeting_facts import MeetingFact
from services.mentoring.use_cases.ports import Document
from shared.contracts.event import News
from shared.contracts.mentoring import AttentionNeeded
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.ids import RecipientId, deterministic_id, new_id
from shared.privacy.fingerprint import keyed

NOTICES = "notices"
_BY = housekeeping("notices")
_AT_ONCE = (GlassAsked, GlassOpened, ConcernRaised)
"""What nobody sleeps over."""
EVERY_DATA_PROTECTION_CONTACT = Username("data-protection")
"""Stands for everybody with that role: the policy shows them these notices."""


class StaffContacts(Protocol):
    """Which members of the staff can be reached outside of the system."""

    async def reachable(self, usernames: Sequence[Username], *, by: Actor) -> Sequence[Username]:
        """Those of them, or of their role, that left an address of their own."""
        ...


@dataclass(frozen=True, slots=True)
class Noticed:
    """What is written beside the case."""

    inserts: list[tuple[str, Document]] = field(default_factory=list)
    told: list[News] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Attention:
    """From facts to notices."""

    contacts: StaffContacts
    key: bytes

    async def of(self, facts: Iterable[Fact | MeetingFact]) -> Noticed:
        """A notice for each person whom a fact concerns; a message to those who can be reached."""
        noticed = Noticed()
        for fact in facts:
            whom = _whom(fact)
            if not whom:
                continue
            for username in whom:
                noticed.inserts.append((NOTICES, _notice(fact, username)))
            for username in await self.contacts.reachable(whom, by=_BY):
                at_once = isinstance(fact, _AT_ONCE)
                recipient = staff_recipient(username, self.key)
                noticed.told.append(_message(recipient, at_once=at_once))
        return noticed


def staff_recipient(username: Username, key: bytes) -> RecipientId:
    """Under which id notifications knows somebody; who that is cannot be told without the key."""
    return RecipientId(deterministic_id("mentoring-staff", keyed(key, username)))


def message_to(username: Username, key: bytes) -> News:
    """Somebody should sign in and look, and no more."""
    return _message(staff_recipient(username, key), at_once=False)


def _whom(fact: Fact | MeetingFact) -> tuple[Username, ...]:
    whom: tuple[Username, ...] = getattr(fact, "tell", ())
    if isinstance(fact, GlassOpened | GlassAsked):
        return (*whom, EVERY_DATA_PROTECTION_CONTACT)
    return whom


def _notice(fact: Fact | MeetingFact, username: Username) -> Document:
    return {
        "_id": new_id(),
        "for": username,
        "case_id": fact.case_id,
        "kind": type(fact).__name__,
        "at": fact.at,
        "seen_at": None,
    }


def _message(recipient: RecipientId, *, at_once: bool) -> News:
    notice = new_id()
    data = AttentionNeeded(notice_id=notice, recipient_id=recipient, at_once=at_once)
    return News(data, subject=notice, sequence=1, fresh_trace=True)
