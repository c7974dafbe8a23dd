"""Printed copies of one publication in one language: how many there are, and who had how many.

The whole decision about stock and limits is one document and one versioned write, so that two
orders can never both have the last copy.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from services.publishing.domain import print_rules as rules
from services.publishing.domain.versions import Version

MOST = 1_000_000
MOST_PER_ORDER = 5_000


@dataclass(frozen=True, slots=True)
class Shelf:
    """`edition` is what lies there, `free` how many copies nobody has ordered.

    `taken` says how many each school has ordered in the school year `year` (the one that began in
    that August); another year begins with nothing taken.
    """

    publication_id: str
    language: str
    edition: Version
    free: int
    limit: int
    year: int
    taken: Mapping[str, int] = field(default_factory=dict)
    version: int = 0

    def __post_init__(self) -> None:
        if self.free < 0 or any(count < 1 for count in self.taken.values()):
            raise ValueError("no shelf holds less than nothing")

    @property
    def id(self) -> str:
        """`att-vaga-fraga/sv`."""
        return shelf_id(self.publication_id, self.language)


def shelf_id(publication_id: str, language: str) -> str:
    """A shelf's id."""
    return f"{publication_id}/{language}"


def school_year(day: date) -> int:
    """The year in whose August the school year of this day began."""
    return day.year if day.month >= 8 else day.year - 1


def school_key(name: str, municipality: str) -> str:
    """One school, however it is spelled with case and spaces. Raises SchoolMissing."""
    told = [_one_line(name), _one_line(municipality)]
    if not all(told):
        raise rules.SchoolMissing
    return " · ".join(told)


def new_shelf(
    publication_id: str, language: str, edition: Version, copies: int, limit: int, day: date
) -> Shelf:
    """Raises CopiesOutOfRange."""
    _ensure(copies, 0, MOST)
    _ensure(limit, 1, MOST_PER_ORDER)
    return Shelf(publication_id, language, edition, copies, limit, school_year(day))


def deliver(shelf: Shelf, edition: Version, copies: int) -> Shelf:
    """The printer brought copies. What is left of an older edition is recycled.

    Raises:
        CopiesOutOfRange, OlderEdition.
    """
    _ensure(copies, 1, MOST)
    if edition < shelf.edition:
        raise rules.OlderEdition(edition=shelf.edition)
    left = shelf.free if edition == shelf.edition else 0
    _ensure(left + copies, 1, MOST)
    return replace(shelf, edition=edition, free=left + copies)


def counted(shelf: Shelf, free: int, limit: int) -> Shelf:
    """Somebody counted what nobody has ordered, or changed the limit. Raises CopiesOutOfRange."""
    _ensure(free, 0, MOST)
    _ensure(limit, 1, MOST_PER_ORDER)
    return replace(shelf, free=free, limit=limit)


def left_for(shelf: Shelf, school: str, day: date) -> int:
    """How many this school may still order this school year, however many there are."""
    taken = shelf.taken if school_year(day) == shelf.year else {}
    return max(0, shelf.limit - taken.get(school, 0))


def take(shelf: Shelf, school: str, copies: int, day: date) -> Shelf:
    """Set copies aside for a school.

    Raises:
        CopiesOutOfRange, OverTheLimit, OutOfStock.
    """
    _ensure(copies, 1, MOST_PER_ORDER)
    allowed = left_for(shelf, school, day)
    if copies > allowed:
        raise rules.OverTheLimit(left=allowed)
    if copies > shelf.free:
        raise rules.OutOfStock(left=shelf.free)
    year = school_year(day)
    taken = dict(shelf.taken) if year == shelf.year else {}
    taken[school] = taken.get(school, 0) + copies
    return replace(shelf, free=shelf.free - copies, year=year, taken=taken)


def give_back(shelf: Shelf, school: str, copies: int, edition: Version, ordered: date) -> Shelf:
    """An order is cancelled: its copies lie on the shelf again, unless they are of an older one."""
    free = shelf.free + copies if edition == shelf.edition else shelf.free
    taken = dict(shelf.taken)
    if school_year(ordered) == shelf.year and school in taken:
        rest = taken.pop(school) - copies
        if rest > 0:
            taken[school] = rest
    return replace(shelf, free=free, taken=taken)


def _ensure(number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise rules.CopiesOutOfRange(least=least, most=most)


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
