"""One recipient's letter: the compiled variant with their bytes put in, and signed."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import NamedTuple

from services.publishing.domain.outcome import message_id
from services.publishing.domain.return_paths import PREFIX
from services.publishing.domain.stamps import Keyring, Stamps
from services.publishing.mailing.compiling import FIXED, Variant
from services.publishing.mailing.header_fields import (
    mailbox_field,
    one_line,
    own_relaxed,
    text_field,
)
from services.publishing.mailing.quoted_printable import value
from services.publishing.mailing.signing import DkimKey, Signer
from services.publishing.mailing.slots import Slot
from shared.kernel.ids import id_of

SIGNED = (*FIXED, "to", "subject", "date", "message-id", "list-unsubscribe")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Reader(NamedTuple):
    """A recipient with what a letter needs: `id` is the row of the ledger; `name` may be empty.

    Ids are sixteen bytes each: there are three of them a letter, and a UUID costs a microsecond.
    """

    id: bytes
    subscriber: bytes
    to: str
    name: str = ""


class Letter(NamedTuple):
    """What is handed to a mail server: whose it is, the envelope, and the message.

    `recipient` is the row's id as a number. No line of `content` begins with a dot and it ends with
    CRLF: it is sent as it stands.
    """

    recipient: int
    sender: str
    to: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to write letters: stamps for links and bounces, and the signing keys."""

    ring: Keyring
    bounces_to: str
    keys: Sequence[DkimKey] = ()

    def letters(self, variant: Variant, readers: Iterable[Reader], at: datetime) -> list[Letter]:
        """Write a slice of a batch. Blocks while it computes: call it in a thread."""
        press = _Press(self, variant, at)
        return [press.letter(reader) for reader in readers]


class _Press:
    """One variant at one moment: whatever is the same in all its letters is made once."""

    def __init__(self, desk: Desk, variant: Variant, at: datetime) -> None:
        house = variant.house
        date, seconds = format_datetime(at), int(at.timestamp())
        self._variant, self._bounces_to = variant, desk.bounces_to
        self._back = Stamps(desk.ring, "return-path")
        self._leave = Stamps(desk.ring, "unsubscribe")
        self._choose = Stamps(desk.ring, "preferences")
        self._date, self._date_signed = f"Date: {date}\r\n", f"date:{date}\r\n"
        self._signers = [Signer(key, SIGNED, variant.signed, seconds) for key in desk.keys]
        self._ends = variant.fields + b"\r\n"
        self._body = [piece if isinstance(piece, bytes) else b"" for piece in variant.body]
        self._slots = [
            (at, slot, value(slot.fallback))
            for at, slot in enumerate(variant.body)
            if isinstance(slot, Slot)
        ]
        self._begun = len(self._body[0])
        self._list_key, self._domain = house.list_key, house.domain
        self._link = house.unsubscribe("")

    def letter(self, reader: Reader) -> Letter:
        variant = self._variant
        name = one_line(reader.name)
        leaving = _token(self._leave(reader.subscriber + self._list_key))
        body = self._filled(name, leaving, reader)
        link = self._link + leaving.decode("ascii")
        own_id = message_id(id_of(reader.id), self._domain)
        to_field = mailbox_field("To", name, reader.to)
        subject = variant.subject_field or text_field("Subject", _subject(variant, reader))
        fields = f"{self._date}Message-ID: {own_id}\r\nList-Unsubscribe: <{link}>\r\n"
        content = [to_field, subject, fields.encode("ascii"), self._ends, body]
        if self._signers:
            hashed = variant.begun.copy()
            hashed.update(memoryview(body)[self._begun :])
            body_hash = binascii.b2a_base64(hashed.digest(), newline=False)
            signed = f"{self._date_signed}message-id:{own_id}\r\nlist-unsubscribe:<{link}>\r\n"
            subject_signed = variant.subject_signed or own_relaxed(subject)
            own = own_relaxed(to_field) + subject_signed + signed.encode("ascii")
            content[:0] = [signer.field(own, body_hash) for signer in self._signers]
        sender = f"{PREFIX}{self._back(reader.id).hex()}@{self._bounces_to}"
        number = int.from_bytes(reader.id, "big")
        return Letter(number, sender, reader.to, b"".join(content))

    def _filled(self, name: str, leaving: bytes, reader: Reader) -> bytes:
        choosing = _token(self._choose(reader.subscriber))
        text, escaped = value(name), escape(name)
        html = text if escaped == name else value(escaped)
        body = self._body
        for at, slot, fallback in self._slots:
            if slot.name == "name":
                body[at] = (text if slot.flavour == "text" else html) or fallback
            else:
                body[at] = leaving if slot.name == "unsubscribe" else choosing
        return b"".join(body)


def _token(data: bytes) -> bytes:
    """As `domain.links` writes it: nothing in it needs quoting."""
    return binascii.b2a_base64(data, newline=False).translate(_URL_SAFE, b"=")


def _subject(variant: Variant, reader: Reader) -> str:
    return "".join(
        piece if isinstance(piece, str) else reader.name or piece.fallback
        for piece in variant.subject
    )
