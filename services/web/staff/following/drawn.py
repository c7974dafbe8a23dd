"""A published table as a picture and a table beside it; groups that are hidden are never drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.web.staff.words import StaffWords
from services.web.wording import WORDS

_DRAWN = 20
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Chart:
    """`rows` are counted; `drawn` are those of them that a picture has room for.

    `hidden` are the names of groups that are too small, as long as they are few; `unseen` how many.
    """

    name: str
    rows: Sequence[tuple[str, int]]
    hidden: Sequence[str]
    unseen: int

    @property
    def drawn(self) -> Sequence[tuple[str, int]]:
        """The largest of very many, in the same order."""
        if len(self.rows) <= _DRAWN:
            return self.rows
        least = sorted((count for _, count in self.rows), reverse=True)[_DRAWN - 1]
        return [row for row in self.rows if row[1] >= least][:_DRAWN]

    @property
    def most(self) -> int:
        """The largest count."""
        return max((count for _, count in self.rows), default=0)


def chart_of(
    words: StaffWords, name: str, table: Mapping[str, int | None], order: Sequence[str] = ()
) -> Chart:
    """Rows in the order that is given; those that are not in it after them, by their names."""
    place = {row: number for number, row in enumerate(order)}
    named = sorted(
        ((place.get(row, len(place)), said(words, row), count) for row, count in table.items()),
        key=lambda each: each[:2],
    )
    hidden = [row for _, row, count in named if count is None]
    rows = [(row, count) for _, row, count in named if count is not None]
    return Chart(name, rows, hidden if len(hidden) <= _NAMED else (), len(hidden))


def by_count(chart: Chart) -> Chart:
    """The same with the largest first."""
    rows = sorted(chart.rows, key=lambda row: (-row[1], row[0]))
    return Chart(chart.name, rows, chart.hidden, chart.unseen)


def said(words: StaffWords, code: str, what: str = "row") -> str:
    """A code in words; a municipality, and a code without words here, as it is."""
    known = f"staff_statistics_{what}_{code.replace('-', '_')}"
    return words(known) if known in WORDS[words.language] else code
