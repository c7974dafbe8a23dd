"""A set of files: each collection's documents as BSON, one after the other, and a manifest.

The files are as mongodump writes them. The manifest has count, size and SHA-256 of each; a set
without one is not whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from bson import CodecOptions, decode_file_iter

from shared.mongo.client import Document

Kind = Literal["data", "keys"]
_MANIFEST = "manifest.json"
_FORMAT = 1
_CHUNK = 1 << 20
_IN_UTC: CodecOptions[Document] = CodecOptions(tz_aware=True)


class NotWhole(Exception):
    """The set is not as it was written: `name` is the first file that is not."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Written:
    """One collection's file."""

    database: str
    collection: str
    documents: int
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """Where it lies in the set."""
        return f"{self.database}/{self.collection}.bson"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a set holds. Data and keys that were taken together have the same `id`."""

    id: str
    kind: Kind
    at: datetime
    files: tuple[Written, ...]
    sealed_on_the_way: int = 0
    """Sealed events in the broker's queues at that moment: they are in no backup."""

    @property
    def documents(self) -> int:
        """In all files."""
        return sum(each.documents for each in self.files)


def write_file(folder: Path, database: str, collection: str, rows: Iterable[bytes]) -> Written:
    """Write one collection; `rows` are encoded documents."""
    path = folder / database / f"{collection}.bson"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, documents, size = hashlib.sha256(), 0, 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for row in rows:
            file.write(row)
            digest.update(row)
            documents, size = documents + 1, size + len(row)
        file.flush()
        os.fsync(file.fileno())
    return Written(database, collection, documents, size, digest.hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Last of all: from now on the set is whole."""
    kept = {**asdict(manifest), "at": manifest.at.isoformat(), "format": _FORMAT}
    path = folder / _MANIFEST
    path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    path.chmod(0o600)


def read_manifest(folder: Path, kind: Kind) -> Manifest:
    """Raises NotWhole when there is none, or it is of the other kind or another format."""
    try:
        kept = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if (kept["format"], kept["kind"]) != (_FORMAT, kind):
            raise NotWhole(_MANIFEST)
        files = tuple(Written(**each) for each in kept["files"])
        at, sealed = datetime.fromisoformat(kept["at"]), kept.get("sealed_on_the_way", 0)
        return Manifest(kept["id"], kind, at, files, sealed)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotWhole(_MANIFEST) from error


def ensure_whole(folder: Path, manifest: Manifest) -> None:
    """Raises NotWhole for the first file that is missing or is not as it was written."""
    for each in manifest.files:
        digest = hashlib.sha256()
        try:
            with (folder / each.name).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except OSError as error:
            raise NotWhole(each.name) from error
        if digest.hexdigest() != each.sha256:
            raise NotWhole(each.name)


def rows_of(folder: Path, written: Written) -> Iterator[Document]:
    """The documents of one file."""
    with (folder / written.name).open("rb") as file:
        yield from decode_file_iter(file, _IN_UTC)
