"""Quoted-printable (RFC 2045 §6.7) whose bytes survive every hop as they are.

Three things more than the standard asks for, so that nothing need be done again per recipient:
no line begins with a dot (SMTP would double it), none begins with `From ` (mailboxes would change
it), and no two blanks stand together nor one at the end (so that DKIM's *relaxed* form of a body,
RFC 6376 §3.4.4, is the body itself).
"""

from __future__ import annotations

import re

LONGEST = 76
SOFT = b"=\r\n"
_PLAIN = re.compile(r"[A-Za-z0-9_~-]{1,72}")
_SAFE = frozenset(range(33, 127)) - {ord("=")}
_OCTETS = tuple(chr(n) if n in _SAFE else f"={n:02X}" for n in range(256))
_SAID = {n: " " if n == 0x20 else said for n, said in enumerate(_OCTETS)}
_BLANK = (b"", b" ")
_AT_START = {ord("."): "=2E", ord("F"): "=46"}


def lines(text: str) -> bytes:
    """A whole text; its line ends become CRLF. Ends as it ends: without one if it has none."""
    written = [_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return b"\r\n".join(written)


def value(text: str) -> bytes:
    """What is put in one place of a line, on lines of its own between two soft breaks."""
    if _PLAIN.fullmatch(text):
        return text.encode("ascii")
    return _line(text.replace("\r", " ").replace("\n", " "))


def _line(text: str) -> bytes:
    octets = text.encode("utf-8", "replace")
    short = _short(octets) if len(octets) < LONGEST else None
    return _rows(octets) if short is None else short


def _short(octets: bytes) -> bytes | None:
    """A line that need not be broken, at a tenth of the price; None: it is none."""
    if octets[:1] in _BLANK or octets[-1:] in _BLANK or b"  " in octets:
        return None
    said = octets.decode("latin-1").translate(_SAID)
    if ord(said[0]) in _AT_START:
        said = _AT_START[ord(said[0])] + said[1:]
    return said.encode("ascii") if len(said) < LONGEST else None


def _rows(octets: bytes) -> bytes:
    rows: list[str] = []
    row: list[str] = []
    length = 0
    last = len(octets) - 1
    for at in range(len(octets)):
        piece = _piece(octets, at, last, at_start=length == 0)
        if length + len(piece) > LONGEST - 1:
            rows.append("".join(row))
            row, length = [], 0
            piece = _piece(octets, at, last, at_start=True)
        row.append(piece)
        length += len(piece)
    rows.append("".join(row))
    return "=\r\n".join(rows).encode("ascii")


def _piece(octets: bytes, at: int, last: int, *, at_start: bool) -> str:
    octet = octets[at]
    if octet == 0x20:
        alone = 0 < at < last and octets[at - 1] != 0x20
        return " " if alone else "=20"
    if at_start and octet in _AT_START:
        return _AT_START[octet]
    return _OCTETS[octet]
