"""A forgetting as it is kept: what was destroyed where and when, who confirmed, what ages out.

It is the certificate: counts, codes, ids and times; nothing in it leads back to the person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol, TypeVar

from services.mentoring.domain.case import Case
from services.mentoring.domain.days import day_of, same_day_in
from services.mentoring.domain.ids import CaseId, PersonId
from shared.contracts.event import News
from shared.kernel.actor import Actor

A = TypeVar("A")
FORGETTINGS = "forgettings"
AWAITED: tuple[str, ...] = ("notifications",)
"""Who is told of people that mentoring met, and so confirms."""
AUDIT_YEARS = 5
KEY_BACKUPS_KEPT = timedelta(days=30)
"""How long backups of the key database are kept (docs/how-to/operator.md)."""
SENT_KEPT = timedelta(days=90)
"""Marks of delivery: ids and types of events (`shared.delivery.indexes.KEPT`)."""

How = Literal["own-request", "clock"]


@dataclass(frozen=True, slots=True)
class AgesOut:
    """What is left for a while, and until when; no day where nobody can know it."""

    what: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What another service removed."""

    service: str
    at: datetime
    removed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Forgetting:
    """One person's. `people` are the ids whose keys are destroyed, empty once they are.

    `told_about` are the subjects of events about the person, whose bodies are emptied. `alike`
    counts what may be of the same person and is not forgotten with this (`ALIKE_IN_WORDS`).
    """

    id: str
    case_id: CaseId
    how: How
    at: datetime
    by: str
    removed: Mapping[str, int]
    people: Sequence[PersonId]
    keys: int
    recipient_id: str
    told_about: Sequence[str]
    alike: Mapping[str, int] = field(default_factory=dict)
    blind_since: datetime | None = None
    receipts: Sequence[Confirmation] = field(default_factory=tuple)

    @property
    def awaits(self) -> Sequence[str]:
        """Who has not confirmed yet."""
        confirmed = {each.service for each in self.receipts}
        return [service for service in AWAITED if service not in confirmed]


@dataclass(frozen=True, slots=True)
class Held:
    """What there is: rows by collection, whose keys they are under, subjects of events."""

    rows: Mapping[str, int]
    people: Sequence[PersonId]
    told_about: Sequence[str]


@dataclass(frozen=True, slots=True)
class Alike:
    """What shares a mark with the person: a number, an address, or name and year of birth.

    `declined` are the keys of referrals that led to nothing, whose words go with the person's.
    """

    declined: Sequence[PersonId] = ()
    undecided: int = 0
    cases: Sequence[Case] = ()


class Forgettings(Protocol):
    """Everything of a person at once, across the collections."""

    async def held(self, case: Case, *, by: Actor) -> Held:
        """What would be removed, by collection."""
        ...

    async def alike(self, people: Sequence[PersonId], *, by: Actor) -> Alike:
        """What else may be of these people, under other ids."""
        ...

    async def erase(
        self,
        before: Case,
        after: Case,
        begun: Forgetting,
        told: Sequence[News],
        *,
        answer: Callable[[Forgetting], A],
        once: Any = None,
        by: Actor,
    ) -> A:
        """Remove all rows, leave the bare case, note the forgetting, tell: one transaction.

        Of declined referrals under these people's keys the words and marks go.

        Raises VersionConflict.
        """
        ...

    async def blind(self, forgetting: Forgetting, *, by: Actor) -> Forgetting:
        """Destroy keys and identity, empty what was told; again is harmless."""
        ...

    async def unfinished(self, *, by: Actor) -> Sequence[Forgetting]:
        """Begun, and keys not known to be destroyed."""
        ...

    async def one(self, forgetting_id: str, *, by: Actor) -> Forgetting:
        """Raises NotFound."""
        ...

    async def some(self, *, by: Actor, limit: int, offset: int) -> tuple[list[Forgetting], int]:
        """A page, newest first, and how many there are."""
        ...


def ages_out(at: datetime) -> Sequence[AgesOut]:
    """What a forgetting at this instant leaves for a while, and until when."""
    day = day_of(at)
    return (
        AgesOut("database-log", None),
        AgesOut("messages-sent", None),
        AgesOut("key-backups", day + KEY_BACKUPS_KEPT),
        AgesOut("delivery-records", day + SENT_KEPT),
        AgesOut("audit", same_day_in(day, AUDIT_YEARS)),
    )


LEFT_IN_WORDS: Mapping[str, tuple[str, str]] = {
    "database-log": (
        "Databasens egen logg har krypterade rader tills den har skrivits över.",
        "The database's own log holds encrypted rows until it is overwritten.",
    ),
    "messages-sent": (
        "Sms och e-post som redan är skickade finns hos mottagaren och operatören.",
        "Messages already sent are with the recipient and the provider.",
    ),
    "key-backups": (
        "Säkerhetskopior av nycklar gallras. Gravstenen hindrar att de används.",
        "Backups of keys age out. The tombstone keeps them from being used.",
    ),
    "delivery-records": (
        "Att händelser har skickats: bara id och typ.",
        "That events were sent: ids and types only.",
    ),
    "audit": (
        "Granskningsloggen: vem som läste ett ärende, utan namn på den det gällde.",
        "The audit: who read a case, without the name of whom it was about.",
    ),
}
"""Code → Swedish, English."""

ALIKE_IN_WORDS: Mapping[str, tuple[str, str]] = {
    "referrals": (
        "Anmälningar som kan gälla samma person. En ärendeansvarig behöver besluta om dem.",
        "Referrals that may be about the same person. A case lead needs to decide on them.",
    ),
    "cases": (
        "Andra ärenden som kan gälla samma person. Vart och ett raderas för sig.",
        "Other cases that may be of the same person. Each is erased on its own.",
    ),
}
"""What stays, counted: code → Swedish, English."""
