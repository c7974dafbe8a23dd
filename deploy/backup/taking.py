"""Taking a backup: everything as it was at one moment, through the driver."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.client_session import ClientSession

from deploy.backup.file_set import Kind, Manifest, write_file, write_manifest
from deploy.backup.on_the_way import on_the_way
from deploy.mongodb import ACCOUNTS
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id

Progress = Callable[[int, int], None]
"""Documents done, and how many there are about."""

_EVERY = 500
KEY_DATABASES = tuple(sorted(a.database for a in ACCOUNTS if a.user.endswith("-keys")))
DATA_DATABASES = tuple(sorted({a.database for a in ACCOUNTS} - set(KEY_DATABASES)))


class Together(Exception):
    """Data and keys in one folder would undo what keeping them apart is for."""


class AlreadyThere(Exception):
    """The folder exists; a backup is never written over."""


def take(url: str, data: Path, keys: Path | None, told: Progress) -> Manifest:
    """Write the data, and the keys apart if a folder is named; gives the data's manifest.

    One snapshot: the databases are as they were at one moment, which must not be more than five
    minutes ago when the last document is read (the server's own limit). Broken off, it leaves
    nothing behind.

    Raises:
        Together, AlreadyThere.
    """
    wanted: list[tuple[Kind, Path, tuple[str, ...]]] = [("data", data, DATA_DATABASES)]
    if keys is not None:
        wanted.append(("keys", keys, KEY_DATABASES))
    ensure_apart(data, keys)
    if any(folder.exists() for _, folder, _ in wanted):
        raise AlreadyThere
    backup_id, at, partial = new_id(), real_now(), [_partial(each[1]) for each in wanted]
    made: list[Manifest] = []
    client: MongoClient[Any] = MongoClient(url, document_class=RawBSONDocument, tz_aware=True)
    try:
        with client, client.start_session(snapshot=True) as session:
            counted = _Counted(_about(client, wanted), told)
            for (kind, _, databases), folder in zip(wanted, partial, strict=True):
                files = [
                    write_file(
                        folder, database, name, counted(_rows(client, session, database, name))
                    )
                    for database in databases
                    for name in _collections(client, database)
                ]
                sealed = on_the_way(client, at, session).lost if kind == "data" else 0
                made.append(Manifest(backup_id, kind, at, tuple(files), sealed))
                write_manifest(folder, made[-1])
        for (_, folder, _), begun in zip(wanted, partial, strict=True):
            begun.rename(folder)
    except BaseException:
        for begun in partial:
            shutil.rmtree(begun, ignore_errors=True)
        raise
    return made[0]


def ensure_apart(data: Path, keys: Path | None) -> None:
    """Raises Together when one lies in the other."""
    if keys is None:
        return
    one, other = data.resolve(), keys.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise Together


def _partial(folder: Path) -> Path:
    begun = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(mode=0o700, parents=True)
    return begun


def _collections(client: MongoClient[Any], database: str) -> list[str]:
    names = client[database].list_collection_names()
    return sorted(name for name in names if not name.startswith("system."))


def _about(client: MongoClient[Any], wanted: list[tuple[Kind, Path, tuple[str, ...]]]) -> int:
    return sum(
        client[database][name].estimated_document_count()
        for _, _, databases in wanted
        for database in databases
        for name in _collections(client, database)
    )


def _rows(
    client: MongoClient[Any], session: ClientSession, database: str, name: str
) -> Iterator[bytes]:
    for row in client[database][name].find(session=session, batch_size=1000):
        yield bytes(row.raw)


class _Counted:
    """Tells how far it has come, now and then."""

    def __init__(self, about: int, told: Progress) -> None:
        self._about, self._told, self._done = about, told, 0

    def __call__(self, rows: Iterator[bytes]) -> Iterator[bytes]:
        for row in rows:
            self._done += 1
            if self._done % _EVERY == 0:
                self._told(self._done, self._about)
            yield row
        self._told(self._done, self._about)
