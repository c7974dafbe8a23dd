"""One recipient's letter: the compiled variant with their bytes put in, and signed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import NamedTuple

from services.publishing.domain.address import Address
from services.publishing.domain.links import Place, preference_token, unsubscribe_token
from services.publishing.domain.outcome import message_id
from services.publishing.domain.return_paths import return_path
from services.publishing.domain.stamps import Keyring
from services.publishing.mailing import quoted_printable
from services.publishing.mailing.compiling import FIXED, Variant
from services.publishing.mailing.header_fields import (
    mailbox_field,
    one_line,
    own_relaxed,
    text_field,
)
from services.publishing.mailing.signing import DkimKey, signature
from services.publishing.mailing.slots import Name

SIGNED = (*FIXED, "to", "subject", "date", "message-id", "list-unsubscribe")


@dataclass(frozen=True, slots=True)
class Reader:
    """A recipient with what a letter needs. `id` is the row of the ledger; `name` may be empty."""

    id: uuid.UUID
    subscriber: uuid.UUID
    address: Address
    name: str = ""


class Letter(NamedTuple):
    """What is handed to a mail server: whose it is, the envelope, and the message.

    No line of `content` begins with a dot and it ends with CRLF: it is sent as it stands.
    """

    recipient: uuid.UUID
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
        date, seconds = format_datetime(at), int(at.timestamp())
        return [self._letter(variant, reader, date, seconds) for reader in readers]

    def _letter(self, variant: Variant, reader: Reader, date: str, seconds: int) -> Letter:
        place = Place(reader.subscriber, variant.house.list_key)
        leaving = unsubscribe_token(self.ring, place)
        body, body_hash = self._body(variant, reader, leaving)
        own_id = message_id(str(reader.id), variant.house.domain)
        to = str(reader.address)
        link = variant.house.unsubscribe(leaving)
        to_field = mailbox_field("To", reader.name, to)
        subject = variant.subject_field or text_field("Subject", _subject(variant, reader))
        fields = (f"Date: {date}\r\nMessage-ID: {own_id}\r\nList-Unsubscribe: <{link}>\r\n").encode(
            "ascii"
        )
        marks = []
        if self.keys:
            signed = (
                f"date:{date}\r\nmessage-id:{own_id}\r\nlist-unsubscribe:<{link}>\r\n"
            ).encode("ascii")
            subject_signed = variant.subject_signed or own_relaxed(subject)
            signed = variant.signed + own_relaxed(to_field) + subject_signed + signed
            marks = [signature(key, SIGNED, signed, body_hash, seconds) for key in self.keys]
        content = b"".join([*marks, to_field, subject, fields, variant.fields, b"\r\n", *body])
        return Letter(reader.id, return_path(self.ring, reader.id, self.bounces_to), to, content)

    def _body(self, variant: Variant, reader: Reader, leaving: str) -> tuple[list[bytes], bytes]:
        name, value = one_line(reader.name), quoted_printable.value
        texts: dict[Name, bytes] = {
            "name": value(name),
            "unsubscribe": value(leaving),
            "preferences": value(preference_token(self.ring, reader.subscriber)),
        }
        html = {**texts, "name": value(escape(name))}
        filled = {"text": texts, "html": html}
        done = [
            piece
            if isinstance(piece, bytes)
            else filled[piece.flavour][piece.name] or value(piece.fallback)
            for piece in variant.body
        ]
        hashed = variant.begun.copy()
        hashed.update(b"".join(done[1:]))
        return done, hashed.digest()


def _subject(variant: Variant, reader: Reader) -> str:
    return "".join(
        piece if isinstance(piece, str) else reader.name or piece.fallback
        for piece in variant.subject
    )
