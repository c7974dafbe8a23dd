"""Putting a backup back: checked first, the forgotten left out before a row is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pymongo import MongoClient, ReplaceOne
from pymongo.errors import BulkWriteError

from deploy.backup.file_set import Manifest, Written, ensure_whole, read_manifest, rows_of
from deploy.backup.forgotten import CERTIFICATES, MAY_GROW_ONLY, RULES, Gone
from deploy.backup.on_the_way import on_the_way, tell_again
from deploy.backup.said_no import MEETINGS, Meeting
from deploy.backup.taking import KEY_DATABASES, Progress
from shared.mongo.client import Document

_DUPLICATE = 11000
_BATCH = 500


class NobodyKnows(Exception):
    """No tombstones are at hand: whoever was forgotten after the backup would come back."""


class AnotherAudit(Exception):
    """The audit that stands here is not the beginning or the continuation of the one in the set."""


@dataclass(slots=True)
class Restored:
    """What was put back, and what was left out as its person is forgotten."""

    at: str
    documents: int = 0
    left_out: int = 0
    tombstones: int = 0
    told_again: int = 0
    """Events that were on the way between the services."""
    lost: int = 0
    """Sealed ones that were, and are in no backup."""
    databases: set[str] = field(default_factory=set)


def restore(
    url: str, data: Path, keys: Path | None, told: Progress, *, nobody_since: bool = False
) -> Restored:
    """Replace what is there with what was there. No service may run meanwhile.

    Tombstones are taken from the key databases that stand here and from the key set; when the ones
    that stand here are empty, nobody knows who was forgotten since, and somebody must say that
    nobody was (`nobody_since`). Broken off, it is simply done again. What stands in the broker's
    queues is of a time that is undone, and is for the caller to throw away.

    Raises:
        NotWhole, NobodyKnows, AnotherAudit.
    """
    sets = [(data, read_manifest(data, "data"))]
    if keys is not None:
        sets.append((keys, read_manifest(keys, "keys")))
    for folder, manifest in sets:
        ensure_whole(folder, manifest)
    with MongoClient[Document](url, tz_aware=True) as client:
        gone = _tombstones(client, sets[1:], nobody_since=nobody_since)
        done = Restored(sets[0][1].at.isoformat())
        done.tombstones = sum(len(each) for each in gone.values())
        work = _Work(client, gone, done, told, sum(each.documents for _, each in sets))
        work.check_audits(*sets[0])
        # Keys last: until then nothing that is put back can be read.
        for folder, manifest in sets:
            work.put_back(folder, manifest)
        found = on_the_way(client, sets[0][1].at)
        tell_again(client, found)
        done.told_again, done.lost = found.told_again, found.lost
    return done


def _tombstones(
    client: MongoClient[Document], key_sets: Sequence[tuple[Path, Manifest]], *, nobody_since: bool
) -> dict[str, Gone]:
    found: dict[str, set[str]] = {name: set() for name in KEY_DATABASES}
    known = False
    for name in KEY_DATABASES:
        found[name] |= {row["_id"] for row in client[name]["tombstones"].find({}, {"_id": 1})}
        known = known or bool(found[name]) or client[name]["person_keys"].find_one() is not None
    for row in client["publishing"]["forgettings"].find({}, {"_id": 1}):
        # Begun here, and its key is still to go.
        found["publishing_keys"].add(str(row["_id"].as_uuid()))
    if not known and not nobody_since:
        raise NobodyKnows
    for folder, manifest in key_sets:
        for each in manifest.files:
            if each.collection == "tombstones":
                found[each.database] |= {row["_id"] for row in rows_of(folder, each)}
    return {name: frozenset(ids) for name, ids in found.items()}


class _Work:
    def __init__(
        self,
        client: MongoClient[Document],
        gone: dict[str, Gone],
        done: Restored,
        told: Progress,
        of: int,
    ) -> None:
        self._client, self._gone, self._done = client, gone, done
        self._told, self._of, self._seen = told, of, 0

    def check_audits(self, folder: Path, manifest: Manifest) -> None:
        """Before anything is changed."""
        for each in manifest.files:
            if not each.database.endswith("_audit"):
                continue
            here = self._client[each.database][each.collection]
            newest = here.find_one(sort=[("_id", -1)])
            if newest is None or not each.documents:
                continue
            last = min(newest["_id"], each.documents)
            there = next((row for row in rows_of(folder, each) if row["_id"] == last), None)
            mine = here.find_one({"_id": last})
            if there is None or mine is None or there["hash"] != mine["hash"]:
                raise AnotherAudit

    def put_back(self, folder: Path, manifest: Manifest) -> None:
        """Every collection of one set; those that are not in it are emptied."""
        by_database: dict[str, list[Written]] = {}
        for each in manifest.files:
            by_database.setdefault(each.database, []).append(each)
        for database, files in by_database.items():
            self._done.databases.add(database)
            gone = self._gone_of(database, folder, files)
            if not database.endswith(MAY_GROW_ONLY):
                self._empty(database)
            for each in files:
                meeting = MEETINGS.get((each.database, each.collection))
                if meeting and not meeting.others_stay:
                    self._only(folder, each, gone)
                self._insert(each, self._kept(folder, each, gone), meeting)

    def _gone_of(self, database: str, folder: Path, files: Sequence[Written]) -> Gone:
        """The forgotten, and the cases that were theirs: what hangs on a case may name only it."""
        if database in KEY_DATABASES:
            return self._gone[database]
        keys, _ = RULES.get(database, ("", None))
        gone = self._gone.get(keys, frozenset())
        cases = [each for each in files if each.collection == "cases"]
        theirs = {
            row["_id"]
            for each in cases
            for row in rows_of(folder, each)
            if row.get("person_id") in gone
        }
        return gone | theirs

    def _kept(self, folder: Path, each: Written, gone: Gone) -> Iterator[Document]:
        _, rule = RULES.get(each.database, ("", None))
        for row in rows_of(folder, each):
            self._seen += 1
            kept: Document | None = row
            if each.collection == "person_keys" and row["_id"] in gone:
                kept = None
            elif rule is not None and (each.database, each.collection) not in CERTIFICATES:
                kept = rule(each.collection, row, gone)
            if kept is None:
                self._done.left_out += 1
                continue
            self._done.documents += 1
            yield kept

    def _empty(self, database: str) -> None:
        for name in self._client[database].list_collection_names():
            place = (database, name)
            kept = name == "tombstones" or place in CERTIFICATES or place in MEETINGS
            if not kept and not name.startswith("system."):
                self._client[database][name].delete_many({})

    def _only(self, folder: Path, each: Written, gone: Gone) -> None:
        _, rule = RULES[each.database]
        rows = rows_of(folder, each)
        ids = [row["_id"] for row in rows if rule(each.collection, row, gone) is not None]
        self._client[each.database][each.collection].delete_many({"_id": {"$nin": ids}})

    def _insert(self, each: Written, rows: Iterator[Document], meeting: Meeting | None) -> None:
        """What is there already is left as it is: tombstones, certificates, a longer audit."""
        collection = self._client[each.database][each.collection]
        add = _add if meeting is None else partial(_meet, meeting)
        batch: list[Document] = []
        for row in rows:
            batch.append(row)
            if len(batch) == _BATCH:
                add(collection, batch)
                batch = []
                self._told(self._seen, self._of)
        if batch:
            add(collection, batch)
        self._told(self._seen, self._of)


def _meet(meeting: Meeting, collection: Any, batch: list[Document]) -> None:
    ids = {"_id": {"$in": [row["_id"] for row in batch]}}
    here = {row["_id"]: row for row in collection.find(ids)}
    met = [meeting.of(row, here[row["_id"]]) if row["_id"] in here else row for row in batch]
    collection.bulk_write([ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in met])


def _add(collection: Any, batch: list[Document]) -> None:
    try:
        collection.insert_many(batch, ordered=False)
    except BulkWriteError as error:
        failed = (error.details or {}).get("writeErrors", [])
        if any(each["code"] != _DUPLICATE for each in failed):
            raise
