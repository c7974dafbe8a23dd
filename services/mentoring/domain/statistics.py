"""Counts for funders, from which nobody can be picked out. Source: DESIGN §1, goal M12.

A tally is a row without a person: what happened in which quarter, and a few attributes. A table
counts the tallies of one kind by one attribute. Before it is published a count below `LEAST` is
hidden, the others are rounded to `BASE`, and then an attacker is played who knows the rules and
subtracts tables of the same kind from each other: as long as a hidden count could be worked out,
the smallest count that is still shown is hidden too. A period is published once and never again,
so two versions of a table cannot be subtracted either.

Every row that could be is counted, also with nobody in it: a row that stands there because there is
somebody says that there is. Of the 290 municipalities those that are hidden are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, get_args

from services.mentoring.domain.closing import OUTCOMES
from services.mentoring.domain.consultation import Profession, Topic
from services.mentoring.domain.referral import ReferrerKind
from shared.kernel.municipalities import MUNICIPALITIES

LEAST, BASE = 5, 5
"""The fewest that are shown, and what is rounded to."""
MUST_BE_POSSIBLE = 3
"""How many values a hidden count can have at least, for all that an attacker can tell."""

Kind = Literal["referral", "case-opened", "case-closed", "consultation"]
Table = Mapping[str, int | None]
Tables = Mapping[str, Table]
"""Table (`kind/attribute`) → row → rounded count, or None where it is hidden."""

UNKNOWN = "unknown"
PLACE = "municipality"
AGE_BANDS: Sequence[tuple[int, str]] = (
    (12, "under-13"),
    (15, "13-15"),
    (18, "16-18"),
    (25, "19-25"),
    (10_000, "over-25"),
)
"""Last age → band: the five of the centre's accounts."""

ROWS: Mapping[Kind, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "referral": {"referrer": frozenset(get_args(ReferrerKind))},
        "case-opened": {
            "age-band": frozenset(band for _, band in AGE_BANDS),
            PLACE: MUNICIPALITIES,
        },
        "case-closed": {"outcome": OUTCOMES},
        "consultation": {
            "profession": frozenset(get_args(Profession)),
            "topic": frozenset(get_args(Topic)),
            PLACE: MUNICIPALITIES,
        },
    }
)
"""All rows that a table can have, beside `unknown`."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Something that is counted in a quarter. No id, no day, nobody."""

    kind: Kind
    quarter: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Between:
    """What an attacker knows of a count: it is at least and at most this."""

    least: int
    most: int


def quarter_of(day: date) -> str:
    """For example 2027-Q1."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def is_over(quarter: str, today: date) -> bool:
    """Whether a quarter has ended: only then is it published."""
    return quarter < quarter_of(today)


def age_band(born: date | None, on: date) -> str:
    """The five bands of the centre's accounts, or `unknown`."""
    if born is None:
        return UNKNOWN
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return next(band for last, band in AGE_BANDS if age <= last)


def tables_of(tallies: Iterable[Tally]) -> Tables:
    """The tables of one period, safe to be published: the same tables and rows every time."""
    counted = _nobody()
    for tally in tallies:
        for attribute, rows in counted[tally.kind].items():
            value = tally.attributes.get(attribute, UNKNOWN)
            rows[value if value in rows else UNKNOWN] += 1
    return {
        f"{kind}/{attribute}": _listed(attribute, table)
        for kind in sorted(counted)
        for attribute, table in safe(counted[kind]).items()
    }


def _nobody() -> dict[Kind, dict[str, Counter[str]]]:
    return {
        kind: {
            attribute: Counter(dict.fromkeys({*rows, UNKNOWN}, 0)) for attribute, rows in of.items()
        }
        for kind, of in ROWS.items()
    }


def _listed(attribute: str, table: Table) -> Table:
    if attribute != PLACE:
        return table
    return {row: value for row, value in table.items() if value is not None}


def safe(counts: Mapping[str, Mapping[str, int]]) -> dict[str, Table]:
    """Tables of one kind, by attribute, hidden and rounded until no hidden count can be found."""
    shown: dict[str, dict[str, int | None]] = {
        attribute: {row: rounded(count) for row, count in sorted(rows.items())}
        for attribute, rows in sorted(counts.items())
    }
    while weak := _weak(shown):
        _hide_smallest(shown[weak])
    return {attribute: dict(rows) for attribute, rows in shown.items()}


def rounded(count: int) -> int | None:
    """To the nearest multiple of `BASE`; None below `LEAST`."""
    if count < LEAST:
        return None
    return (count + BASE // 2) // BASE * BASE


def known_of(value: int | None) -> Between:
    """What a published cell tells of its count. One that is hidden may be anything small.

    A cell that was hidden to protect another is larger than `LEAST`, which an attacker does not
    know: to count it as small makes the attacker stronger than they are.
    """
    if value is None:
        return Between(0, LEAST - 1)
    return Between(max(LEAST, value - BASE // 2), value + (BASE - 1) // 2)


def possible(tables: Mapping[str, Table]) -> dict[tuple[str, str], Between]:
    """What an attacker who knows that all tables count the same can tell of each hidden count."""
    sums = [_sum(known_of(value) for value in rows.values()) for rows in tables.values() if rows]
    everybody = Between(
        max((each.least for each in sums), default=0), min((each.most for each in sums), default=0)
    )
    found: dict[tuple[str, str], Between] = {}
    alone = known_of(None)
    for attribute, rows in tables.items():
        whole = _sum(known_of(value) for value in rows.values())
        others = Between(whole.least - alone.least, whole.most - alone.most)
        for row, value in rows.items():
            if value is not None:
                continue
            found[attribute, row] = Between(
                max(alone.least, everybody.least - others.most),
                min(alone.most, everybody.most - others.least),
            )
    return found


def _weak(tables: Mapping[str, Mapping[str, int | None]]) -> str | None:
    """A table with a count to hide because some hidden count could be worked out; None if safe."""
    for (attribute, _), between in possible(tables).items():
        if between.most - between.least + 1 >= MUST_BE_POSSIBLE:
            continue
        if any(value is not None for value in tables[attribute].values()):
            return attribute
        others = (name for name, rows in tables.items() if any(rows.values()))
        return next(others, None)
    return None


def _hide_smallest(rows: dict[str, int | None]) -> None:
    shown = [(value, row) for row, value in rows.items() if value is not None]
    rows[min(shown)[1]] = None


def _sum(parts: Iterable[Between]) -> Between:
    several: Sequence[Between] = tuple(parts)
    return Between(sum(each.least for each in several), sum(each.most for each in several))
