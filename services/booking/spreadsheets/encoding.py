"""Which encoding a file is written in: found by trying, strictest first."""

from __future__ import annotations

import codecs

import charset_normalizer

from services.booking.spreadsheets.refusals import EncodingUnknown, NotSpreadsheetText

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x7fELF")


def decode(content: bytes) -> str:
    """The text of a file.

    Raises NotSpreadsheetText for workbooks, archives and bytes with NULs; EncodingUnknown when no
    encoding fits.
    """
    if content.startswith(_BINARY):
        raise NotSpreadsheetText
    text = _by_mark(content)
    if text is None:
        text = _by_trying(content)
    if "\x00" in text:
        raise NotSpreadsheetText
    return text


def _by_mark(content: bytes) -> str | None:
    for mark, name in _BOMS:
        if content.startswith(mark):
            try:
                return content.decode(name)
            except UnicodeDecodeError:
                raise EncodingUnknown from None
    return None


def _by_trying(content: bytes) -> str:
    for name in ("utf-8", "cp1252"):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    guess = charset_normalizer.from_bytes(content[:100_000]).best()
    if guess is None:
        raise EncodingUnknown
    try:
        return content.decode(guess.encoding)
    except (UnicodeDecodeError, LookupError):
        raise EncodingUnknown from None
