"""One language of an edition as the template sets it, with the few words around the text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from services.publishing.domain.languages import direction
from services.publishing.domain.manuscript import Manuscript
from services.publishing.domain.publication import Kind, Text
from services.publishing.typesetting.as_data import as_data
from services.publishing.typesetting.pdf import set_pdf
from services.publishing.typesetting.read_markdown import read

PUBLISHER = "Resurscenter Safe Space Malmö"
_HERE = ZoneInfo("Europe/Stockholm")
_EDITION = {"sv": "Utgåva", "en": "Edition", "ar": "الطبعة", "fa": "نسخهٔ", "so": "Daabacaadda"}


@lru_cache(maxsize=64)
def reading(markdown: str) -> Manuscript:
    """`read`, remembered: editions stay as they are and are read again and again."""
    return read(markdown)


def set_book(
    kind: Kind,
    language: str,
    text: Text,
    version: str,
    at: datetime,
    pictures: Mapping[str, bytes],
) -> bytes:
    """The PDF. Blocks: ask for it in a thread. Raises what `read` and `set_pdf` raise."""
    manuscript = reading(text.markdown)
    data = {
        "kind": kind,
        "title": text.title,
        "summary": text.summary,
        "publisher": PUBLISHER,
        "edition": edition_line(language, version, at),
        "version": version,
        "lang": language.partition("-")[0],
        "dir": direction(language),
        "blocks": as_data(manuscript),
    }
    return set_pdf("book", data, at=at, pictures=pictures)


def edition_line(language: str, version: str, at: datetime) -> str:
    """`Utgåva 1.2.0 · 3 februari 2027`, in the language where we know how."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    day = format_date(at.astimezone(_HERE).date(), "long", locale)
    return f"{_EDITION.get(locale.language, _EDITION['en'])} {version} · {day}"
