"""Every index of booking, and the question that it answers."""

from __future__ import annotations

from pymongo import ASCENDING, DESCENDING

from shared.mongo.client import Database

OCCASIONS = "occasions"
BOOKINGS = "bookings"
ACTIVITIES = "activities"
LINE_MOVES = "line_moves"
FIGURES = "attendance_figures"
ROOMS = "rooms"
ROOM_DAYS = "room_days"
ROOM_HOLDS = "room_holds"
ROOM_REQUESTS = "room_requests"
BY_WORDS = "by-words"


async def make_indexes(database: Database) -> None:
    """Make what is missing; making them again changes nothing."""
    await _of_occasions(database)
    await _of_bookings(database)
    await database[ACTIVITIES].create_index(
        [("title_folded", ASCENDING), ("_id", ASCENDING)], name="by-title"
    )
    # Who moved whom in this line?
    await database[LINE_MOVES].create_index(
        [("occasion_id", ASCENDING), ("_id", ASCENDING)], name="history"
    )
    await _of_rooms(database)


async def _of_occasions(database: Database) -> None:
    occasions = database[OCCASIONS]
    # The calendar: what starts between two instants, in order.
    await occasions.create_index([("starts_at", ASCENDING), ("_id", ASCENDING)], name="calendar")
    # How much of the programme fits a visitor's filters? Counted without reading an occasion.
    await occasions.create_index(
        [(name, ASCENDING) for name in ("starts_at", "cancelled", "kind", "audience", "room")],
        name="programme",
    )
    # Whose title has these words, among those that start then? Looked through, in the calendar's
    # order, without reading an occasion that has not.
    await occasions.create_index(
        [(name, ASCENDING) for name in ("starts_at", "_id", "title_folded")], name=BY_WORDS
    )
    # Where do people wait, most of them first? Few occasions have a line.
    await occasions.create_index(
        [
            ("people.waiting", DESCENDING),
            *((name, ASCENDING) for name in ("starts_at", "_id", "cancelled")),
        ],
        name="waiting",
        partialFilterExpression={"people.waiting": {"$gt": 0}},
    )
    # Which occasions does a school mean by activity and start?
    await occasions.create_index(
        [("title_folded", ASCENDING), ("starts_local", ASCENDING)], name="wanted"
    )
    # Where does time alone change something by now? Few occasions have such a moment.
    await occasions.create_index(
        "settles_at",
        name="due",
        partialFilterExpression={"settles_at": {"$type": "date"}},
    )
    # Which should somebody look at? Few should.
    await occasions.create_index(
        [("starts_at", ASCENDING), ("_id", ASCENDING)],
        name="flagged",
        partialFilterExpression={"flags.0": {"$exists": True}},
    )
    # What is long over? (needs to be deleted)
    await occasions.create_index("ends_at", name="over")


async def _of_rooms(database: Database) -> None:
    await database[ROOMS].create_index(
        [("name_folded", ASCENDING), ("_id", ASCENDING)], name="by-name"
    )
    # Which request does a hold stand for? Few holds do.
    await database[ROOM_REQUESTS].create_index("hold_id", name="hold", sparse=True)
    # Which requests will nobody come back to?
    await database[ROOM_REQUESTS].create_index("forget_at", expireAfterSeconds=0, name="kept")


async def _of_bookings(database: Database) -> None:
    bookings = database[BOOKINGS]
    # Whose link is this? Unique: a link opens one booking.
    await bookings.create_index("link_hash", unique=True, name="link")
    # Was this row imported before? Unique: two imports at once make one booking.
    await bookings.create_index(
        "fingerprint",
        unique=True,
        name="fingerprint",
        partialFilterExpression={"fingerprint": {"$type": "string"}},
    )
    # Who is on this occasion, in which state, in the order in which they came?
    await bookings.create_index(
        [("occasion_id", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)], name="on-occasion"
    )
    await bookings.create_index([("state", ASCENDING), ("_id", ASCENDING)], name="in-state")
    # Which should somebody look at, for this reason? Few should.
    await bookings.create_index(
        [("flags", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)],
        name="flagged",
        partialFilterExpression={"flags.0": {"$exists": True}},
    )
    # Whose booking does an event about a recipient concern?
    await bookings.create_index("recipient_id", name="recipient")
    # Which bookings still hold needs? Few do, and for a short time.
    await bookings.create_index(
        "occasion_id", name="needs", partialFilterExpression={"needs": {"$exists": True}}
    )
    # About which bookings have staff said something in their own words? (deleted in time)
    await bookings.create_index(
        "occasion_id", name="words", partialFilterExpression={"ended_because": {"$exists": True}}
    )
    await database[LINE_MOVES].create_index(
        "booking_id", name="words", partialFilterExpression={"reason.why": {"$exists": True}}
    )
