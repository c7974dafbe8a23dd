"""Which encoding a file is written in: found by trying, strictest first."""

from __future__ import annotations

import codecs

import charset_normalizer

from shared.spreadsheets.refusals import EncodingUnknown, NotSpreadsheetText

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MOSTLY = 0.7
_SWEDISH = frozenset("åäöÅÄÖ")
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
        text = _by_nuls(content) or _by_trying(content)
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


def _by_nuls(content: bytes) -> str | None:
    """UTF-16 without a mark: of Swedish text in it nearly every second byte is nought."""
    if len(content) % 2 or b"\x00" not in content:
        return None
    sample = content[:4096]
    nuls = [sample[at::2].count(0) / (len(sample) / 2) for at in (0, 1)]
    for name, many, few in (("utf-16-le", nuls[1], nuls[0]), ("utf-16-be", nuls[0], nuls[1])):
        if many > _MOSTLY and few < 1 - _MOSTLY:
            try:
                return content.decode(name)
            except UnicodeDecodeError:
                raise EncodingUnknown from None
    return None


def _by_trying(content: bytes) -> str:
    if (text := _decoded(content, "utf-8")) is not None:
        return text
    windows, mac = _decoded(content, "cp1252"), _decoded(content, "mac_roman") or ""
    if _has_swedish_headings(mac) and not _has_swedish_headings(windows or ""):
        return mac
    if _is_dos(dos := content.decode("cp850"), windows or ""):
        return dos
    if windows is not None:
        return windows
    guess = charset_normalizer.from_bytes(content[:100_000]).best()
    if guess is None:
        raise EncodingUnknown
    try:
        return content.decode(guess.encoding)
    except (UnicodeDecodeError, LookupError):
        raise EncodingUnknown from None


def _is_dos(dos: str, windows: str) -> bool:
    """What Excel calls CSV (MS-DOS): å, ä and ö are in its headings, and nearly none are read else.

    A quotation mark of Windows is an ö there, so the headings alone decide nothing.
    """
    if not _has_swedish_headings(dos) or _has_swedish_headings(windows):
        return False
    return _swedish_letters(dos) > _swedish_letters(windows)


def _swedish_letters(text: str) -> int:
    return sum(text.count(letter) for letter in _SWEDISH)


def _decoded(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        return None


def _has_swedish_headings(text: str) -> bool:
    """Whether å, ä or ö are in the first line, as in our headings; read wrongly they are not.

    The cells decide nothing: there a sign of one encoding may well be a letter of the other.
    """
    return not _SWEDISH.isdisjoint(next(iter(text.split("\n" if "\n" in text else "\r")), ""))
