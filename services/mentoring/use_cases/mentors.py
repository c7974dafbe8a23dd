"""Mentors' profiles as use cases see them: sealed under the mentor's own key, opened on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.mentoring.domain.handbook import Confirmation, Handbook
from services.mentoring.domain.ids import PersonId
from services.mentoring.domain.mentor import MentorProfile
from services.mentoring.use_cases.ports import Document, Session
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor

MENTORS, MENTOR_STEPS = "mentors", "mentor_steps"
HANDBOOK, CONFIRMATIONS = "handbook", "handbook_confirmations"


@dataclass(frozen=True, slots=True, repr=False)
class KnownMentor:
    """A mentor in clear. `notes` are the case-leads' words and not the mentor's to read."""

    profile: MentorProfile
    notes: str
    person_id: PersonId


class Mentors(Protocol):
    """The collection of profiles."""

    async def load(self, username: str, *, by: Actor) -> Sealed[KnownMentor]:
        """One, sealed under `mentor:<username>`; raises NotFound."""
        ...

    async def some(
        self, usernames: Sequence[str] | None, *, by: Actor
    ) -> Sealed[list[KnownMentor]]:
        """Those of them that there are, or all, by username."""
        ...

    async def usernames(self, *, by: Actor) -> Sequence[str]:
        """Everybody's, in order."""
        ...

    async def sequences(self, usernames: Sequence[str], *, by: Actor) -> Mapping[str, int]:
        """How many things have changed about each: no word of what."""
        ...

    async def document(self, known: KnownMentor, *, by: Actor) -> Document:
        """What to store; `version` is the next one."""
        ...


class Loads(Protocol):
    """How many mentees mentors have, all cases counted."""

    async def loads(self, *, by: Actor) -> Mapping[str, int]:
        """Username → mentees today; whoever is not there has none. For decisions alone."""
        ...


class Handbooks(Protocol):
    """The newest edition, and who has read which."""

    async def newest(self, *, by: Actor, session: Session = None) -> Handbook:
        """The newest; edition 0 before the first."""
        ...

    async def confirmed(self, username: str, *, by: Actor) -> Confirmation | None:
        """The newest edition that somebody has confirmed."""
        ...

    async def confirmations(
        self, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[Confirmation], int]:
        """All of them, newest first, and how many there are."""
        ...


def subject_of(username: str) -> str:
    """Under which name the audit knows a mentor."""
    return f"mentor:{username}"
