"""Who came, in figures for funders, from which nobody can be picked out. Source: DESIGN §1.

People who came are counted by kind of activity, and within a kind by age (band or grade) and by
municipality. A count below `LEAST` is hidden, the others are rounded to `BASE`. Then an attacker is
played who knows these rules and exactly how many came in all, as whoever stood at the door does,
and subtracts what is shown from it: where a hidden count could be worked out the whole table is
hidden. Whether it is depends on nothing but what would be shown and that sum, so it tells nothing
either (to hide one more row at a time does: a test of that found people). As the sum is the most
that one table could tell of another, tables cannot be subtracted from each other. A quarter is
published once and never again, so two versions of a table cannot be.

Every row that could be is counted, also with nobody in it: a row that stands there because there is
somebody says that there is. Of the municipalities those that are hidden are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from services.booking.domain.activity import ACTIVITY_KINDS, ActivityKind
from services.booking.domain.party import AGE_BANDS, GRADES
from shared.kernel.municipalities import MUNICIPALITIES

LEAST, BASE = 5, 5
"""The fewest that are shown, and what is rounded to."""
MUST_BE_POSSIBLE = 3
"""How many values a hidden small count can have at least, for all that an attacker can tell."""

Table = Mapping[str, int | None]
"""Row → rounded count, or None where it is hidden."""
Attribute = Literal["age", "municipality"]
UNKNOWN, LEADER = "unknown", "leader"
ROWS: Mapping[Attribute, frozenset[str]] = MappingProxyType(
    {
        "age": frozenset({*AGE_BANDS, *(f"grade-{grade}" for grade in GRADES), LEADER, UNKNOWN}),
        "municipality": MUNICIPALITIES | {UNKNOWN},
    }
)
"""All rows that a table can have. `leader`: the adults who came with a group."""


@dataclass(frozen=True, slots=True)
class Came:
    """So many people with the same few attributes came. No id, no day, nobody."""

    kind: ActivityKind
    in_group: bool
    pupils: int
    adults: int
    age_band: str | None = None
    grade: str | None = None
    municipality: str | None = None

    @property
    def people(self) -> int:
        """In all."""
        return self.pupils + self.adults


@dataclass(frozen=True, slots=True)
class KindFigures:
    """One kind of activity in one quarter: occasions, people in all, and people by attribute.

    How many occasions there were is no secret, as the programme is public; it is left out all the
    same where the people are, as a consultation is one person.
    """

    occasions: int | None
    people: int | None
    tables: Mapping[str, Table]


Figures = Mapping[str, KindFigures]
"""Kind of activity → its figures: every kind, every time."""


def figures_of(came: Iterable[Came], held: Mapping[str, int]) -> Figures:
    """The figures of a quarter, safe to be published; `held` are occasions that people came to."""
    counted: dict[str, dict[Attribute, Counter[str]]] = {
        kind: {attribute: Counter() for attribute in ROWS} for kind in ACTIVITY_KINDS
    }
    for each in came:
        _count(counted[each.kind], each)
    return {kind: _figures(tables, held.get(kind, 0)) for kind, tables in counted.items()}


def _count(tables: Mapping[Attribute, Counter[str]], came: Came) -> None:
    young = f"grade-{came.grade}" if came.grade else came.age_band
    grown = LEADER if came.in_group else came.age_band
    tables["age"][_known("age", young)] += came.pupils
    tables["age"][_known("age", grown)] += came.adults
    tables["municipality"][_known("municipality", came.municipality)] += came.people


def _known(attribute: Attribute, row: str | None) -> str:
    return row if row is not None and row in ROWS[attribute] else UNKNOWN


def _figures(tables: Mapping[Attribute, Counter[str]], occasions: int) -> KindFigures:
    people = rounded(tables["age"].total())
    shown: dict[str, Table] = {}
    for attribute, counts in tables.items():
        table = safe({row: counts[row] for row in sorted(ROWS[attribute])})
        if attribute == "municipality":
            table = {row: value for row, value in table.items() if value is not None}
        shown[attribute] = table
    return KindFigures(None if people is None else occasions, people, shown)


def rounded(count: int) -> int | None:
    """To the nearest multiple of `BASE`; None below `LEAST`."""
    if count < LEAST:
        return None
    return (count + BASE // 2) // BASE * BASE


def safe(counts: Mapping[str, int]) -> Table:
    """A table from which, and from the sum, no small count can be found: rounded, or all hidden."""
    shown = {row: rounded(count) for row, count in counts.items()}
    hides = any(value is None for value in shown.values())
    if hides and len(possible(shown, sum(counts.values()))) < MUST_BE_POSSIBLE:
        return dict.fromkeys(shown)
    return shown


def possible(table: Table, total: int) -> frozenset[int]:
    """What a hidden row's count may be, for all that somebody who knows the sum can tell."""
    shown = [value for value in table.values() if value is not None]
    others = len(table) - len(shown) - 1
    hidden_least = total - sum(value + (BASE - 1) // 2 for value in shown)
    hidden_most = total - sum(max(LEAST, value - BASE // 2) for value in shown)
    return frozenset(
        count
        for count in range(LEAST)
        if count <= hidden_most and hidden_least - count <= others * (LEAST - 1)
    )
