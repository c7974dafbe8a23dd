"""All stores of booking's database."""

from __future__ import annotations

from dataclasses import dataclass

from services.booking.storage.activities import MongoActivities
from services.booking.storage.attendance_figures import MongoAttendanceFigures
from services.booking.storage.bookings import MongoBookings
from services.booking.storage.changes import MongoChanges
from services.booking.storage.line_moves import MongoLineMoves
from services.booking.storage.occasions import MongoOccasions
from services.booking.storage.programme import MongoProgramme
from services.booking.storage.rooms import MongoRooms
from services.booking.storage.staff_words import MongoStaffWords
from shared.mongo.client import Database


@dataclass(frozen=True, slots=True)
class Stores:
    """One of each. Every read and change names on whose behalf it is made."""

    occasions: MongoOccasions
    programme: MongoProgramme
    bookings: MongoBookings
    activities: MongoActivities
    line_moves: MongoLineMoves
    changes: MongoChanges
    staff_words: MongoStaffWords
    rooms: MongoRooms
    figures: MongoAttendanceFigures

    @classmethod
    def of(cls, database: Database) -> Stores:
        """Made once per process."""
        return cls(
            occasions=MongoOccasions(database),
            programme=MongoProgramme(database),
            bookings=MongoBookings(database),
            activities=MongoActivities(database),
            line_moves=MongoLineMoves(database),
            changes=MongoChanges(database),
            staff_words=MongoStaffWords(database),
            rooms=MongoRooms(database),
            figures=MongoAttendanceFigures(database),
        )
