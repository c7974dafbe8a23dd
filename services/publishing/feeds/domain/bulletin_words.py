"""What must not stand in an early warning: anything that points at a person.

Numbers of persons and telephones, addresses of mail, accounts and links are refused. A word that
looks like a name is shown to the poster, who removes it or says that it is none. Answers give
positions (characters from 1, both ends included) and never what stands there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from services.publishing.feeds.domain.refusals import BulletinNotAllowed, NamesToConfirm

What = Literal["personal-number", "phone-number", "mail-address", "account", "link"]

_SAYS: dict[What, str] = {
    "personal-number": "något som liknar ett personnummer",
    "phone-number": "något som liknar ett telefonnummer",
    "mail-address": "en e-postadress",
    "account": "ett kontonamn",
    "link": "en länk",
}


class Span(NamedTuple):
    """Characters from 1, both ends included."""

    start: int
    end: int


class Found(NamedTuple):
    """Something that may not stand there."""

    what: What
    span: Span


_GAP = r"[ \t\n./()\-_*|·•~]{0,4}"
_PERSONAL = re.compile(
    rf"(?<!\d)(?:(?:18|19|20){_GAP})?\d{{2}}{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}"
    rf"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01]){_GAP}\+?{_GAP}\d{{2}}{_GAP}\d[\dTRSUWXJKLMN](?!\d)"
)
_PHONE = re.compile(rf"(?<![\d])(?:\+{_GAP})?\d(?:{_GAP}\d){{6,15}}(?!\d)")
_PATTERNS: tuple[tuple[What, re.Pattern[str]], ...] = (
    (
        "mail-address",
        re.compile(r"[^\s@]{1,64}\s?(?:@|\(at\)|\[at\])\s?[^\s@]{1,64}\.[A-Za-z]{2,}"),
    ),
    ("account", re.compile(r"(?<![\w@])@[\w.]{2,}")),
    (
        "link",
        re.compile(
            r"(?i)(?:https?://|www\.)\S+|(?<![\w.])[a-z0-9-]+\.(?:com|se|nu|me|org|net|gg|ru)\b"
        ),
    ),
    ("personal-number", _PERSONAL),
    ("phone-number", _PHONE),
)
_DATES = re.compile(
    r"(?<!\d)(?:20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"|(?:[01]?\d|2[0-4])[.:][0-5]\d\s?-\s?(?:[01]?\d|2[0-4])[.:][0-5]\d)(?![\d])"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_ENDS = re.compile(r"[.!?:\n]\s*[\"'»”(]*$")
_NO_NAMES = frozenset(
    re.findall(
        r"\w+",
        """
    sverige skåne malmö lund helsingborg stockholm göteborg köpenhamn danmark europa norden öresund
    rosengård möllevången möllan nydala lindängen seved holma kroksbäck kirseberg limhamn hyllie
    husie fosie centrum söder norr öster väster slottsstaden burlöv arlöv lomma trelleborg vellinge
    safe space resurscenter polisen skolan socialtjänsten kriminalvården säkerhetspolisen internet
    telegram discord instagram tiktok facebook youtube snapchat x
    """,
    )
)
_ABBREVIATION = 3
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


def ensure_points_at_nobody(text: str, confirmed: Collection[Span] = ()) -> None:
    """Refuse a text with details of a person, or with a likely name that nobody has confirmed.

    Raises:
        BulletinNotAllowed, NamesToConfirm: both give positions only.
    """
    for found in details(text):
        raise BulletinNotAllowed(what=_SAYS[found.what], start=found.span.start, end=found.span.end)
    open_names = [span for span in likely_names(text) if span not in confirmed]
    if open_names:
        places = ", ".join(f"{one.start}–{one.end}" for one in open_names)
        raise NamesToConfirm(places=places, spans=tuple(map(tuple, open_names)))


def details(text: str) -> list[Found]:
    """Numbers, addresses, accounts and links, in the order in which they stand."""
    plain, places = _plain(text)
    # A day or an hour is no number of a person; it stays as long as it was.
    plain = _DATES.sub(lambda found: "\0" * len(found[0]), plain)
    found: list[Found] = []
    for what, pattern in _PATTERNS:
        for hit in pattern.finditer(plain):
            span = Span(places[hit.start()] + 1, places[hit.end() - 1] + 1)
            if not any(_overlap(span, other.span) for other in found):
                found.append(Found(what, span))
    return sorted(found, key=lambda one: one.span)


def likely_names(text: str) -> list[Span]:
    """Words with a capital where a sentence does not ask for one, and pairs of such words."""
    words = [hit for hit in _WORD.finditer(text) if hit[0][0].isupper()]
    names: list[Span] = []
    for number, word in enumerate(words):
        goes_on = _goes_on(text, words[number + 1 :], word)
        short = word[0].isupper() and len(word[0]) <= _ABBREVIATION and not goes_on
        if word[0].casefold() in _NO_NAMES or short:
            continue
        if goes_on or not _begins_a_sentence(text, word.start()):
            names.append(Span(word.start() + 1, word.end()))
    return _joined(names, text)


def _begins_a_sentence(text: str, at: int) -> bool:
    before = text[:at]
    return not before.strip() or _SENTENCE_ENDS.search(before) is not None


def _goes_on(text: str, after: Sequence[re.Match[str]], word: re.Match[str]) -> bool:
    return bool(after) and text[word.end() : after[0].start()] == " "


def _joined(spans: Sequence[Span], text: str) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and text[joined[-1].end : span.start - 1].strip(" ") == "":
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _overlap(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _plain(text: str) -> tuple[str, list[int]]:
    """As a reader sees it: other digits as 0–9, nothing invisible; and where each sign stood."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in ("Cf", "Mn", "Me"):
            continue
        for plain in unicodedata.normalize("NFKC", sign):
            digit = unicodedata.digit(plain, None)
            signs.append(str(digit) if digit is not None else _space(plain))
            places.append(place)
    return "".join(signs), places


def _space(sign: str) -> str:
    return " " if sign.isspace() and sign != "\n" else sign.translate(_DASHES)
