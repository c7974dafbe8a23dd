"""Who came, in figures: what the routes answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.booking.domain.attendance_figures import BASE, LEAST, KindFigures
from services.booking.use_cases.publish_figures import QuarterLine
from services.booking.use_cases.records import PublishedFigures

_WORKSHOP: dict[str, Any] = {
    "occasions": 12,
    "people": 310,
    "tables": {
        "age": {"grade-8": 180, "grade-9": 105, "leader": 25, "16-18": None},
        "municipality": {"Malmö": 225, "Lund": 85},
    },
}
_AT = "2027-04-02T08:00:00Z"


class KindOut(BaseModel):
    """One kind of activity. Null: too few to be shown, or shown they would give those away."""

    occasions: int | None
    people: int | None
    tables: dict[str, dict[str, int | None]] = Field(description="age, municipality: rad → antal")

    @classmethod
    def of(cls, figures: KindFigures) -> KindOut:
        """From the domain."""
        tables = {name: dict(rows) for name, rows in figures.tables.items()}
        return cls(occasions=figures.occasions, people=figures.people, tables=tables)


class FiguresOut(BaseModel):
    """People who came in a quarter, by kind of activity: in all, by age and by municipality."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "quarter": "2027-Q1",
                "published_at": _AT,
                "kinds": {"workshop": _WORKSHOP},
                "rounded_to": BASE,
                "least_shown": LEAST,
            }
        }
    )

    quarter: str
    published_at: AwareDatetime
    kinds: dict[str, KindOut]
    rounded_to: int
    least_shown: int

    @classmethod
    def of(cls, figures: PublishedFigures) -> FiguresOut:
        """From what was published."""
        return cls(
            quarter=str(figures.quarter),
            published_at=figures.at,
            kinds={kind: KindOut.of(each) for kind, each in figures.kinds.items()},
            rounded_to=BASE,
            least_shown=LEAST,
        )


class QuarterOut(BaseModel):
    """A quarter that is over. `uncounted` occasions had bookings, and nobody counted who came.

    `people` by kind as they were published; null while the quarter is not.
    """

    quarter: str
    counted: int
    uncounted: int
    published_at: AwareDatetime | None
    people: dict[str, int | None] | None

    @classmethod
    def of(cls, line: QuarterLine) -> QuarterOut:
        """From the use case."""
        done = line.published
        return cls(
            quarter=str(line.quarter),
            counted=line.counted,
            uncounted=line.uncounted,
            published_at=done.at if done else None,
            people={kind: each.people for kind, each in done.kinds.items()} if done else None,
        )


class QuartersOut(BaseModel):
    """The quarters that can be accounted for, the newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "items": [
                    {
                        "quarter": "2027-Q1",
                        "counted": 12,
                        "uncounted": 1,
                        "published_at": _AT,
                        "people": {"workshop": 310, "consultation": None},
                    }
                ]
            }
        }
    )

    items: list[QuarterOut]

    @classmethod
    def of(cls, lines: Sequence[QuarterLine]) -> QuartersOut:
        """From the use case."""
        return cls(items=[QuarterOut.of(each) for each in lines])
