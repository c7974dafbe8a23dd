"""The collections, and every index with the question that it answers or the rule that it keeps."""

from __future__ import annotations

from services.publishing.storage import feed_indexes
from services.publishing.storage.batches import MongoBatches
from services.publishing.storage.mailings import MongoMailings
from services.publishing.storage.newsletter_indexes import make_newsletter_indexes
from services.publishing.storage.publication_indexes import make_publication_indexes
from services.publishing.storage.subscriber_indexes import make_subscriber_indexes
from shared.mongo.client import Database


async def make_indexes(database: Database) -> None:
    """Make what is missing. Safe to call at every start and from several processes."""
    await MongoBatches(database).make_indexes()
    await MongoMailings(database).make_indexes()
    await feed_indexes.make_indexes(database)
    await make_newsletter_indexes(database)
    await make_publication_indexes(database)
    await make_subscriber_indexes(database)
