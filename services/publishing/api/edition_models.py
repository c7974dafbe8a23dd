"""Released editions as anybody reads them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.publishing.api.publication_models import (
    AT,
    HEADING,
    HTML,
    SLUG,
    HeadingOut,
    headings_of,
    picture_paths,
)
from services.publishing.domain.languages import direction
from services.publishing.domain.publication import Kind, Publication
from services.publishing.domain.searching import Found
from services.publishing.typesetting.web import as_html
from services.publishing.use_cases.publication_ports import Listed
from services.publishing.use_cases.read_editions import Reading
from shared.web.examples import example_of

_TITLES: dict[str, Any] = {"en": "Daring to ask", "sv": "Att våga fråga"}
_CHANGES: dict[str, Any] = {
    "sv": "Nytt kapitel om tystnadsplikt.",
    "en": "A new chapter on confidentiality.",
}


class ReleasedLine(BaseModel):
    """A publication that has an edition, and which is the newest."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"id": SLUG, "kind": "brochure", "latest": "1.1.0", "titles": _TITLES}
        }
    )

    id: str
    kind: Kind
    latest: str
    titles: dict[str, str]

    @classmethod
    def of(cls, one: Publication) -> ReleasedLine:
        """From the domain."""
        return cls(id=one.id, kind=one.kind, latest=str(one.latest), titles=dict(one.titles))


class EditionLine(BaseModel):
    """One edition of a publication; `languages` by `titles`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "edition": "1.1.0",
                "number": 2,
                "titles": _TITLES,
                "changes": _CHANGES,
                "released_at": AT,
            }
        }
    )

    edition: str
    number: int
    titles: dict[str, str]
    changes: dict[str, str]
    released_at: AwareDatetime

    @classmethod
    def of(cls, one: Listed) -> EditionLine:
        """From what was found."""
        return cls(
            edition=str(one.version),
            number=one.number,
            titles=dict(one.titles),
            changes=dict(one.changes),
            released_at=one.released_at,
        )


class EditionsOut(BaseModel):
    """Every edition, the newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": SLUG,
                "items": [example_of(EditionLine)],
            }
        }
    )

    id: str
    items: list[EditionLine]


class EditionOut(BaseModel):
    """An edition in one language. `html` can stand inside any page of ours, below its `h1`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": SLUG,
                "kind": "brochure",
                "edition": "1.1.0",
                "number": 2,
                "language": "sv",
                "languages": ["en", "sv"],
                "direction": "ltr",
                "title": "Att våga fråga",
                "summary": "Till dig som möter unga och undrar.",
                "changes": _CHANGES["sv"],
                "released_at": AT,
                "headings": [HEADING],
                "html": HTML,
            }
        }
    )

    id: str
    kind: Kind
    edition: str
    number: int
    language: str
    languages: list[str]
    direction: Literal["ltr", "rtl"]
    title: str
    summary: str
    changes: str = Field(description="vad som är nytt, på språket; tomt i den första")
    released_at: AwareDatetime
    headings: list[HeadingOut]
    html: str

    @classmethod
    def of(cls, reading: Reading) -> EditionOut:
        """As a page shows it."""
        edition, text = reading.edition, reading.edition.texts[reading.language]
        told: dict[str, Any] = {
            "id": edition.publication_id,
            "kind": edition.kind,
            "edition": str(edition.version),
            "number": edition.number,
            "language": reading.language,
            "languages": sorted(edition.texts),
            "direction": direction(reading.language),
            "title": text.title,
            "summary": text.summary,
            "changes": edition.changes.get(reading.language, ""),
            "released_at": edition.released_at,
            "headings": headings_of(reading.manuscript),
            "html": as_html(reading.manuscript, picture_paths(edition.pictures)),
        }
        return cls.model_validate(told)


class PieceOut(BaseModel):
    """Part of an excerpt; `hit` where it is a word that was asked for."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "samtal", "hit": True}})

    text: str
    hit: bool


class FoundOut(BaseModel):
    """A section that holds every word. Without an anchor it stands before the first heading."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "anchor": "att-lyssna-forst",
                "heading": "Att lyssna först",
                "excerpt": [{"text": "Ett ", "hit": False}, {"text": "samtal", "hit": True}],
            }
        }
    )

    anchor: str
    heading: str
    excerpt: list[PieceOut]

    @classmethod
    def of(cls, found: Found) -> FoundOut:
        """From the domain."""
        pieces = [PieceOut(text=each.text, hit=each.hit) for each in found.excerpt]
        return cls(anchor=found.anchor, heading=found.heading, excerpt=pieces)


class SearchOut(BaseModel):
    """What was found, the best first."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "language": "sv",
                "title": "Att våga fråga",
                "items": [example_of(FoundOut)],
            }
        }
    )

    language: str
    title: str
    items: list[FoundOut]
