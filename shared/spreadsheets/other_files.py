"""What a file is that is no spreadsheet, by its first bytes: so that somebody sends another one."""

from __future__ import annotations

import io
import re
import zipfile

from shared.spreadsheets.refusals import (
    FileIsADocument,
    FileIsAnArchive,
    FileIsAPdf,
    FileIsAPicture,
)

_PICTURE = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8[79]a|RIFF....WEBP|II\*\x00|MM\x00\*"
    rb"|....ftyp(?:hei[cx]|mif1|avif)",
    re.DOTALL,
)
_ARCHIVES = (b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
_ZIP, _OLE, _RICH_TEXT = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf"
_OLD_DOCUMENTS = tuple(name.encode("utf-16-le") for name in ("WordDocument", "PowerPoint Document"))
"""How the old formats of Word and PowerPoint name their content, inside of the file."""
_DOCUMENT_PARTS = ("word/", "ppt/")
_OPEN_DOCUMENTS = (b"opendocument.text", b"opendocument.presentation")
_WORKBOOK_PARTS = ("xl/", "content.xml", "[Content_Types].xml")


def ensure_may_be_a_spreadsheet(content: bytes) -> None:
    """Raises a refusal that says what the file is, when it is known and no spreadsheet."""
    if _PICTURE.match(content):
        raise FileIsAPicture
    if content.startswith(b"%PDF"):
        raise FileIsAPdf
    if content.startswith(_ARCHIVES):
        raise FileIsAnArchive
    if content.startswith(_RICH_TEXT) or _is_old_document(content):
        raise FileIsADocument
    if content.startswith(_ZIP):
        _ensure_a_workbooks_parts(content)


def _is_old_document(content: bytes) -> bool:
    return content.startswith(_OLE) and any(name in content for name in _OLD_DOCUMENTS)


def _ensure_a_workbooks_parts(content: bytes) -> None:
    """By its list of contents; one that cannot be read is left to whoever opens it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            kind = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except Exception:  # noqa: BLE001 - each way of packing has its own errors
        return
    if any(name.startswith(_DOCUMENT_PARTS) for name in names):
        raise FileIsADocument
    if any(sort in kind for sort in _OPEN_DOCUMENTS):
        raise FileIsADocument
    if not any(name.startswith(_WORKBOOK_PARTS) for name in names):
        raise FileIsAnArchive
