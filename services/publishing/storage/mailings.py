"""Mailings, their frozen words, and how fast they went of late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, DESCENDING

from services.publishing.domain.job import Job, Pace
from services.publishing.domain.limits import Limit
from services.publishing.domain.mailing import Mailing, Stall
from services.publishing.domain.recipients import mailing_key
from services.publishing.domain.segments import as_data, from_data
from services.publishing.mailing.compiling import Words
from services.publishing.mailing.frame import House
from services.publishing.mailing.ports import Content
from services.publishing.storage.store_errors import as_store_errors
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound
from shared.mongo import versioned
from shared.mongo.client import Database, Document, Session

MAILINGS, CONTENTS, PACES = "mailings", "mailing_contents", "mailing_paces"
_NEVER = datetime.fromtimestamp(0, UTC)
_A_WHILE: Document = {"$add": ["$$NOW", 30_000]}
"""Milliseconds after which a worker that has not been heard of has lost its turn."""


class MongoMailings:
    """See the ports. No address is in here; who may look is checked at the door."""

    def __init__(self, database: Database) -> None:
        self._rows, self._paces = database[MAILINGS], database[PACES]
        self._contents = database[CONTENTS]

    async def make_indexes(self) -> None:
        """Each with the question that it answers."""
        # Whose bounce is this?
        await self._rows.create_index("key", name="by_key", unique=True)
        # What is due, and what may still happen by itself?
        await self._rows.create_index([("state", ASCENDING), ("send_at", ASCENDING)], name="due")
        await self._rows.create_index(
            "watched", name="watched", partialFilterExpression={"watched": True}
        )
        await self._rows.create_index(
            [("newsletter_id", ASCENDING), ("_id", DESCENDING)], name="of_newsletter"
        )

    async def read(
        self,
        mailing_id: str,
        session: Session | None = None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Job:
        """Raises NotFound."""
        found = await self._rows.find_one({"_id": mailing_id}, session=session)
        if found is None:
            raise NotFound
        return _job(found)

    async def listed(
        self,
        asked: Mapping[str, str],
        *,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> tuple[Sequence[Job], int]:
        """A page of them (of a `newsletter_id`, in a `state`), the newest first; how many."""
        wanted = {name: asked[name] for name in ("newsletter_id", "state") if name in asked}
        rows = self._rows.find(wanted).sort("_id", -1).skip(offset).limit(limit)
        return [_job(row) async for row in rows], await self._rows.count_documents(wanted)

    async def save(self, session: Session, job: Job, *, by: Actor) -> Job:  # noqa: ARG002
        """Write it over the version that it was read with. Raises VersionConflict."""
        document = _document(job)
        version = await versioned.replace(self._rows, document, job.version, session)
        return _job({**document, "version": version})

    async def due(self, now: datetime) -> Sequence[str]:
        """Scheduled mailings whose time has come."""
        asked = {"state": "scheduled", "send_at": {"$lte": now}}
        return [row["_id"] async for row in self._rows.find(asked, {"_id": 1}).limit(20)]

    async def watched(self, *, by: Actor) -> Sequence[Job]:  # noqa: ARG002
        """Those that have begun and have not come to their end."""
        return [_job(row) async for row in self._rows.find({"watched": True}).sort("_id", 1)]

    async def stalled_by(self, cause: Stall) -> Sequence[str]:
        """Their ids."""
        rows = self._rows.find({"watched": True, "state": "stalled", "stall": cause}, {"_id": 1})
        return [row["_id"] async for row in rows]

    async def of_newsletter(
        self,
        newsletter_id: str,
        session: Session,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sequence[Job]:
        """All of them, in the transaction that something is to become of them in."""
        rows = self._rows.find({"newsletter_id": newsletter_id}, session=session)
        return [_job(row) async for row in rows.sort("_id", 1)]

    async def with_key(self, key: bytes) -> str | None:
        """The mailing that a recipient's id begins with."""
        found = await self._rows.find_one({"key": key}, {"_id": 1})
        return found["_id"] if found else None

    # Freezing: by one worker at a time, which shows in each transaction that it is its turn

    async def begins_freezing(self, mailing_id: str) -> str | None:
        """Whoever it is to freeze from now on: us, under this name. None: somebody else's turn."""
        ours = new_id()
        free: Document = {"$lt": [{"$ifNull": ["$freezing_until", _NEVER]}, "$$NOW"]}
        done = await self._rows.update_one(
            {"_id": mailing_id, "state": "scheduled", "$expr": free},
            [{"$set": {"freezer": ours, "freezing_until": _A_WHILE}}],
        )
        return ours if done.matched_count else None

    async def still_freezes(self, session: Session, mailing_id: str, owner: str) -> bool:
        """Whether it is this worker's turn still; if so, it is so when the transaction ends.

        Whoever takes the turn writes the same document, and so does whoever puts the mailing off.
        """
        done = await self._rows.update_one(
            {"_id": mailing_id, "state": "scheduled", "freezer": owner},
            [{"$set": {"freezing_until": _A_WHILE}}],
            session=session,
        )
        return bool(done.matched_count)

    async def ends_freezing(self, mailing_id: str, owner: str) -> None:
        """Anybody's turn from now on, if it was this worker's still."""
        await self._rows.update_one(
            {"_id": mailing_id, "freezer": owner}, {"$unset": {"freezer": 1, "freezing_until": 1}}
        )

    async def freeze(self, session: Session, content: Content) -> None:
        """Its words, for good."""
        variants = [
            {"words": asdict(words), "house": asdict(house)} for words, house in content.variants
        ]
        await self._contents.replace_one(
            {"_id": content.mailing_id},
            {"_id": content.mailing_id, "list_id": content.list_id, "variants": variants},
            upsert=True,
            session=session,
        )

    async def drop_words(self, session: Session, mailing_ids: Sequence[str]) -> None:
        """What was frozen for them; who has a batch in hand ends it, and begins none."""
        await self._contents.delete_many({"_id": {"$in": list(mailing_ids)}}, session=session)

    # Pace

    async def pace(self, mailing_id: str) -> Pace | None:
        """How fast it went of late."""
        found = await self._paces.find_one({"_id": mailing_id})
        return Pace(found["at"], found["done"], found["per_second"]) if found else None

    async def keep_pace(self, mailing_id: str, pace: Pace) -> None:
        """Not worth a transaction."""
        await self._paces.replace_one(
            {"_id": mailing_id}, {"_id": mailing_id, **asdict(pace)}, upsert=True
        )


class MongoContents:
    """What mailers read of a mailing: words that never change, and its state as of now."""

    def __init__(self, database: Database) -> None:
        self._mailings, self._contents = database[MAILINGS], database[CONTENTS]
        self._known: dict[str, Document] = {}

    async def of(self, mailing_id: str) -> Content | None:
        """None when there is nothing frozen under that id."""
        frozen = self._known.get(mailing_id)
        with as_store_errors():
            fields = {"state": 1, "limit": 1}
            row = await self._mailings.find_one({"_id": mailing_id}, fields)
            if frozen is None:
                frozen = await self._contents.find_one({"_id": mailing_id})
        if row is None or frozen is None:
            return None
        self._known = {mailing_id: frozen, **dict(list(self._known.items())[:7])}
        variants = [(Words(**each["words"]), House(**each["house"])) for each in frozen["variants"]]
        return Content(mailing_id, frozen["list_id"], row["state"], variants, _limit(row["limit"]))


def _document(job: Job) -> Document:
    mailing = job.mailing
    limit = job.limit
    return {
        "_id": mailing.id,
        "key": mailing_key(mailing.id),
        "state": mailing.state,
        "send_at": mailing.send_at,
        "recipients": mailing.recipients,
        "stall": mailing.stall,
        "newsletter_id": job.newsletter_id,
        "list_id": job.list_id,
        "made_at": job.made_at,
        "segment": as_data(job.segment),
        "limit": None
        if limit is None
        else {"messages": limit.messages, "seconds": limit.per / timedelta(seconds=1)},
        "batches": job.batches,
        "again": job.again,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
        "watched": job.is_watched,
    }


def _job(row: Mapping[str, Any]) -> Job:
    return Job(
        Mailing(row["_id"], row["state"], row["send_at"], row["recipients"], row["stall"]),
        row["newsletter_id"],
        row["list_id"],
        row["made_at"],
        from_data(row["segment"]),
        _limit(row["limit"]),
        row["batches"],
        row["again"],
        row["started_at"],
        row["ended_at"],
        row["version"],
    )


def _limit(row: Mapping[str, Any] | None) -> Limit | None:
    return None if row is None else Limit(row["messages"], timedelta(seconds=row["seconds"]))
