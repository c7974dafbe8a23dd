"""What the use cases need from outside. Every read and change names who asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from services.booking.domain.activity import Activity
from services.booking.domain.facts import Fact
from services.booking.domain.holding import Hold
from services.booking.domain.occasion import Occasion
from services.booking.domain.occupying import occupied
from services.booking.domain.room import Room, room_id
from services.booking.domain.room_day import DayKey, Days, RoomDay
from services.booking.use_cases.mirror import RecordChange
from services.booking.use_cases.occasion_lists import OccasionsWanted
from services.booking.use_cases.records import (
    BookingRecord,
    LineMove,
    PublishedFigures,
    RoomRequest,
)
from shared.contracts.event import News
from shared.kernel.actor import Actor
from shared.kernel.ids import ActivityId, BookingId, OccasionId, RecipientId

Session: TypeAlias = Any
"""A transaction that somebody else opened; only storage knows what it is."""

Tell = Callable[[Iterable[Fact], Mapping[OccasionId, Occasion]], list[News]]
"""Facts → events (`messaging.outgoing.news_of`)."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An occasion with what a group of wishes needs to know; `answered` by the key's id."""

    occasion: Occasion
    existing: frozenset[str] = frozenset()
    answered: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Saving:
    """Everything that one decision changes; written together or not at all.

    `room_days` hold the version that was seen (0: nothing stood there). `room_names` are rooms that
    are known from now on, whatever becomes of the rest; `unflagged` occasions that no hold is in
    the way of any more.
    """

    occasions: list[tuple[Occasion, Occasion]] = field(default_factory=list)
    new_occasions: list[Occasion] = field(default_factory=list)
    new_bookings: list[BookingRecord] = field(default_factory=list)
    changes: list[RecordChange] = field(default_factory=list)
    line_moves: list[LineMove] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    told: list[tuple[News, Any]] = field(default_factory=list)
    once: list[Any] = field(default_factory=list)
    rooms: list[tuple[Room | None, Room]] = field(default_factory=list)
    room_days: list[RoomDay] = field(default_factory=list)
    room_names: dict[str, str] = field(default_factory=dict)
    new_holds: list[Hold] = field(default_factory=list)
    gone_holds: list[Hold] = field(default_factory=list)
    room_requests: list[RoomRequest] = field(default_factory=list)
    unflagged: list[str] = field(default_factory=list)
    figures: list[PublishedFigures] = field(default_factory=list)

    def occupy(self, days: Days, before: Occasion | None, after: Occasion) -> None:
        """The days of rooms that an occasion changes; its room is known from now on."""
        changed = occupied(days, before, after)
        self.room_days.extend(changed.values())
        if changed and after.room:
            self.room_names[room_id(after.room)] = after.room

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and how long the whole list is."""

    items: Sequence[Any]
    total: int


@dataclass(frozen=True, slots=True)
class OccasionSummary:
    """An occasion in a list, without its parties: only how many people and parties there are."""

    occasion: Occasion
    people: Mapping[str, int]
    parties: Mapping[str, int]


class Ledger(Protocol):
    """Where decisions are made on what is stored: load, then save if nobody was faster."""

    async def load(
        self,
        occasion_id: OccasionId,
        *,
        creating: Sequence[str] = (),
        asked_before: Sequence[Any] = (),
        session: Session = None,
    ) -> Loaded:
        """The occasion, which of the bookings to be made are there, and what was answered before.

        `asked_before` are idempotency keys; an answer is the kept one, or the refusal of a key
        that was used for something else. Raises NotFound for an unknown occasion.
        """
        ...

    async def answered(self, once: Any) -> Any | None:
        """The answer kept under an idempotency key; raises the refusal of a key used otherwise."""
        ...

    async def days(
        self, keys: Iterable[DayKey], *, session: Session = None
    ) -> dict[DayKey, RoomDay]:
        """Each of these days of rooms, also one that nobody has claimed anything of."""
        ...

    async def save(self, saving: Saving, *, session: Session = None) -> None:
        """Raises VersionConflict when somebody else was faster; then nothing is written."""
        ...


class Occasions(Protocol):
    """Reading occasions."""

    async def read(self, occasion_id: OccasionId, *, by: Actor) -> Occasion:
        """Raises NotFound."""
        ...

    async def read_many(
        self, occasion_ids: Sequence[OccasionId], *, by: Actor
    ) -> dict[OccasionId, Occasion]:
        """Those that are there."""
        ...

    async def listed(self, wanted: OccasionsWanted, *, limit: int, offset: int, by: Actor) -> Page:
        """Summaries of occasions."""
        ...

    async def of_titles(self, titles: Sequence[str], *, by: Actor) -> list[Occasion]:
        """Occasions of the activities with these titles, as `alike` makes them."""
        ...

    async def due(
        self, now: datetime, *, by: Actor, limit: int = 100
    ) -> list[tuple[OccasionId, int]]:
        """Occasions, with their versions, where time alone may change something by now."""
        ...

    async def look_again(
        self, occasion_id: OccasionId, version: int, at: datetime | None, *, by: Actor
    ) -> None:
        """Time has changed nothing there: look again then, or when something else has."""
        ...


class Bookings(Protocol):
    """Reading bookings."""

    async def read(
        self, booking_id: BookingId, *, by: Actor, session: Session = None
    ) -> BookingRecord:
        """Raises NotFound, also for one that the actor may not see."""
        ...

    async def by_link(self, link_hash: str, *, by: Actor) -> BookingRecord:
        """The booking of a link; raises NotFound. The hash itself is the right to see it."""
        ...

    async def listed(
        self,
        *,
        occasion_id: OccasionId | None,
        state: str | None,
        flag: str | None,
        limit: int,
        offset: int,
        by: Actor,
    ) -> Page:
        """Records, oldest first; `flag` is one of what somebody should look at."""
        ...

    async def fingerprints(
        self, fingerprints: Sequence[str], *, by: Actor
    ) -> dict[str, BookingRecord]:
        """Those bookings that an import made, by fingerprint."""
        ...

    async def of_classes(
        self, occasion_ids: Sequence[OccasionId], *, by: Actor
    ) -> list[BookingRecord]:
        """Living bookings of these occasions that name a class."""
        ...

    async def with_needs(self, occasion_id: OccasionId, *, by: Actor) -> list[BookingRecord]:
        """Living bookings of an occasion that say something of needs."""
        ...

    async def note_unreachable(
        self, recipient_id: RecipientId, *, by: Actor, session: Session
    ) -> None:
        """Flag the bookings of a recipient whom nothing reaches."""
        ...

    async def tell_of(
        self, record: BookingRecord, news: News, *, by: Actor, session: Session
    ) -> None:
        """Number an event after the booking's last one and tell it; raises VersionConflict."""
        ...

    async def needs_over(self, before: datetime, *, by: Actor, limit: int) -> list[BookingRecord]:
        """Bookings with needs whose occasion ended before then."""
        ...

    async def drop_needs(self, booking_ids: Sequence[BookingId], *, by: Actor) -> None:
        """Delete the needs of these."""
        ...


class LineMoves(Protocol):
    """The history of moves in the line."""

    async def listed(self, occasion_id: OccasionId, *, limit: int, offset: int, by: Actor) -> Page:
        """Moves of one occasion, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """A booking that staff wrote something about, and whose it is."""

    booking_id: BookingId
    recipient_id: RecipientId


class StaffWords(Protocol):
    """What staff wrote about parties, wherever it stands."""

    async def over(self, before: datetime, *, by: Actor, limit: int) -> list[Spoken]:
        """Whom words are kept about, though the occasion had ended before then."""
        ...

    async def drop(self, booking_ids: Sequence[BookingId], *, by: Actor) -> None:
        """Delete the words about these; what was done, by whom and when stays."""
        ...


class Activities(Protocol):
    """Activities; they change one at a time."""

    async def read(self, activity_id: ActivityId, *, by: Actor) -> Activity:
        """Raises NotFound."""
        ...

    async def read_many(
        self, activity_ids: Sequence[ActivityId], *, by: Actor
    ) -> dict[ActivityId, Activity]:
        """Those that are there."""
        ...

    async def listed(self, *, limit: int, offset: int, by: Actor) -> Page:
        """By title."""
        ...


class People(Protocol):
    """Field encryption under each person's own key (`shared.privacy.Vault`)."""

    async def new_people(self, person_ids: Sequence[str]) -> frozenset[str]:
        """Make their keys."""
        ...

    async def seal_many(
        self, many: Sequence[tuple[str, Mapping[str, str], str]]
    ) -> list[dict[str, bytes]]:
        """Encrypt (person, fields, record)."""
        ...

    async def open_many(
        self, many: Sequence[tuple[str, Mapping[str, bytes], str]]
    ) -> list[dict[str, str] | None]:
        """Decrypt (person, cipher, record); None for the forgotten."""
        ...

    async def forget(self, person_id: str) -> None:
        """Delete the key for good."""
        ...
