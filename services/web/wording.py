"""The words on the pages, one file for each language, and dates as people say them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from starlette.requests import Request

from services.web.cookies import Cookies
from shared.web.language import Language, language_of

_FOLDER = Path(__file__).parent / "words"
_LOCALE = {"sv": "sv_SE", "en": "en_GB"}
_DAY = {"sv": "EEEE d MMMM", "en": "EEEE d MMMM"}
_MOMENT = {"sv": "EEEE d MMMM 'kl.' HH:mm", "en": "EEEE d MMMM 'at' HH:mm"}
_SHORT = {"sv": "d MMMM HH:mm", "en": "d MMMM HH:mm"}
STOCKHOLM = "Europe/Stockholm"
_NO_BREAK = "\u2060"
"""Word joiner: a dash would let a narrow screen part two hours."""

WORDS: Mapping[Language, Mapping[str, str]] = {
    "sv": json.loads((_FOLDER / "sv.json").read_text("utf-8")),
    "en": json.loads((_FOLDER / "en.json").read_text("utf-8")),
}


class Words:
    """Everything that can be said in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._words = WORDS[language]

    def __call__(self, name: str, **facts: object) -> str:
        """The sentence of that name, with the facts in it."""
        return self._words[name].format(**facts)

    def heads(self, pupils: int, adults: int) -> str:
        """`26 elever och 1 vuxen`; whoever is none is not named."""
        counted = (("pupil", pupils), ("adult", adults))
        said = [
            self(f"count_{name}{'' if count == 1 else 's'}", count=count)
            for name, count in counted
            if count
        ]
        return f" {self('and')} ".join(said)

    def hours(self, starts: datetime, ends: datetime, zone: str) -> str:
        """`torsdag 28 januari, 09:00–10:30`, on the wall clock of where it happens."""
        here = ZoneInfo(zone)
        begin, end = starts.astimezone(here), ends.astimezone(here)
        day = self._formatted(begin, _DAY, here)
        return f"{day}, {begin:%H:%M}{_NO_BREAK}–{_NO_BREAK}{end:%H:%M}"

    def moment(self, at: datetime, zone: str = STOCKHOLM) -> str:
        """`onsdag 20 januari kl. 15:00`."""
        return self._formatted(at, _MOMENT, ZoneInfo(zone))

    def short(self, at: datetime) -> str:
        """`20 januari 15:00`, in Stockholm."""
        return self._formatted(at, _SHORT, ZoneInfo(STOCKHOLM))

    def _formatted(self, at: datetime, pattern: Mapping[str, str], zone: ZoneInfo) -> str:
        wanted, locale = pattern[self.language], _LOCALE[self.language]
        return format_datetime(at, wanted, tzinfo=zone, locale=locale)


def language_for(request: Request, cookies: Cookies) -> Language:
    """Asked for in the address, chosen before, or what the browser likes better."""
    for wish in (request.query_params.get("lang"), cookies.language_of(request)):
        if wish == "sv":
            return "sv"
        if wish == "en":
            return "en"
    return language_of(request)
