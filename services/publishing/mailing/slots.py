"""Places in a text that differ per recipient: `{{name}}`, or with a fallback `{{name|vän}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from services.publishing.mailing import quoted_printable
from shared.kernel.refusal import Refusal

Name = Literal["name", "unsubscribe", "preferences"]
Flavour = Literal["text", "html"]
FOR_WRITERS: tuple[Name, ...] = ("name",)
"""What an editor may write; the links are the frame's own."""
# Words only: marks of Markdown would be cut in two at the end of the slot.
_SLOT = re.compile(r"\{\{\s*([a-z-]*)\s*(?:\|((?:[^\W_]|[ .,!?'’-])*))?\}\}")


class NoSuchSlot(Refusal):
    """A place that nothing fills would be sent to everybody as it stands."""

    kind = "no-such-slot"
    sv = "Bara {{{{name}}}} eller {{{{name|ord}}}} kan stå inom dubbla klamrar."
    en = "Only {{{{name}}}} or {{{{name|words}}}} can stand in double braces."


@dataclass(frozen=True, slots=True)
class Slot:
    """`fallback` is for who gave no name, already in the flavour of its part."""

    name: Name
    flavour: Flavour
    fallback: str


Piece = str | Slot
Compiled = tuple[bytes | Slot, ...]


def check(source: str) -> None:
    """Raises NoSuchSlot unless all double braces of a writer's text are places that are filled."""
    rest = _SLOT.sub(lambda found: "" if found[1] in FOR_WRITERS else found[0], source)
    if "{{" in rest or "}}" in rest:
        raise NoSuchSlot


def split(text: str, flavour: Flavour) -> tuple[Piece, ...]:
    """Text and slots in turn; both ends are text, which may be empty."""
    return tuple(_pieces(text, flavour))


def compiled(pieces: tuple[Piece, ...]) -> Compiled:
    """As quoted-printable, each slot on lines of its own between soft breaks."""
    done: list[bytes | Slot] = []
    after_slot = False
    for at, piece in enumerate(pieces):
        if isinstance(piece, Slot):
            done.append(piece)
            after_slot = True
            continue
        octets = quoted_printable.lines(piece)
        if after_slot and piece and not piece.startswith("\n"):
            octets = quoted_printable.SOFT + octets
        if at + 1 < len(pieces) and not octets.endswith(b"\r\n"):
            octets += quoted_printable.SOFT if octets or at else b""
        done.append(octets)
        after_slot = False
    return tuple(done)


def _pieces(text: str, flavour: Flavour) -> Iterator[Piece]:
    at = 0
    for found in _SLOT.finditer(text):
        name = next((each for each in get_args(Name) if each == found[1]), None)
        if name is None:
            continue
        yield text[at : found.start()]
        yield Slot(name, flavour, (found[2] or "").strip())
        at = found.end()
    yield text[at:]
