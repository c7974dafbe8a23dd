"""Who came, added up by the database: no id of anybody leaves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from services.booking.domain.attendance_figures import Came
from services.booking.domain.quarter import Quarter
from services.booking.storage.indexes import BOOKINGS, FIGURES, OCCASIONS
from services.booking.storage.published_figures import figures_of
from services.booking.use_cases.publish_figures import Attended
from services.booking.use_cases.records import PublishedFigures
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Document


class MongoAttendanceFigures:
    """See the port in `use_cases.publish_figures`. Figures are of nobody; whoever asks is named."""

    def __init__(self, database: Database) -> None:
        self._occasions, self._figures = database[OCCASIONS], database[FIGURES]

    async def attended(self, quarter: Quarter, *, by: Actor) -> Attended:  # noqa: ARG002
        """See the port."""
        held = _held(quarter.begins, quarter.ends)
        came = [_came(each) async for each in self._occasions.aggregate([held, *_ADDED_UP])]
        counted = {"$match": {"places.attended": {"$exists": True}}}
        kinds = [held, counted, {"$group": {"_id": "$kind", "occasions": {"$sum": 1}}}]
        found = [each async for each in self._occasions.aggregate(kinds)]
        return Attended(came, Counter({each["_id"]: each["occasions"] for each in found}))

    async def occasions(
        self,
        first: datetime,
        end: datetime,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sequence[tuple[datetime, bool]]:
        """See the port."""
        stages = [_held(first, end), {"$match": {"people.confirmed": {"$gt": 0}}}, _IS_COUNTED]
        found = self._occasions.aggregate(stages)
        return [(each["starts_at"], each["counted"]) async for each in found]

    async def published(
        self,
        quarters: Sequence[Quarter],
        *,
        by: Actor,  # noqa: ARG002
    ) -> Mapping[Quarter, PublishedFigures]:
        """See the port."""
        found = self._figures.find({"_id": {"$in": list(map(str, quarters))}})
        read = [figures_of(each) async for each in found]
        return {each.quarter: each for each in read}


def _held(first: datetime, end: datetime) -> Document:
    return {"$match": {"starts_at": {"$gte": first, "$lt": end}, "cancelled": None}}


_IS_COUNTED: Document = {
    "$project": {
        "starts_at": 1,
        "counted": {
            "$anyElementTrue": {
                "$map": {"input": "$places", "in": {"$gt": ["$$this.attended", None]}}
            }
        },
    }
}
_ALIKE = ("kind", "age_band", "grade", "municipality")
_ADDED_UP: Sequence[Document] = (
    {"$unwind": "$places"},
    {"$match": {"places.attended": {"$exists": True}}},
    {
        "$lookup": {
            "from": BOOKINGS,
            "localField": "places.booking_id",
            "foreignField": "_id",
            "as": "booking",
            "pipeline": [{"$project": {"party": 1}}],
        }
    },
    {"$unwind": "$booking"},
    {
        "$group": {
            "_id": {
                "activity": "$kind",
                **{name: f"$booking.party.{name}" for name in _ALIKE},
            },
            "pupils": {"$sum": "$places.attended.pupils"},
            "adults": {"$sum": "$places.attended.adults"},
        }
    },
)


def _came(row: Document) -> Came:
    alike = row["_id"]
    return Came(
        kind=alike["activity"],
        in_group=alike["kind"] == "group",
        pupils=row["pupils"],
        adults=row["adults"],
        age_band=alike.get("age_band"),
        grade=alike.get("grade"),
        municipality=alike.get("municipality"),
    )
