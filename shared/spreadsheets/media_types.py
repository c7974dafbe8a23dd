"""What a spreadsheet is called in HTTP."""

from __future__ import annotations

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def media_type_of(content: bytes) -> str:
    """By its first bytes: a workbook is an archive, anything else is sent as text."""
    return XLSX if content.startswith(b"PK\x03\x04") else CSV
