"""What a block says, as Markdown in the language of the text around it.

Titles, rooms and summaries come from elsewhere and are words only: every mark in them is escaped,
and in a text written from right to left they are kept apart (Unicode's isolates), so that a Swedish
title with a figure in it does not turn the line around.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime

from services.publishing.domain.blocks import Block, ImageBlock, OccasionsBlock, PublicationBlock
from services.publishing.domain.languages import chosen, direction
from services.publishing.domain.occasions import Occasion, upcoming

_MARKS = re.compile(r"[!-/:-@\[-`{-~]")
_APART, _LEFT_TO_RIGHT, _END = "\u2068", "\u2066", "\u2069"


class _Said(NamedTuple):
    nothing: str
    edition: str
    removed: str
    day: str
    at: str
    kinds: Mapping[str, str]


_WORDS: Mapping[str, _Said] = {
    "sv": _Said(
        "Inga tillfällen är planerade just nu.",
        "Utgåva {number}",
        "Publikationen finns inte längre.",
        "EEEE d MMMM y",
        " kl. ",
        {
            "workshop": "workshop",
            "lecture": "föreläsning",
            "training": "utbildning",
            "open-evening": "öppen kväll",
            "consultation": "rådgivning",
        },
    ),
    "en": _Said(
        "Nothing is planned right now.",
        "Edition {number}",
        "The publication is no longer there.",
        "EEEE d MMMM y",
        " at ",
        {
            "workshop": "workshop",
            "lecture": "lecture",
            "training": "training",
            "open-evening": "open evening",
            "consultation": "consultation",
        },
    ),
    "ar": _Said(
        "لا توجد مواعيد مقررة حالياً.",
        "الطبعة {number}",
        "لم يعد المنشور متاحاً.",
        "EEEE d MMMM y",
        "، ",
        {
            "workshop": "ورشة عمل",
            "lecture": "محاضرة",
            "training": "دورة تدريبية",
            "open-evening": "أمسية مفتوحة",
            "consultation": "استشارة",
        },
    ),
}


class Card(NamedTuple):
    """A publication as a newsletter shows it: where it can be read, and its newest edition."""

    title: str
    summary: str
    edition: str
    address: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """What blocks are filled from, as it stands at `now`; `images` is where images are shown."""

    now: datetime
    images: str
    occasions: Sequence[Occasion] = ()
    cards: Mapping[str, Card] | None = None


def say(block: Block, shelf: Shelf, language: str) -> str:
    """The Markdown of one block."""
    said = _WORDS[chosen([language], _WORDS, "en")]
    match block:
        case OccasionsBlock():
            return _list(upcoming(shelf.occasions, block, shelf.now), said, language)
        case PublicationBlock(name):
            return _card((shelf.cards or {}).get(name), said, language)
        case ImageBlock():
            return _image(block, shelf.images, language)


def _list(occasions: Sequence[Occasion], said: _Said, language: str) -> str:
    if not occasions:
        return said.nothing
    return "\n".join(_line(each, said, language) for each in occasions)


def _line(each: Occasion, said: _Said, language: str) -> str:
    kind = said.kinds.get(each.kind)
    after = f" ({kind})" if kind else ""
    comma = "،" if direction(language) == "rtl" else ","
    where = f"{comma} {_words(each.room, language)}" if each.room.strip() else ""
    return f"- **{_words(each.title, language)}**{after}\\\n  {_when(each, said, language)}{where}"


def _when(each: Occasion, said: _Said, language: str) -> str:
    zone = ZoneInfo(each.zone)
    starts, ends = each.starts_at.astimezone(zone), each.ends_at.astimezone(zone)
    locale = _locale(language)
    day = format_datetime(starts, said.day, tzinfo=zone, locale=locale)
    if starts.date() == ends.date():
        return f"{day}{said.at}{_hours(f'{starts:%H:%M}', f'{ends:%H:%M}', language)}"
    last = format_datetime(ends, said.day, tzinfo=zone, locale=locale)
    return f"{day}{said.at}{starts:%H:%M} – {last}{said.at}{ends:%H:%M}"


def _hours(begin: str, end: str, language: str) -> str:
    said = f"{begin}–{end}"
    return f"{_LEFT_TO_RIGHT}{said}{_END}" if direction(language) == "rtl" else said


def _locale(language: str) -> Locale:
    tag = chosen([language], _WORDS, "en")
    try:
        # British English writes the day before the month, as everybody here does.
        return Locale.parse({"en": "en_GB", "sv": "sv_SE"}.get(tag, tag))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def _card(card: Card | None, said: _Said, language: str) -> str:
    if card is None:
        return said.removed
    edition = said.edition.format(number=_words(card.edition, language))
    head = f"**[{_words(card.title, language)}](<{card.address}>)**"
    summary = _words(card.summary, language)
    return "\\\n".join([head, *([summary] if card.summary.strip() else []), edition])


def _image(block: ImageBlock, images: str, language: str) -> str:
    caption = f"\n\n*{_words(block.caption, language)}*" if block.caption.strip() else ""
    return f"![{_escaped(block.alt)}](<{images}/{block.id}>){caption}"


def _words(text: str, language: str) -> str:
    escaped = _escaped(text)
    return f"{_APART}{escaped}{_END}" if direction(language) == "rtl" else escaped


def _escaped(text: str) -> str:
    """Words that Markdown leaves as they are; two braces would be a slot, whoever wrote them."""
    line = " ".join(text.replace("{", "(").replace("}", ")").split())
    return _MARKS.sub(r"\\\g<0>", line)
