"""A party: one person, or a group of pupils and adults. Names are not needed to count heads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from services.booking.domain.rules import (
    ClassWithoutPupils,
    IndividualIsOne,
    PartySizeOutOfRange,
    TextTooLong,
    UnknownAgeBand,
    UnknownGrade,
)
from shared.kernel.joiners import is_one_line

PartyKind = Literal["individual", "group"]
LARGEST_PARTY = 2000
LONGEST_NAME = 120
GRADES = ("f", "1", "2", "3", "4", "5", "6", "7", "8", "9", "gy1", "gy2", "gy3")
AGE_BANDS = ("under-13", "13-15", "16-18", "19-25", "over-25")


@dataclass(frozen=True, slots=True)
class Party:
    """Who comes, in numbers and in the few words that statistics need.

    `grade` is one of GRADES, `age_band` one of AGE_BANDS; either may be missing. Make one with
    `individual` or `group`, which refuse what cannot be.
    """

    kind: PartyKind
    pupils: int
    adults: int
    grade: str | None = None
    age_band: str | None = None
    municipality: str | None = None
    school: str | None = None
    class_name: str | None = None

    @property
    def size(self) -> int:
        """People in all."""
        return self.pupils + self.adults


def individual(
    *, adult: bool = False, age_band: str | None = None, municipality: str | None = None
) -> Party:
    """One person: a young one, or an adult. Raises UnknownAgeBand or TextTooLong."""
    return checked(
        Party(
            "individual",
            pupils=0 if adult else 1,
            adults=1 if adult else 0,
            age_band=age_band,
            municipality=municipality,
        )
    )


def group(
    *,
    pupils: int,
    adults: int,
    grade: str | None = None,
    age_band: str | None = None,
    municipality: str | None = None,
    school: str | None = None,
    class_name: str | None = None,
) -> Party:
    """1 to 2,000 people, of a class at least one pupil.

    Raises PartySizeOutOfRange, ClassWithoutPupils, UnknownGrade, UnknownAgeBand, TextTooLong.
    """
    return checked(
        Party("group", pupils, adults, grade, age_band, municipality, school, class_name)
    )


def checked(party: Party) -> Party:
    """The party itself, when it can be."""
    if party.pupils < 0 or party.adults < 0:
        raise PartySizeOutOfRange
    ensure_size(party.size)
    if party.kind == "individual" and party.size != 1:
        raise IndividualIsOne
    if party.kind == "group" and not party.pupils and (party.class_name or party.grade):
        raise ClassWithoutPupils
    if party.grade is not None and party.grade not in GRADES:
        raise UnknownGrade
    if party.age_band is not None and party.age_band not in AGE_BANDS:
        raise UnknownAgeBand
    for text in (party.municipality, party.school, party.class_name):
        if text is not None:
            ensure_short(text, LONGEST_NAME)
    return party


def resized(party: Party, pupils: int, adults: int) -> Party:
    """The party with another head count.

    Raises what `checked` does; ClassWithoutPupils also for any group whose pupils all stay away.
    """
    if party.kind == "group" and party.pupils and not pupils and adults > 0:
        raise ClassWithoutPupils
    return checked(replace(party, pupils=pupils, adults=adults))


def ensure_size(size: int) -> None:
    """Raises PartySizeOutOfRange outside 1 to 2,000."""
    if not 1 <= size <= LARGEST_PARTY:
        raise PartySizeOutOfRange


def ensure_short(text: str, limit: int) -> None:
    """Raises TextTooLong for more than `limit` characters or anything but one printable line."""
    if len(text) > limit or not is_one_line(text):
        raise TextTooLong(limit=limit)
