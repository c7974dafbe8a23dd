"""The collections, and every index with the question that it answers or the rule that it keeps."""

from __future__ import annotations

from datetime import timedelta

from pymongo import ASCENDING, DESCENDING

from shared.mongo.client import Database

CARDS, BOOKINGS, MESSAGES, DELIVERIES = "cards", "bookings", "messages", "deliveries"
REMINDERS, OFFERS, NUMBERS, REPLIES, HELPS = "reminders", "offers", "numbers", "replies", "helps"

_KEPT = int(timedelta(days=90).total_seconds())


async def make_indexes(database: Database) -> None:
    """Make what is missing. Safe to call at every start and from several processes."""
    await _of_cards_and_offers(database)
    await _of_messages(database)
    await _of_deliveries(database)
    # Which reminders are due?
    await database[REMINDERS].create_index(
        [("due_at", ASCENDING)], name="due", partialFilterExpression={"state": "waiting"}
    )
    await database[REMINDERS].create_index("recipient", name="of_recipient")
    # Was this inbound SMS taken before; may this number be helped again today? Old ones go.
    await database[REPLIES].create_index("at", name="kept", expireAfterSeconds=_KEPT)
    await database[HELPS].create_index("at", name="kept", expireAfterSeconds=_KEPT)


async def _of_cards_and_offers(database: Database) -> None:
    # Whose link, whose number is this?
    await database[CARDS].create_index(
        "link", name="by_link", unique=True, partialFilterExpression={"link": {"$type": "string"}}
    )
    await database[CARDS].create_index(
        "number", name="by_number", partialFilterExpression={"number": {"$type": "string"}}
    )
    # A code is never used again for a number; and: which offers were made to it?
    await database[OFFERS].create_index(
        [("number", ASCENDING), ("code", ASCENDING)],
        name="by_number",
        unique=True,
        partialFilterExpression={"number": {"$type": "string"}},
    )
    await database[OFFERS].create_index("booking_id", name="of_booking")
    await database[OFFERS].create_index("recipient", name="of_recipient")
    await database[BOOKINGS].create_index("recipient", name="of_recipient")


async def _of_messages(database: Database) -> None:
    messages = database[MESSAGES]
    # What happened to this booking? (the journal, and staff)
    await messages.create_index([("about", ASCENDING), ("_id", ASCENDING)], name="about")
    # Somebody's inbox, newest first.
    await messages.create_index(
        [("recipient", ASCENDING), ("created_at", DESCENDING)], name="of_recipient"
    )
    # Which have waited too long for a card?
    await messages.create_index(
        "created_at",
        name="waiting",
        partialFilterExpression={"state": "waiting-for-card"},
    )


async def _of_deliveries(database: Database) -> None:
    deliveries = database[DELIVERIES]
    # At most one SMS per number whose fate is open (the rule that reconciling rests on).
    await deliveries.create_index(
        "holds",
        name="one_open_per_number",
        unique=True,
        partialFilterExpression={"holds": {"$type": "string"}},
    )
    # An entry of the provider's list belongs to one delivery.
    await deliveries.create_index(
        "provider_id",
        name="one_owner",
        unique=True,
        partialFilterExpression={"provider_id": {"$type": "string"}},
    )
    # What is due on this channel? What was left open? What waits for a person?
    for state in ("queued", "sending", "unresolved", "uncertain"):
        await deliveries.create_index(
            [("channel", ASCENDING), ("due_at", ASCENDING)],
            name=state,
            partialFilterExpression={"state": state},
        )
    await deliveries.create_index("message_id", name="of_message")
    await deliveries.create_index("about", name="about")
    await deliveries.create_index("recipient", name="of_recipient")
