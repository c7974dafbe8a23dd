"""The collections of feeds, and every index with the question that it answers."""

from __future__ import annotations

from datetime import timedelta

from pymongo import ASCENDING, DESCENDING

from shared.mongo.client import Database

LOG = "feed_log"
COUNTER = "feed_counter"
PARTNERS = "feed_partners"
ENDPOINTS = "feed_webhooks"
RECEIPTS = "feed_receipts"
ATTEMPTS = "feed_attempts"
LOST = "feed_lost"
ERRANDS = "feed_errands"
NOTICES = "feed_notices"
BULLETINS = "feed_bulletins"
REDACTIONS = "feed_redactions"
MEASURES = "feed_measures"

ATTEMPTS_KEPT = timedelta(days=30)


async def make_indexes(database: Database) -> None:
    """Make what is missing. Safe to call at every start and from several processes."""
    log, partners = database[LOG], database[PARTNERS]
    # Which position has this id? And: an event is an entry once.
    await log.create_index("event_id", name="by_event", unique=True)
    # What is there about something that is to be taken out?
    await log.create_index([("subject", ASCENDING), ("_id", ASCENDING)], name="by_subject")
    # From which position on is a replay since Tuesday?
    await log.create_index("at", name="by_time")
    # Whose key is this? Names, keys and clients are one partner's.
    await partners.create_index("name", name="by_name", unique=True)
    await partners.create_index("keys.id", name="by_key", unique=True, sparse=True)
    with_client = {"client": {"$type": "string"}}
    await partners.create_index(
        "client", name="by_client", unique=True, partialFilterExpression=with_client
    )
    # Which webhooks has a partner?
    await database[ENDPOINTS].create_index("partner_id", name="by_partner")
    # What was tried lately? Old tries go by themselves.
    attempts = database[ATTEMPTS]
    await attempts.create_index([("webhook", ASCENDING), ("_id", DESCENDING)], name="newest")
    kept = int(ATTEMPTS_KEPT.total_seconds())
    await attempts.create_index("at", name="kept", expireAfterSeconds=kept)
    # What did a webhook never get? What is it asked to do?
    await database[LOST].create_index([("webhook", ASCENDING), ("position", ASCENDING)], name="of")
    await database[ERRANDS].create_index([("state", ASCENDING), ("_id", ASCENDING)], name="waiting")
    await database[NOTICES].create_index([("partner_id", ASCENDING), ("_id", ASCENDING)], name="of")
    # Was this taken out before it came?
    await database[REDACTIONS].create_index("about", name="about")
    # Which bulletins wait for an editor? Which are a partner's own?
    bulletins = database[BULLETINS]
    await bulletins.create_index([("state", ASCENDING), ("_id", ASCENDING)], name="waiting")
    await bulletins.create_index([("partner_id", ASCENDING), ("_id", ASCENDING)], name="own")
