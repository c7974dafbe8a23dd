"""Who a person is: kept apart from the case, and only ever handed out sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.mentoring.domain.ids import PersonId
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """A person's identity in clear. Never printed, never logged, never in an event.

    `personal_number` is 12 digits, `phone` E.164, `birth_date` ISO 8601; what is unknown is empty.
    """

    name: str = ""
    personal_number: str = ""
    birth_date: str = ""
    phone: str = ""
    email: str = ""
    whereabouts: str = ""
    language: str = "sv"


@dataclass(frozen=True, slots=True)
class Kept:
    """An identity in its database, with its version."""

    identity: Identity
    version: int


class Identities(Protocol):
    """The database of identities: another one, with a user of its own."""

    async def add(self, person_id: PersonId, identity: Identity, *, by: Actor) -> None:
        """Keep a new person's. Raises Forgotten."""
        ...

    async def change(self, person_id: PersonId, identity: Identity, *, seen: int, by: Actor) -> int:
        """Keep another instead; its new version. Raises VersionConflict, NotFound, Forgotten."""
        ...

    async def read(self, person_id: PersonId, *, of_case: str, by: Actor) -> Sealed[Kept] | None:
        """Sealed under the case that it is read for; None when there is none."""
        ...

    async def same_as(self, identity: Identity, *, by: Actor) -> Sequence[PersonId]:
        """Who shares a personal number, a phone, an e-mail, or name and birth date with it."""
        ...

    async def remove(self, person_id: PersonId, *, by: Actor) -> int:
        """How many were there."""
        ...
