"""A list that somebody can subscribe to: its names, and the words that a subscriber agrees to.

Words that were agreed to are kept as they stood: whoever changes them makes a new version.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.publishing.domain.languages import chosen, well_formed
from services.publishing.domain.preferences import UnknownLanguage
from shared.kernel.refusal import Refusal

LONGEST_NAME = 80
LONGEST_ABOUT = 300
LONGEST_CONSENT = 1000
MOST_LANGUAGES = 12
DEFAULT = "sv"
"""Every list has its words in this language; the others are offered beside it."""
_ID = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")


class NotAListId(Refusal):
    """The id stands in addresses and headers."""

    kind = "not-a-list-id"
    sv = "Listans id är 3–40 tecken: små bokstäver a–z, siffror och bindestreck, först en bokstav."
    en = "A list's id is 3–40 characters: lower-case a–z, digits and hyphens, a letter first."


class ListExists(Refusal):
    """There is one with this id."""

    kind = "list-exists"
    sv = "Det finns redan en lista med det id:t."
    en = "There is a list with that id already."


class ListWordsMissing(Refusal):
    """Name, description and consent are said in Swedish at least, within their limits."""

    kind = "list-words-missing"
    sv = "Skriv namn, beskrivning och samtyckestext, åtminstone på svenska, och inte för långt."
    en = "Write name, description and consent text, in Swedish at least, and not too long."


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The words of one version, by language."""

    version: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What an editor writes about a list, by language."""

    names: Mapping[str, str]
    about: Mapping[str, str]
    consent: Mapping[str, str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class NewsletterList:
    """`texts` grow at the end; the last one holds. A list that is not open takes no sign-ups."""

    id: str
    names: Mapping[str, str]
    about: Mapping[str, str]
    texts: tuple[ConsentText, ...]
    is_open: bool = True
    version: int = 0

    @property
    def consent(self) -> ConsentText:
        """What whoever signs up now agrees to."""
        return self.texts[-1]


def new_list(list_id: str, said: Said) -> NewsletterList:
    """A list with its first words.

    Raises:
        NotAListId, ListWordsMissing, UnknownLanguage: see there.
    """
    if not _ID.fullmatch(list_id) or "--" in list_id:
        raise NotAListId
    checked = _checked(said)
    first = ConsentText(f"{list_id}-1", checked.consent)
    return NewsletterList(list_id, checked.names, checked.about, (first,), checked.is_open)


def changed(known: NewsletterList, said: Said) -> NewsletterList:
    """The list with other words; another consent text is one more version, never a rewritten one.

    Raises:
        ListWordsMissing, UnknownLanguage: nothing is changed then.
    """
    checked = _checked(said)
    texts = known.texts
    if checked.consent != dict(known.consent.words):
        texts = (*texts, ConsentText(f"{known.id}-{len(texts) + 1}", checked.consent))
    return replace(
        known, names=checked.names, about=checked.about, texts=texts, is_open=checked.is_open
    )


def in_language(words: Mapping[str, str], language: str) -> str:
    """The words in this language, or in the nearest that there is."""
    return words[chosen([language], words, DEFAULT)]


def _checked(said: Said) -> Said:
    return Said(
        _words(said.names, LONGEST_NAME, one_line=True),
        _words(said.about, LONGEST_ABOUT),
        _words(said.consent, LONGEST_CONSENT),
        said.is_open,
    )


def _words(words: Mapping[str, str], longest: int, *, one_line: bool = False) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, text in words.items():
        tag = well_formed(language)
        if tag is None:
            raise UnknownLanguage
        found[tag] = " ".join(text.split()) if one_line else text.strip()
    short = all(0 < len(text) <= longest for text in found.values())
    if DEFAULT not in found or len(found) > MOST_LANGUAGES or not short:
        raise ListWordsMissing
    return found
