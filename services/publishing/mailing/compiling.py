"""A newsletter in one language, made ready once: everything but what differs per recipient."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.publishing.mailing import slots
from services.publishing.mailing.frame import House, html_page, text_page
from services.publishing.mailing.header_fields import mailbox_field, relaxed, text_field
from services.publishing.mailing.markdown_parts import parts
from services.publishing.mailing.slots import Compiled, Piece

if TYPE_CHECKING:
    from hashlib import _Hash

FIXED = (
    *("from", "list-id", "list-unsubscribe-post", "content-language", "mime-version"),
    "content-type",
)
"""Signed fields that are the same for everybody, in the order in which they are signed."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language of a newsletter as its writer left it."""

    language: str
    subject: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Variant:
    """`fields` as they are sent, `signed` as they are signed; `body` is bytes and slots in turn.

    `begun` is the hash of the body's first bytes: most of the text before the first slot is
    hashed once for everybody. `subject_field` is there when the subject is the same for all, and
    `subject_signed` is it as it is signed.
    """

    language: str
    house: House
    subject: tuple[Piece, ...]
    subject_field: bytes | None
    subject_signed: bytes
    fields: bytes
    signed: bytes
    body: Compiled
    begun: _Hash


def compile_variant(words: Words, house: House) -> Variant:
    """Make one language ready.

    Raises:
        Refusal: what the writer must mend; see `markdown_parts` and `slots`.
    """
    slots.check(words.markdown)
    slots.check(words.subject)
    inside, plain = parts(words.markdown, house.site)
    for written in (inside, plain):
        slots.check(written)  # Markdown can write braces as entities.
    subject = slots.split(words.subject, "text")
    title = "".join(each if isinstance(each, str) else each.fallback for each in subject)
    html = html_page(inside, title, words.language, house)
    text = text_page(plain, words.language, house)
    boundary = "=_" + hashlib.sha256((text + html).encode("utf-8", "replace")).hexdigest()[:24]
    fields = _fields(words.language, house, boundary)
    body = _body(text, html, boundary)
    first = body[0]
    same = text_field("Subject", title) if len(subject) == 1 else None
    return Variant(
        words.language,
        house,
        subject,
        same,
        relaxed(same) if same is not None else b"",
        b"".join(fields[name] for name in FIXED) + b"Precedence: bulk\r\n",
        b"".join(relaxed(fields[name]) for name in FIXED),
        body,
        hashlib.sha256(first if isinstance(first, bytes) else b""),
    )


def _fields(language: str, house: House, boundary: str) -> dict[str, bytes]:
    said = {
        "list-id": f"List-Id: <{house.list_id}>\r\n",
        "list-unsubscribe-post": "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        "mime-version": "MIME-Version: 1.0\r\n",
        "content-type": f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n',
    }
    return {
        **{name: field.encode("ascii") for name, field in said.items()},
        "from": mailbox_field("From", house.sender_name, house.sender),
        "content-language": text_field("Content-Language", language),
    }


def _body(text: str, html: str, boundary: str) -> Compiled:
    pieces: list[bytes | slots.Slot] = []
    for kind, page in (("plain", text), ("html", html)):
        head = (
            f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        )
        flavour: slots.Flavour = "text" if kind == "plain" else "html"
        pieces += [head.encode("ascii"), *slots.compiled(slots.split(page, flavour)), b"\r\n"]
    return _joined([*pieces, f"--{boundary}--\r\n".encode("ascii")])


def _joined(pieces: list[bytes | slots.Slot]) -> Compiled:
    """Neighbouring bytes are one piece, so that a letter is few of them."""
    done: list[bytes | slots.Slot] = []
    for piece in pieces:
        if done and isinstance(piece, bytes) and isinstance(done[-1], bytes):
            done[-1] += piece
        else:
            done.append(piece)
    return tuple(done)
