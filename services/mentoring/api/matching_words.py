"""What both sides of a matching are said in: short codes, times of the week, where one belongs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.mentoring.domain.matching import Window
from services.mentoring.domain.mentor import Belonging
from services.mentoring.domain.mentor_rules import TimesOutOfShape
from shared.web.whole_number import WholeNumber

MatchCode = Annotated[
    str, StringConstraints(pattern=r"^[a-zåäö0-9]+(-[a-zåäö0-9]+)*$", max_length=40)
]
"""A short word that both sides spell the same way: a language, a neighbourhood, a movement."""
Codes = Annotated[list[MatchCode], Field(max_length=60)]
ClockTime = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
WINDOW: dict[str, Any] = {"weekday": 1, "starts": "17:00", "ends": "19:00"}
BELONGING: dict[str, Any] = {
    "movements": [],
    "neighbourhoods": ["rosengård"],
    "organisations": [],
}


class WindowModel(BaseModel):
    """A time of every week; weekday 0 is Monday."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": WINDOW})

    weekday: WholeNumber = Field(ge=0, le=6)
    starts: ClockTime
    ends: ClockTime

    def window(self) -> Window:
        """For the domain. Raises TimesOutOfShape."""
        starts, ends = _minutes(self.starts), _minutes(self.ends)
        if starts >= ends:
            raise TimesOutOfShape
        return Window(self.weekday, starts, ends)

    @classmethod
    def all_of(cls, windows: Iterable[Window]) -> list[WindowModel]:
        """From the domain, in the order of the week."""
        return [
            cls(weekday=each.weekday, starts=_clock(each.start), ends=_clock(each.until))
            for each in sorted(windows)
        ]


Windows = Annotated[list[WindowModel], Field(max_length=60)]


class BelongingModel(BaseModel):
    """Where somebody belongs or is known, or whom they must not meet, in codes."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": BELONGING})

    movements: Codes = Field(default_factory=list)
    neighbourhoods: Codes = Field(default_factory=list)
    organisations: Codes = Field(default_factory=list)

    def belonging(self) -> Belonging:
        """For the domain."""
        return Belonging(
            frozenset(self.movements),
            frozenset(self.neighbourhoods),
            frozenset(self.organisations),
        )

    @classmethod
    def of(cls, known: Belonging) -> BelongingModel:
        """From the domain."""
        return cls(
            movements=sorted(known.movements),
            neighbourhoods=sorted(known.neighbourhoods),
            organisations=sorted(known.organisations),
        )


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
