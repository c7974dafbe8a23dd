"""Who a person is: kept apart from the case, and only ever handed out sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.mentoring.domain.ids import PersonId
from services.mentoring.domain.personal_number import born_on
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

    @property
    def born(self) -> date | None:
        """The birth date, also when only the personal number tells it.

        Where the two differ (a coordination number can be of a guessed day) the later one: who may
        be a child is taken for one.
        """
        known = [date.fromisoformat(self.birth_date)] if self.birth_date else []
        of_number = born_on(self.personal_number) if self.personal_number else None
        return max([*known, *([of_number] if of_number else [])], default=None)


@dataclass(frozen=True, slots=True)
class Kept:
    """An identity in its database, with its version."""

    identity: Identity
    version: int


@dataclass(frozen=True, slots=True)
class Changed:
    """Its new version, which is also the revision of its card, and whether it is reached anew."""

    version: int
    reached_anew: bool


class Identities(Protocol):
    """The database of identities: another one, with a user of its own."""

    async def add(self, person_id: PersonId, identity: Identity, *, by: Actor) -> None:
        """Keep a new person's. Raises Forgotten."""
        ...

    async def stage(
        self, person_id: PersonId, identity: Identity, change_id: str, *, seen: int, by: Actor
    ) -> Changed:
        """Lay another beside it, that nobody reads yet; once more by the same change is harmless.

        Raises VersionConflict when `seen` is not the newest or another change is under way,
        NotFound, Forgotten.
        """
        ...

    async def take_over(self, person_id: PersonId, change_id: str, *, by: Actor) -> None:
        """What the change laid there is the identity from now on. Raises VersionConflict."""
        ...

    async def drop(self, person_id: PersonId, change_id: str, *, by: Actor) -> None:
        """What the change laid there goes; nothing was changed."""
        ...

    async def card_told(self, person_id: PersonId, revision: int, *, by: Actor) -> bool:
        """The card of this revision is told; nothing is owed unless a later change owes again."""
        ...

    async def owe_card(self, person_id: PersonId, *, by: Actor) -> None:
        """A card is to be told by the clockwork (`finish_identities`)."""
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


class Unfinished(Protocol):
    """What a crash between the two databases may leave."""

    async def unsettled(self, before: datetime, *, by: Actor) -> Sequence[PersonId]:
        """Kept before then, and not known to have a case yet."""
        ...

    async def settle(self, person_id: PersonId, *, by: Actor) -> bool:
        """It has a case: nobody asks again."""
        ...

    async def half_changed(self, before: datetime, *, by: Actor) -> Sequence[tuple[PersonId, str]]:
        """Changes that were begun before then, and are neither made nor dropped."""
        ...

    async def owing_a_card(self, before: datetime, *, by: Actor) -> Sequence[PersonId]:
        """Changed before then, and their card is not known to have been told."""
        ...
