"""What a scribe is asked and what it answers, as bytes on a pipe between a mailer and its child."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from services.publishing.domain.stamps import Keyring
from services.publishing.mailing.compiling import Words
from services.publishing.mailing.frame import House
from services.publishing.mailing.ports import Content
from services.publishing.mailing.signing import DkimKey, dkim_key, seeded
from services.publishing.mailing.writing import Desk, Letter, Reader

LENGTH = struct.Struct(">I")
_ID = 16
_HEAD = struct.Struct(">16sHHI")


class Wanted(NamedTuple):
    """Who letters are for, and in which language each reads."""

    readers: Sequence[Reader]
    languages: Sequence[str]


def desk_told(desk: Desk) -> bytes:
    """A desk with its keys, for a child of ours alone."""
    ring = desk.ring
    told = {
        "current": ring.current,
        "ring": {name: _text(key) for name, key in ring.keys.items()},
        "bounces_to": desk.bounces_to,
        "keys": [(key.domain, key.selector, _text(key.private_bytes())) for key in desk.keys],
    }
    return json.dumps(told).encode()


def desk_of(data: bytes) -> Desk:
    """The same desk."""
    told = json.loads(data)
    ring = Keyring(told["current"], {name: _bytes(key) for name, key in told["ring"].items()})
    keys = [_key(domain, selector, _bytes(private)) for domain, selector, private in told["keys"]]
    return Desk(ring, told["bounces_to"], keys)


def question(content: Content | None, mailing_id: str, some: Wanted, at: datetime) -> bytes:
    """Letters that are wanted. The content is told a child once."""
    rows, subscribers, to, names = zip(*some.readers, strict=True)
    told: dict[str, Any] = {
        "mailing": mailing_id,
        "at": at.isoformat(),
        "rows": b"".join(rows).hex(),
        "subscribers": b"".join(subscribers).hex(),
        "to": to,
        "names": names,
        "languages": some.languages,
    }
    if content is not None:
        told["content"] = [(asdict(words), _house_told(house)) for words, house in content.variants]
    return json.dumps(told).encode()


class Question(NamedTuple):
    """As a scribe reads it."""

    mailing_id: str
    at: datetime
    some: Wanted
    variants: Sequence[tuple[Words, House]] | None


def asked(data: bytes) -> Question:
    """The other side of `question`."""
    told = json.loads(data)
    columns = (_ids(told["rows"]), _ids(told["subscribers"]), told["to"], told["names"])
    readers = list(map(Reader._make, zip(*columns, strict=True)))
    content = told.get("content")
    variants = None
    if content is not None:
        variants = [(Words(**words), _house(house)) for words, house in content]
    at = datetime.fromisoformat(told["at"])
    return Question(told["mailing"], at, Wanted(readers, told["languages"]), variants)


def answer(letters: Sequence[Letter]) -> bytes:
    """Letters, one after the other."""
    parts: list[bytes] = []
    for letter in letters:
        sender, to = letter.sender.encode("ascii"), letter.to.encode("ascii")
        row = letter.recipient.to_bytes(_ID, "big")
        head = _HEAD.pack(row, len(sender), len(to), len(letter.content))
        parts += (head, sender, to, letter.content)
    return b"".join(parts)


def answered(data: bytes | memoryview) -> list[Letter]:
    """The other side of `answer`."""
    letters, at = [], 0
    while at < len(data):
        row, sender, to, content = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        a, b, c = at + sender, at + sender + to, at + sender + to + content
        letters.append(
            Letter(
                int.from_bytes(row, "big"),
                str(data[at:a], "ascii"),
                str(data[a:b], "ascii"),
                bytes(data[b:c]),
            )
        )
        at = c
    return letters


def _ids(text: str) -> list[bytes]:
    data = bytes.fromhex(text)
    return [data[at : at + _ID] for at in range(0, len(data), _ID)]


def _house_told(house: House) -> dict[str, Any]:
    return {**asdict(house), "list_key": _text(house.list_key)}


def _house(told: dict[str, Any]) -> House:
    return House(**{**told, "list_key": _bytes(told["list_key"])})


def _key(domain: str, selector: str, private: bytes) -> DkimKey:
    if len(private) == 32:
        return seeded(domain, selector, private)
    return dkim_key(domain, selector, private)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
