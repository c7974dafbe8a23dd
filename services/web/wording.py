"""The words on the pages, a file for each area and language, and dates as people say them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from string import Formatter
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from starlette.requests import Request

from services.web.cookies import Cookies
from shared.web.language import language_of

_FOLDER = Path(__file__).parent / "words"
Language = Literal["sv", "en", "ar"]
"""What pages are written in: the services' two languages, and Arabic on participants' pages."""
LANGUAGES: tuple[Language, ...] = get_args(Language)
_LOCALE = {"sv": "sv_SE", "en": "en_GB", "ar": "ar"}
_DAY = {"sv": "EEEE d MMMM", "en": "EEEE d MMMM", "ar": "EEEE d MMMM"}
_MOMENT = {
    "sv": "EEEE d MMMM 'kl.' HH:mm",
    "en": "EEEE d MMMM 'at' HH:mm",
    "ar": "EEEE d MMMM 'الساعة' HH:mm",
}
_DATE = {"sv": "d MMMM y", "en": "d MMMM y", "ar": "d MMMM y"}
_SHORT = {"sv": "d MMMM HH:mm", "en": "d MMMM HH:mm", "ar": "d MMMM HH:mm"}
STOCKHOLM = "Europe/Stockholm"
_NO_BREAK = "\u2060"
"""Word joiner: a dash would let a narrow screen part two hours."""
_ISOLATED = "\u2068{}\u2069"
"""First-strong isolate: figures keep their own order among words that run the other way."""
REFUSALS = "refusals"
"""The area that says in Arabic what services say in Swedish and English themselves."""


class WordsDisagree(ValueError):
    """Two files say the same name, or a name or its facts stand in one language only."""


def read_words(folder: Path) -> Mapping[Language, Mapping[str, str]]:
    """Every `<area>.<language>.json` of a folder, merged.

    An area may be without Arabic, but none is half Arabic; what is missing there is Swedish.

    Raises:
        WordsDisagree: a name stands in two areas, or not alike in both languages.
    """
    merged: dict[Language, dict[str, str]] = {language: {} for language in LANGUAGES}
    for language, words in merged.items():
        for path in sorted(folder.glob(f"*.{language}.json")):
            area = json.loads(path.read_text("utf-8"))
            if twice := words.keys() & area.keys():
                raise WordsDisagree(f"{path.name} says again: {', '.join(sorted(twice))}")
            if language == "ar" and path.name != f"{REFUSALS}.ar.json":
                swedish = folder / path.name.replace(".ar.", ".sv.")
                _ensure_alike(json.loads(swedish.read_text("utf-8")), area)
            words.update(area)
    _ensure_alike(merged["sv"], merged["en"])
    return {**merged, "ar": merged["sv"] | merged["ar"]}


def _ensure_alike(one: Mapping[str, str], other: Mapping[str, str]) -> None:
    unlike = {
        name
        for name in one.keys() | other.keys()
        if _facts_in(one.get(name)) != _facts_in(other.get(name))
    }
    if unlike:
        raise WordsDisagree(f"not alike in both languages: {', '.join(sorted(unlike))}")


def _facts_in(sentence: str | None) -> frozenset[str | None] | None:
    if sentence is None:
        return None
    return frozenset(field for _, field, _, _ in Formatter().parse(sentence) if field is not None)


WORDS: Mapping[Language, Mapping[str, str]] = read_words(_FOLDER)


class Said(NamedTuple):
    """Words, their language, and the way it runs."""

    tag: str
    text: str
    direction: str


class Words:
    """Everything that can be said in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._words = WORDS[language]

    def __call__(self, name: str, **facts: object) -> str:
        """The sentence of that name, with the facts in it."""
        return self._words[name].format(**facts)

    @property
    def direction(self) -> str:
        """`rtl` where lines begin at the right."""
        return "rtl" if self.language == "ar" else "ltr"

    def refusal(self, kind: str, sentence: str) -> str:
        """What a service said, in these words: services speak Swedish and English only."""
        if self.language != "ar":
            return sentence
        return self._words.get(f"no_{kind}") or self("no_")

    def counted(self, name: str, count: int) -> str:
        """`1 plats`, `3 platser`: the words of a name for one, and for more."""
        return self(f"{name}_one") if count == 1 else self(f"{name}_more", count=count)

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
        comma = "،" if self.language == "ar" else ","
        return f"{day}{comma} {self._clock(begin)}{_NO_BREAK}–{_NO_BREAK}{self._clock(end)}"

    def calendar_leaf(self, at: datetime, zone: str) -> tuple[str, str, str]:
        """`tors`, `28`, `jan`: the leaf of a calendar."""
        here, locale = at.astimezone(ZoneInfo(zone)), _LOCALE[self.language]
        week, month = (format_datetime(here, part, locale=locale) for part in ("EEE", "LLL"))
        return week.rstrip("."), str(here.day), month.rstrip(".")

    def clock(self, starts: datetime, ends: datetime, zone: str) -> str:
        """`09:00–10:30`."""
        here = ZoneInfo(zone)
        begin, end = self._clock(starts.astimezone(here)), self._clock(ends.astimezone(here))
        return f"{begin}{_NO_BREAK}–{_NO_BREAK}{end}"

    def day_of(self, at: datetime, zone: str) -> str:
        """`torsdag 28 januari`."""
        return self._formatted(at, _DAY, ZoneInfo(zone))

    def moment(self, at: datetime, zone: str = STOCKHOLM) -> str:
        """`onsdag 20 januari kl. 15:00`."""
        return self._formatted(at, _MOMENT, ZoneInfo(zone))

    def short(self, at: datetime) -> str:
        """`20 januari 15:00`, in Stockholm."""
        return self._formatted(at, _SHORT, ZoneInfo(STOCKHOLM))

    def day(self, at: datetime) -> str:
        """`20 januari 2027`, in Stockholm."""
        return self._formatted(at, _DATE, ZoneInfo(STOCKHOLM))

    def dated(self, text: object) -> str:
        """Words as they are; a day or an instant that a service wrote, as people say it."""
        try:
            return self.day(_instant_in(str(text)))
        except ValueError:
            return str(text)

    def among(self, said: Mapping[str, str]) -> Said:
        """Of what is said in several languages, that in this one, or in the nearest there is."""
        tag = nearest(self.language, tuple(said))
        locale = _locale(tag)
        towards = "rtl" if locale is not None and locale.text_direction == "rtl" else "ltr"
        return Said(tag, said.get(tag, ""), towards)

    @staticmethod
    def own_name(tag: str) -> str:
        """`svenska`, `English`, `العربية`: a language as those say it who speak it."""
        locale = _locale(tag)
        return (locale.get_display_name() if locale is not None else None) or tag

    @staticmethod
    def with_own(tags: Sequence[str], own: str) -> list[str]:
        """Languages to choose from; whoever has another keeps it."""
        return [*tags, *([own] if own and own not in tags else [])]

    def _clock(self, at: datetime) -> str:
        return _ISOLATED.format(f"{at:%H:%M}") if self.language == "ar" else f"{at:%H:%M}"

    def _formatted(self, at: datetime, pattern: Mapping[str, str], zone: ZoneInfo) -> str:
        wanted, locale = pattern[self.language], _LOCALE[self.language]
        return format_datetime(at, wanted, tzinfo=zone, locale=locale)


def _instant_in(text: str) -> datetime:
    """Raises ValueError for anything else than a whole day or an instant with its zone."""
    at = datetime.fromisoformat(text)
    if len(text) == len("2027-01-31"):
        return at.replace(hour=12, tzinfo=ZoneInfo(STOCKHOLM))
    if at.tzinfo is None or len(text) < len("2027-01-31T10:00Z"):
        raise ValueError
    return at


def nearest(language: str, among: Sequence[str]) -> str:
    """The language itself, else Swedish, English, or whatever there is; itself where none is."""
    return next((tag for tag in (language, "sv", "en", *among) if tag in among), language)


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None


def language_for(request: Request, cookies: Cookies) -> Language:
    """Asked for in the address, chosen before, or what the browser likes best."""
    for wish in (request.query_params.get("lang"), cookies.language_of(request)):
        for language in LANGUAGES:
            if wish == language:
                return language
    return "ar" if _likes_arabic_best(request) else language_of(request)


def staff_language_for(request: Request, cookies: Cookies) -> Language:
    """The same on the console, whose words are Swedish and English only."""
    language = language_for(request, cookies)
    return "sv" if language == "ar" else language


def _likes_arabic_best(request: Request) -> bool:
    """Whether it is the first that is named: browsers name what they like in that order."""
    return request.headers.get("accept-language", "").strip().lower().startswith("ar")
