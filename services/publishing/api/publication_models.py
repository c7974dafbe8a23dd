"""Publications as editors send and read them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.publishing.domain.languages import direction
from services.publishing.domain.manuscript import headings, plain
from services.publishing.domain.publication import Draft, Edition, Kind, Publication, Text
from services.publishing.typesetting.web import as_html
from services.publishing.use_cases.preview_publication import Preview

SLUG = "att-vaga-fraga"
AT = "2027-02-01T10:00:00Z"
IMAGE_ID = "5f2b1c0d9e8a7b6c5d4e3f2a1b0c9d8e"
Language = Annotated[str, Field(min_length=2, max_length=35, description="BCP 47, t.ex. sv")]
EditionName = Annotated[
    str, Field(max_length=20, description="semantisk version, t.ex. 1.2.0", examples=["1.2.0"])
]
_TEXT: dict[str, Any] = {
    "title": "Att våga fråga",
    "summary": "Till dig som möter unga och undrar.",
    "markdown": "# Att lyssna först\n\nEtt samtal börjar ofta med någonting **annat**.",
}
_DRAFT: dict[str, Any] = {"texts": {"sv": _TEXT}, "pictures": {}}
HEADING: dict[str, Any] = {"level": 1, "anchor": "att-lyssna-forst", "title": "Att lyssna först"}
HTML = '<h2 id="att-lyssna-forst">Att lyssna först</h2>\n<p>Ett samtal börjar …</p>'
_LINE: dict[str, Any] = {
    "id": SLUG,
    "kind": "brochure",
    "latest": "1.0.0",
    "editions": 1,
    "titles": {"sv": "Att våga fråga"},
    "version": 3,
}


class NewPublication(BaseModel):
    """By its address, for ever."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"id": SLUG, "kind": "brochure"}}
    )

    id: str = Field(max_length=100, description="adressen: a–z, 0–9 och bindestreck")
    kind: Kind


class TextModel(BaseModel):
    """One language: title, summary and Markdown that begins with a chapter (`#`)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _TEXT})

    title: str = Field(max_length=1000)
    summary: str = Field(default="", max_length=1000)
    markdown: str = Field(max_length=700_000)

    def text(self) -> Text:
        """For the use case."""
        return Text(self.title, self.summary, self.markdown)

    @classmethod
    def of(cls, text: Text) -> TextModel:
        """From the domain."""
        return cls(title=text.title, summary=text.summary, markdown=text.markdown)


class WordsToRead(TextModel):
    """A text in one language that need not be kept, to see how it would be."""

    model_config = ConfigDict(json_schema_extra={"example": {"language": "sv", **_TEXT}})

    language: Language


class DraftModel(BaseModel):
    """The whole draft. `pictures`: file name in the text → id of an image that was kept before."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _DRAFT})

    texts: dict[Language, TextModel] = Field(max_length=30)
    pictures: dict[Annotated[str, Field(max_length=80)], Annotated[str, Field(max_length=64)]] = (
        Field(default_factory=dict, max_length=200)
    )

    def draft(self) -> Draft:
        """For the use case."""
        texts = {language: each.text() for language, each in self.texts.items()}
        return Draft(texts, dict(self.pictures))


class PublicationLine(BaseModel):
    """A publication in a list. `latest` is null before its first edition."""

    model_config = ConfigDict(json_schema_extra={"example": _LINE})

    id: str
    kind: Kind
    latest: str | None
    editions: int
    titles: dict[str, str] = Field(description="av den senaste utgåvan, per språk")
    version: int

    @classmethod
    def of(cls, one: Publication) -> PublicationLine:
        """From the domain."""
        return cls(
            id=one.id,
            kind=one.kind,
            latest=str(one.latest) if one.latest else None,
            editions=one.editions,
            titles=dict(one.titles),
            version=one.version,
        )


class PublicationOut(PublicationLine):
    """A publication with its draft."""

    model_config = ConfigDict(json_schema_extra={"example": {**_LINE, "draft": _DRAFT}})

    draft: DraftModel

    @classmethod
    def whole(cls, one: Publication) -> PublicationOut:
        """From the domain."""
        texts = {language: TextModel.of(text) for language, text in one.draft.texts.items()}
        draft = DraftModel(texts=texts, pictures=dict(one.draft.pictures))
        return cls(**PublicationLine.of(one).model_dump(), draft=draft)


class HeadingOut(BaseModel):
    """A heading, in reading order. `anchor` is its place in the page."""

    model_config = ConfigDict(json_schema_extra={"example": HEADING})

    level: int
    anchor: str
    title: str


class PreviewOut(BaseModel):
    """A draft in one language as it would be, and the versions that its edition may have."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "language": "sv",
                "direction": "ltr",
                "html": HTML,
                "headings": [HEADING],
                "editions": ["1.0.1", "1.1.0", "2.0.0"],
            }
        }
    )

    language: str
    direction: Literal["ltr", "rtl"]
    html: str
    headings: list[HeadingOut]
    editions: list[str] = Field(description="versioner som en utgåva kan få nu")

    @classmethod
    def of(cls, preview: Preview) -> PreviewOut:
        """As a page shows it."""
        return cls.model_validate(
            {
                "language": preview.language,
                "direction": direction(preview.language),
                "html": as_html(
                    preview.manuscript, picture_paths(preview.publication.draft.pictures)
                ),
                "headings": headings_of(preview.manuscript),
                "editions": list(map(str, preview.versions)),
            }
        )


class NewEdition(BaseModel):
    """Release the draft. `changes`: language → what is new, not needed for the first."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"edition": "1.1.0", "changes": {"sv": "Nytt kapitel om tystnadsplikt."}}
        },
    )

    edition: EditionName
    changes: dict[Language, Annotated[str, Field(max_length=10_000)]] = Field(
        default_factory=dict, max_length=30
    )


class ReleasedOut(BaseModel):
    """An edition that has just been released."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "publication": SLUG,
                "edition": "1.1.0",
                "number": 2,
                "languages": ["en", "sv"],
                "changes": {"sv": "Nytt kapitel om tystnadsplikt."},
                "released_at": AT,
            }
        }
    )

    publication: str
    edition: str
    number: int
    languages: list[str]
    changes: dict[str, str]
    released_at: AwareDatetime

    @classmethod
    def of(cls, one: Edition) -> ReleasedOut:
        """From the domain."""
        return cls(
            publication=one.publication_id,
            edition=str(one.version),
            number=one.number,
            languages=sorted(one.texts),
            changes=dict(one.changes),
            released_at=one.released_at,
        )


class DownloadsOut(BaseModel):
    """How often the PDF was fetched. Null hides a number so small that it could point at one."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"total": 57, "days": {"2027-02-01": 57, "2027-02-02": None}}}
    )

    total: int | None
    days: dict[date, int | None]


def picture_paths(pictures: Any) -> Any:
    """A picture's name in the text → where the front door has its image."""
    return lambda name: f"/bilder/{pictures[name]}"


def headings_of(manuscript: Any) -> list[dict[str, Any]]:
    """The table of contents."""
    return [
        {"level": each.level, "anchor": each.anchor, "title": plain(each.inside).strip()}
        for each in headings(manuscript)
    ]
