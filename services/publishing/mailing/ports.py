"""What a mailer needs from outside; `storage` and `main` fulfil it."""
# ruff: noqa: D102 - what each method does is said where it is fulfilled

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from services.publishing.domain.leaving import Left, Why
from services.publishing.domain.ledger import Page
from services.publishing.domain.limits import Limit
from services.publishing.domain.mailing import Stall, State, Tally
from services.publishing.domain.subscriber import Addressee
from services.publishing.mailing.compiling import Words
from services.publishing.mailing.frame import House


class StoreAway(Exception):
    """The database cannot be reached for the moment: the same may succeed a little later."""


class StoreRefused(Exception):
    """The database answers, and will not write."""


@dataclass(frozen=True, slots=True)
class Hint:
    """There may be work: this batch of this mailing. Nothing is lost with a hint."""

    mailing_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A batch that is ours until its lease runs out; `people` are subscribers' ids, by index."""

    mailing_id: str
    number: int
    owner: str
    version: int
    people: Sequence[bytes]
    page: Page


@dataclass(frozen=True, slots=True)
class Entry:
    """A batch as it is to be kept, where `version` of ours still stands."""

    mailing_id: str
    number: int
    owner: str
    version: int
    page: Page
    tally: Tally
    codes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody wrote a report into it meanwhile: this is what stands there."""

    page: Page
    version: int


Answer = Literal["kept", "lost"] | Beside
"""lost: it is somebody else's by now."""


class Ledgers(Protocol):
    """Where batches are kept. Raises StoreAway and StoreRefused."""

    @property
    def lease_seconds(self) -> float:
        """How long a batch is whoever's was last seen to have it."""
        ...

    async def claim(self, hint: Hint) -> Claimed | None: ...

    async def keep(self, entries: Sequence[Entry]) -> Sequence[Answer]: ...

    async def still_ours(self, entries: Sequence[Entry]) -> None: ...

    async def let_go(self, entry: Entry, due_in: timedelta) -> None: ...


@dataclass(frozen=True, slots=True)
class Content:
    """What a mailing says, and to which list; `state` as it was when this was read."""

    mailing_id: str
    list_id: str
    state: State
    variants: Sequence[tuple[Words, House]]
    limit: Limit | None = None


class Contents(Protocol):
    """The frozen words of mailings."""

    async def of(self, mailing_id: str) -> Content | None: ...


class Found(Protocol):
    """Everybody who was asked for is in one of the two."""

    @property
    def readers(self) -> Mapping[bytes, Addressee]: ...

    @property
    def stopped(self) -> Mapping[bytes, Why]: ...


class Readers(Protocol):
    """Who is written to now, and why the others are not."""

    async def of(self, ids: Sequence[bytes], list_id: str) -> Found: ...


class Steering(Protocol):
    """What changes while letters are on their way."""

    def states(self) -> AsyncIterator[Sequence[tuple[str, State]] | None]:
        """Mailings as they become; None when something may have been missed."""
        ...

    def leavings(self) -> AsyncIterator[Sequence[Left] | None]:
        """People as they leave; None when something may have been missed."""
        ...

    def slowed(self) -> AsyncIterator[Sequence[tuple[str, str]] | None]:
        """Limits (scope, name) that somebody's server complained about."""
        ...


class Trouble(Protocol):
    """Who is told that a mailing cannot go on, or that it can again."""

    async def stall(self, mailing_id: str, cause: Stall) -> None: ...

    async def mended(self, cause: Stall) -> None: ...
