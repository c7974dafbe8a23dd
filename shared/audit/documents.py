"""An entry as it lies in MongoDB, byte for byte (BSON): nothing but what we write fits. Pure.

Whoever verifies reads these bytes, not what a driver makes of them. A text that was made another
kind of value, a name that stands twice, a text that hides the rest of the entry behind a zero byte:
a driver reads them as if nothing had happened, and the hash fits, while the database no longer
finds the entry by whom it is about.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from shared.audit.entry import LONGEST_WORD, WORD, Link

_SIZES = [(length + 1).to_bytes(4, "little") for length in range(LONGEST_WORD + 1)]
"""What BSON writes before a text of so many bytes; the zero after it counts."""

_word = WORD.encode() + b"+"
_item = rb"\x02[0-9]+\x00.{4}" + _word + rb"\x00"
_number = rb".{4}(?:\x10_id\x00(.{4})|\x12_id\x00(.{8}))"


def _text(name: bytes) -> bytes:
    """A word with its size before it."""
    return rb"\x02" + name + rb"\x00(.{4}" + _word + rb")\x00"


def _exactly(name: bytes, length: int, form: bytes) -> bytes:
    """A text of one length."""
    return rb"\x02" + name + rb"\x00" + re.escape(_SIZES[length]) + b"(" + form + rb")\x00"


def _texts(name: bytes) -> bytes:
    """A list of words with its size before it."""
    return rb"\x04" + name + rb"\x00(.{4}(?:" + _item + rb")*+)\x00"


_NUMBER = re.compile(_number, re.DOTALL)
_WORDS = re.compile(rb"\x02[0-9]+\x00.{4}(" + _word + rb")\x00", re.DOTALL)
_DOCUMENT = re.compile(
    _number
    + _exactly(b"prev", 64, rb"[0-9a-f]{64}")
    + _exactly(b"at", 24, rb"[0-9-]{10}T[0-9:]{8}\.[0-9]{3}Z")
    + _text(b"service")
    + _text(b"actor")
    + _texts(b"roles")
    + _texts(b"subjects")
    + _texts(b"fields")
    + _text(b"purpose")
    + b"(?:" + rb"\x0areference\x00" + b"|" + _text(b"reference") + b")"
    + rb"\x08allowed\x00([\x00\x01])"
    + _text(b"rule")
    + _text(b"trace")
    + _exactly(b"hash", 64, rb"[0-9a-f]{64}")
    + rb"\x00",
    re.DOTALL,
)  # fmt: skip
"""The names in the order in which `MongoEntries` writes them, each with its kind of value."""

_CANONICAL = (
    b'{"actor":%b,"allowed":%b,"at":"%b","fields":[%b],"prev":"%b","purpose":%b,"reference":%b,'
    b'"roles":[%b],"rule":%b,"seq":%d,"service":%b,"subjects":[%b],"trace":%b}'
)
"""The bytes that are hashed (see `entry.canonical`); there is nothing to escape in a word."""


class _Unfit(Exception):
    """A size is not that of what follows it."""


def documents_in(page: bytes) -> Iterator[bytes]:
    """One after the other. What cannot be told apart is one, and nothing that fits."""
    at, end = 0, len(page)
    while at < end:
        size = int.from_bytes(page[at : at + 4], "little")
        upto = at + size if 4 < size <= end - at else end
        yield page[at:upto]
        at = upto


def link_of(document: bytes) -> Link:
    """What holds the entry in its chain; no hash fits what is not written as we write."""
    found = _DOCUMENT.fullmatch(document)
    if found is not None:
        try:
            return _link(*found.groups())
        except _Unfit:
            pass
    number = _NUMBER.match(document)
    return Link(_seq(*number.groups()) if number else None, None, None, None, "")


def _link(  # each in its place in the document
    short: bytes | None,
    long: bytes | None,
    prev: bytes,
    at: bytes,
    service: bytes,
    actor: bytes,
    roles: bytes,
    subjects: bytes,
    fields: bytes,
    purpose: bytes,
    reference: bytes | None,
    allowed: bytes,
    rule: bytes,
    trace: bytes,
    said: bytes,
) -> Link:
    seq = _seq(short, long)
    content = _CANONICAL % (
        _quoted(actor),
        b"true" if allowed == b"\x01" else b"false",
        at,
        _listed(fields),
        prev,
        _quoted(purpose),
        b"null" if reference is None else _quoted(reference),
        _listed(roles),
        _quoted(rule),
        seq,
        _quoted(service),
        _listed(subjects),
        _quoted(trace),
    )
    made = hashlib.sha256(content).hexdigest()
    return Link(seq, prev.decode(), at.decode(), said.decode(), made)


def _seq(short: bytes | None, long: bytes | None) -> int:
    return int.from_bytes(short or long or b"", "little", signed=True)


def _quoted(text: bytes) -> bytes:
    word = text[4:]
    if text[:4] != _SIZES[len(word)]:
        raise _Unfit
    return b'"%b"' % word


@lru_cache(1024)
def _listed(texts: bytes) -> bytes:
    words = _WORDS.findall(texts, 4)
    items = [b"\x02%d\x00%b%b\x00" % (n, _SIZES[len(w)], w) for n, w in enumerate(words)]
    written = b"".join(items)
    if texts != (len(written) + 5).to_bytes(4, "little") + written:
        raise _Unfit
    return b",".join([b'"%b"' % word for word in words])
