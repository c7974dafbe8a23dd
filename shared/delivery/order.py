"""Which event of a subject is the newest that has been seen."""

from __future__ import annotations

from pymongo import ReturnDocument

from shared.contracts.envelope import Envelope
from shared.delivery.indexes import SEEN
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Session


async def newest_per_subject(session: Session, consumer: str, envelope: Envelope) -> bool:
    """Note the event's place; False if something later of its subject was noted before.

    The handler then returns `SUPERSEDED`. Two events of one place (told in one write) are both
    new. `consumer` may be narrower than a service (`notifications:cards`) for a stream of its own.
    Works in the database that the client's URL names.
    """
    database: Database = session.client.get_default_database()
    before = await database[SEEN].find_one_and_update(
        {"_id": f"{consumer}|{envelope.teller}|{envelope.subject}"},
        {"$max": {"sequence": envelope.sequence}, "$set": {"at": real_now()}},
        upsert=True,
        return_document=ReturnDocument.BEFORE,
        session=session,
    )
    return before is None or bool(before["sequence"] <= envelope.sequence)
