"""One entry of the chain: what is recorded of a reading or a refusal, and its hash. Pure.

Format 1. An entry is a JSON object of the names below; its canonical bytes are those of RFC 8785
(JSON Canonicalization Scheme) of all its members but `hash`, and `hash` is their SHA-256 in
lower-case hexadecimal. Keys are ASCII and values are text, whole numbers below 2^53, true, false,
null and lists of text, for which Python's own encoder writes exactly what RFC 8785 asks for.

    seq 1, 2, 3 … without gaps · prev the hash of the entry before (see `genesis`) · at RFC 3339
    in UTC with milliseconds, real time · service · actor (id) · roles · subjects (ids of whom it
    is about) · fields (names, never values) · purpose (`purposes.Purpose`) · reference (an id or
    null) · allowed · rule (what allowed or refused it) · trace (the request's correlation id)
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from shared.audit.purposes import Purpose

FORMAT = 1

MOST_SUBJECTS = 500
"""In one entry; a longer list becomes several."""

LONGEST_WORD = 120
WORD = rf"[A-Za-z0-9:._/+@-]{{1,{LONGEST_WORD}}}"
"""What every text of an entry is: an id or a code."""

NOT_AN_ID = "not-an-id"
"""What somebody made up is not written where nothing can be removed."""

_WORD = re.compile(WORD)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PERSONAL = re.compile(r"[@+]|[0-9](?:[-.]?[0-9]){5}")
_canonical = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False, default=repr
).encode
# `default` writes what was never ours to write (somebody put another type there), so that it is
# found as changed instead of stopping whoever looks.


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody read, or was refused.

    Raises:
        ValueError: something is not a plain word: there is no place for sentences or names here.
    """

    actor: str
    roles: tuple[str, ...]
    subjects: tuple[str, ...]
    fields: tuple[str, ...]
    purpose: Purpose
    rule: str
    trace: str
    reference: str | None = None
    allowed: bool = True

    def __post_init__(self) -> None:
        words = (self.actor, self.rule, self.trace, *self.roles, *self.subjects, *self.fields)
        referred = () if self.reference is None else (self.reference,)
        if not all(_WORD.fullmatch(word) for word in (*words, *referred)):
            raise ValueError("an audit entry holds ids and codes, never free text")


@dataclass(frozen=True, slots=True)
class Tip:
    """The last entry of a chain."""

    seq: int
    hash: str


class Link(NamedTuple):
    """What holds an entry in its chain, whatever it is that stands there.

    `prev` is the hash that it names as the one before, `said` the one that it bears itself, and
    `made` the one that belongs to its content.
    """

    seq: object
    prev: object
    at: object
    said: object
    made: str


def as_word(text: str) -> str:
    """An id of somebody else's making (a token's subject) as entries have it."""
    return text if _WORD.fullmatch(text) else f"sha256:{_sha256(text.encode('utf-8', 'replace'))}"


def as_subject(text: str) -> str:
    """An id that somebody typed, or `NOT_AN_ID` for what is more like an address or a number."""
    like_one = _WORD.fullmatch(text) and not _PERSONAL.search(_UUID.sub("", text))
    return text if like_one else NOT_AN_ID


def genesis(service: str) -> Tip:
    """Before the first entry: number 0, and the hash that entry 1 names as the one before it."""
    return Tip(0, _sha256(f"safespace-audit/{FORMAT}/{service}".encode()))


def linked(
    accesses: Sequence[Access], tip: Tip, service: str, at: datetime
) -> list[dict[str, Any]]:
    """The entries that follow `tip`, complete. `at` is aware and in UTC."""
    written, entries = written_time(at), []
    for access in accesses:
        entry: dict[str, Any] = {
            "seq": tip.seq + 1,
            "prev": tip.hash,
            "at": written,
            "service": service,
            **_plain(access),
        }
        entry["hash"] = hash_of(entry)
        tip = Tip(entry["seq"], entry["hash"])
        entries.append(entry)
    return entries


def hash_of(entry: Mapping[str, Any]) -> str:
    """Of an entry without its `hash`."""
    return _sha256(canonical(entry))


def link_of(entry: dict[str, Any]) -> Link:
    """Of an entry with its `hash`, which is taken out of it."""
    said = entry.pop("hash", None)
    return Link(entry.get("seq"), entry.get("prev"), entry.get("at"), said, hash_of(entry))


def canonical(value: Mapping[str, Any]) -> bytes:
    """RFC 8785, for the kinds of values that stand above."""
    return _canonical(value).encode("utf-8", "surrogatepass")


def written_time(at: datetime) -> str:
    """As entries have it; text order is time order."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def in_pieces(access: Access) -> Iterator[Access]:
    """The same reading in entries of at most `MOST_SUBJECTS` subjects."""
    known = asdict(access)
    for first in range(0, max(len(access.subjects), 1), MOST_SUBJECTS):
        yield Access(**{**known, "subjects": access.subjects[first : first + MOST_SUBJECTS]})


def _plain(access: Access) -> dict[str, Any]:
    return {
        "actor": access.actor,
        "roles": list(access.roles),
        "subjects": list(access.subjects),
        "fields": list(access.fields),
        "purpose": access.purpose.value,
        "reference": access.reference,
        "allowed": access.allowed,
        "rule": access.rule,
        "trace": access.trace,
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
