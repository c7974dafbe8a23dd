"""The cases that somebody stands around: narrowed, sorted, a page at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from services.mentoring.domain.access import Granted
from services.mentoring.domain.phases import PHASES, Phase
from services.mentoring.domain.rights import RelationKind
from services.mentoring.domain.waiting import WAITS, Wait
from services.mentoring.policy import sees
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.disclosing import Disclosing
from services.mentoring.use_cases.see_case import Seen
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor

Order = Literal[
    "newest",
    "oldest",
    "pseudonym",
    "-pseudonym",
    "phase",
    "-phase",
    "urgent",
    "next-review",
    "-next-review",
    "last-contact",
    "-last-contact",
    "phase-since",
]


@dataclass(frozen=True, slots=True)
class CasesWanted:
    """What a list is narrowed to; what is empty narrows nothing. Sorted in `order`.

    `words` are a part of the code word pair, in any letters.
    """

    phases: frozenset[Phase] = frozenset()
    words: str = ""
    you_are: frozenset[RelationKind] = frozenset()
    waits: frozenset[Wait] = frozenset()
    order: Order = "newest"

    def fits(self, seen: Seen) -> bool:
        """Whether a case belongs to the list; asked only of what the asker may see of it."""
        return (
            (not self.phases or seen.case.phase in self.phases)
            and (not self.you_are or bool(seen.relations & self.you_are))
            and (not self.waits or bool(self.waits & set(seen.waits)))
            and self.words.casefold() in seen.case.pseudonym.casefold()
        )


@dataclass(frozen=True, slots=True)
class SomeCases:
    """A page of them, and how many there are."""

    items: Sequence[Seen]
    total: int


class _Down:
    """A key the other way round, beside one that is not: what has no day stays last."""

    def __init__(self, key: Any) -> None:
        self.key = key

    def __lt__(self, other: _Down) -> bool:
        return bool(other.key < self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Down) and bool(self.key == other.key)

    __hash__ = None  # type: ignore[assignment]


def _newest_day(day: date | None) -> tuple[bool, _Down]:
    return day is None, _Down(day.isoformat() if day else "")


def _oldest_day(day: date | None) -> tuple[bool, str]:
    """What has no day, or none that the asker may read, comes last."""
    return day is None, day.isoformat() if day else ""


def _urgency(seen: Seen) -> tuple[int, int]:
    return (WAITS.index(seen.waits[0]) if seen.waits else len(WAITS), -len(seen.waits))


_ALPHABET = str.maketrans("åäö", "{|}")
"""Å, Ä, Ö come after Z, in this order."""


def _word(seen: Seen) -> str:
    return seen.case.pseudonym.casefold().translate(_ALPHABET)


_Key = Callable[[Seen], Any]
_KEYS: Mapping[Order, _Key | None] = MappingProxyType(
    {
        "newest": None,
        "oldest": lambda seen: seen.case.id,
        "pseudonym": _word,
        "-pseudonym": lambda seen: _Down(_word(seen)),
        "phase": lambda seen: PHASES.index(seen.case.phase),
        "-phase": lambda seen: -PHASES.index(seen.case.phase),
        "phase-since": lambda seen: seen.case.phase_since,
        "urgent": _urgency,
        "next-review": lambda seen: _oldest_day(seen.of("plan", seen.case.next_review_on)),
        "-next-review": lambda seen: _newest_day(seen.of("plan", seen.case.next_review_on)),
        "-last-contact": lambda seen: _newest_day(seen.of("contact", seen.case.last_contact_on)),
        "last-contact": lambda seen: _oldest_day(seen.of("contact", seen.case.last_contact_on)),
    }
)
"""How a list is sorted, and by nothing that the asker may not read; alike ones: newest first."""


@dataclass(frozen=True, slots=True)
class ListCases:
    """The cases that you stand around, by code word pair. Never a name.

    Narrowed and sorted by what you may read of each; how many there are counts yours only.
    """

    disclosing: Disclosing

    async def __call__(
        self, wanted: CasesWanted, *, by: Actor, limit: int, offset: int
    ) -> SomeCases:
        """Each case that is shown leaves an entry in the audit before the list is given.

        Raises AuditUnavailable, or what `Disclosing.ensure_still` does.
        """
        asked_at, now = time.monotonic(), self.disclosing.clock.now()
        around = await self.disclosing.cases.around(username_of(by), by=by)
        mine = [
            seen
            for case in around
            if isinstance(granted := sees(case, by, now, "list"), Granted)
            if wanted.fits(seen := Seen.by(by, case, granted, now))
        ]
        key = _KEYS[wanted.order]
        ordered = mine if key is None else sorted(mine, key=key)
        page = ordered[offset : offset + limit]
        sealed = Sealed(page, subjects=[each.case.id for each in page], fields=["overview"])
        shown = await self.disclosing.audit.open(
            by, sealed, purpose=Purpose.CASE_WORK, rule="list-own"
        )
        await self.disclosing.ensure_still(
            asked_at,
            [each.case.id for each in shown],
            lambda case, now: isinstance(sees(case, by, now, "list"), Granted),
            by=by,
        )
        return SomeCases(shown, len(mine))
