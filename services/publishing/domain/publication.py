"""A brochure or the handbook: a draft that is worked on, and editions that stay as they are.

    (none) ── add ──▶ draft ⇄ redraft ── release ──▶ draft + one more edition, for ever

An edition is never changed or taken back: what somebody was taught, or quotes, can be looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from services.publishing.domain import manuscript_rules
from services.publishing.domain import publication_rules as rules
from services.publishing.domain.languages import well_formed
from services.publishing.domain.manuscript import Manuscript, headings, pictures, pieces
from services.publishing.domain.news import EditionOut
from services.publishing.domain.versions import Change, Version, ensure_follows, followers

Kind = Literal["brochure", "handbook"]
LONGEST_LINE = 200
LONGEST_NOTE = 2000
MOST_LANGUAGES = 12
MOST_PIECES = 30_000
"""A text as long as one may be and as divided as our handbook has 24,000. Whatever they are, so
many are set in some seconds and about a gigabyte."""
_ADDRESS = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Text:
    """One language of it. `summary` is a line below the title; `markdown` begins with a chapter."""

    title: str
    summary: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is worked on. `pictures`: file name in the text → id of the image."""

    texts: Mapping[str, Text] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edition:
    """What was released. `number` counts them: 1, 2, 3 …; `changes` by language."""

    publication_id: str
    kind: Kind
    version: Version
    number: int
    texts: Mapping[str, Text]
    pictures: Mapping[str, str]
    changes: Mapping[str, str]
    released_at: datetime

    @property
    def id(self) -> str:
        """`mentorshandboken/1.2.0`."""
        return edition_id(self.publication_id, self.version)


@dataclass(frozen=True, slots=True)
class Publication:
    """`id` stands in its address for ever. `version` is storage's; `latest` that of the newest."""

    id: str
    kind: Kind
    draft: Draft = field(default_factory=Draft)
    latest: Version | None = None
    editions: int = 0
    titles: Mapping[str, str] = field(default_factory=dict)
    version: int = 0


def edition_id(publication_id: str, version: Version) -> str:
    """An edition's id."""
    return f"{publication_id}/{version}"


def path_of(publication_id: str, version: Version) -> str:
    """Where it is read, below the front door."""
    return f"/publikationer/{publication_id}/{version}"


def new_publication(id_: str, kind: Kind) -> Publication:
    """Raises AddressNotPlain: 2 to 60 of a–z, 0–9 and hyphens, and a letter first."""
    if not 2 <= len(id_) <= 60 or not _ADDRESS.fullmatch(id_):
        raise rules.AddressNotPlain
    return Publication(id_, kind)


def redraft(publication: Publication, draft: Draft) -> Publication:
    """Write the draft anew. An unfinished text may stand there; a release looks closer.

    Raises:
        LanguageUnknown, TooManyLanguages, TitleMissing, TooManyPieces.
    """
    if len(draft.texts) > MOST_LANGUAGES:
        raise rules.TooManyLanguages(most=MOST_LANGUAGES)
    for language, text in draft.texts.items():
        if well_formed(language) != language:
            raise rules.LanguageUnknown
        if not text.title.strip() or len(text.title) > LONGEST_LINE:
            raise rules.TitleMissing(limit=LONGEST_LINE)
        if len(text.summary) > LONGEST_LINE:
            raise rules.TitleMissing(limit=LONGEST_LINE)
        if pieces(text.markdown) > MOST_PIECES:
            raise manuscript_rules.TooManyPieces(limit=MOST_PIECES)
    return replace(publication, draft=draft)


def least_change(before: Mapping[str, Manuscript], after: Mapping[str, Manuscript]) -> Change:
    """What has changed at least: a language or heading that is gone, one that is new, or neither.

    More may have changed than headings tell; the editor says so with a larger version.
    """
    were, are = _places(before), _places(after)
    if were - are:
        return "rework"
    return "addition" if are - were else "correction"


def next_versions(publication: Publication, least: Change) -> tuple[Version, ...]:
    """Those that a release may have."""
    return followers(publication.latest, least)


def release(
    publication: Publication,
    last: Edition | None,
    version: Version,
    least: Change,
    changes: Mapping[str, str],
    now: datetime,
) -> tuple[Publication, Edition, EditionOut]:
    """The draft becomes an edition; `least` is what has changed since `last`.

    Raises:
        SwedishMissing, NothingHasChanged, VersionDoesNotFollow, ChangeIsLarger, ChangeNoteMissing.
    """
    draft = publication.draft
    if "sv" not in draft.texts:
        raise rules.SwedishMissing
    if last is not None and (draft.texts, draft.pictures) == (last.texts, last.pictures):
        raise rules.NothingHasChanged
    ensure_follows(publication.latest, version, least)
    notes = {language: changes.get(language, "").strip() for language in draft.texts}
    if last is not None and not all(notes.values()):
        raise rules.ChangeNoteMissing
    if any(len(note) > LONGEST_NOTE for note in notes.values()):
        raise rules.ChangeNoteTooLong(limit=LONGEST_NOTE)
    kept = {language: note for language, note in notes.items() if note}
    number = publication.editions + 1
    titles = {language: text.title for language, text in draft.texts.items()}
    edition = Edition(
        publication_id=publication.id,
        kind=publication.kind,
        version=version,
        number=number,
        texts=dict(draft.texts),
        pictures=dict(draft.pictures),
        changes=kept,
        released_at=now,
    )
    out = EditionOut(
        publication_id=publication.id,
        kind=publication.kind,
        edition=str(version),
        titles=titles,
        changes=kept,
        at=now,
        path=path_of(publication.id, version),
        sequence=number,
    )
    after = replace(publication, latest=version, editions=number, titles=titles)
    return after, edition, out


def ensure_pictures(draft: Draft, manuscripts: Mapping[str, Manuscript]) -> None:
    """Raises PictureMissing: a text shows one that was not uploaded."""
    for language, manuscript in sorted(manuscripts.items()):
        if pictures(manuscript) - draft.pictures.keys():
            raise rules.PictureMissing(language=language)


def _places(manuscripts: Mapping[str, Manuscript]) -> set[tuple[str, str]]:
    return {(language, "") for language in manuscripts} | {
        (language, heading.anchor)
        for language, manuscript in manuscripts.items()
        for heading in headings(manuscript)
    }
