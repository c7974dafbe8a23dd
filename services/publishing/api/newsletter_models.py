"""Newsletters as editors send and read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.publishing.domain.images import Image
from services.publishing.domain.newsletter import Because, Newsletter, State, Text
from services.publishing.domain.segments import as_data
from services.publishing.mailing.lint import Finding
from services.publishing.use_cases.preview_newsletter import Preview

AT = "2027-01-14T10:00:00Z"
ID = "0190f5c2-6f0e-7000-8000-000000000001"
IMAGE_ID = "5f2b1c0d9e8a7b6c5d4e3f2a1b0c9d8e"
_TEXT: dict[str, Any] = {
    "subject": "Vårens öppna kvällar",
    "markdown": "# Hej {{name|vän}}!\n\n::: tillfällen\nantal: 5\n:::\n",
}
_SEGMENT: dict[str, Any] = {"is": "role", "values": ["teacher"]}
_NEWSLETTER: dict[str, Any] = {
    "id": ID,
    "list_id": "skolor",
    "state": "draft",
    "texts": {"sv": _TEXT},
    "segment": _SEGMENT,
    "published_at": None,
    "redacted_at": None,
    "redacted_because": None,
    "version": 3,
}
_FINDING: dict[str, Any] = {
    "kind": "link-says-little",
    "severity": "advice",
    "line": 7,
    "sv": "Länken säger inte vart den leder. Skriv till exempel ”Läs om öppna kvällar”.",
    "en": "The link does not say where it leads. Write for example “Read about open evenings”.",
}
_PREVIEW: dict[str, Any] = {
    "language": "sv",
    "direction": "ltr",
    "subject": "Vårens öppna kvällar",
    "html": "<!DOCTYPE html>…",
    "text": "Hej vän!\n========\n…",
    "findings": [_FINDING],
}
Language = Annotated[str, Field(min_length=2, max_length=35, description="BCP 47, t.ex. sv")]
SegmentData = Annotated[
    dict[str, Any],
    Field(description="vilka av listans läsare: is, since, all, any, not; {} är alla"),
]


class TextModel(BaseModel):
    """One language: Markdown with `{{name|word}}` and blocks."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _TEXT})

    subject: str = Field(max_length=1000)
    markdown: str = Field(max_length=120_000)

    def text(self) -> Text:
        """For the use case."""
        return Text(self.subject, self.markdown)


class NewNewsletter(BaseModel):
    """To which list; every confirmed reader of it, unless a segment says whom."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"list_id": "skolor"}})

    list_id: str = Field(max_length=100)
    segment: SegmentData = Field(default_factory=dict)


class Aim(BaseModel):
    """Which of the list's readers."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"segment": _SEGMENT}})

    segment: SegmentData


class Redaction(BaseModel):
    """Why it is taken away."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"because": "personal-data"}}
    )

    because: Because


class TestLetters(BaseModel):
    """A letter as it would be sent now, to a few addresses that subscribe to something here."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"language": "sv", "to": ["redaktor@example.org"]}},
    )

    language: Language
    to: list[Annotated[str, Field(max_length=300)]] = Field(min_length=1, max_length=5)


class TestLettersOut(BaseModel):
    """How many are on their way."""

    model_config = ConfigDict(json_schema_extra={"example": {"queued": 1}})

    queued: int


class NewsletterOut(BaseModel):
    """A newsletter, whole. Once it is published, `texts` are what was sent."""

    model_config = ConfigDict(json_schema_extra={"example": _NEWSLETTER})

    id: str
    list_id: str
    state: State
    texts: dict[str, TextModel]
    segment: dict[str, Any]
    published_at: AwareDatetime | None
    redacted_at: AwareDatetime | None
    redacted_because: Because | None
    version: int

    @classmethod
    def of(cls, newsletter: Newsletter) -> NewsletterOut:
        """As editors see it."""
        return cls(
            id=newsletter.id,
            list_id=newsletter.list_id,
            state=newsletter.state,
            texts=_texts(newsletter.issue or newsletter.texts),
            segment=as_data(newsletter.segment),
            published_at=newsletter.published_at,
            redacted_at=newsletter.redacted_at,
            redacted_because=newsletter.redacted_because,
            version=newsletter.version,
        )


class NewsletterLine(BaseModel):
    """A newsletter in a list of them: subjects by language."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": ID,
                "list_id": "skolor",
                "state": "published",
                "subjects": {"sv": "Vårens öppna kvällar"},
                "published_at": AT,
                "version": 4,
            }
        }
    )

    id: str
    list_id: str
    state: State
    subjects: dict[str, str]
    published_at: AwareDatetime | None
    version: int

    @classmethod
    def of(cls, newsletter: Newsletter) -> NewsletterLine:
        """One line."""
        texts = newsletter.issue or newsletter.texts
        return cls(
            id=newsletter.id,
            list_id=newsletter.list_id,
            state=newsletter.state,
            subjects={tag: text.subject for tag, text in texts.items()},
            published_at=newsletter.published_at,
            version=newsletter.version,
        )


class WordsToShow(BaseModel):
    """Words that need not be saved, and whom the letter greets."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"list_id": "skolor", "language": "sv", **_TEXT, "name": "Åsa"}
        },
    )

    list_id: str = Field(max_length=100)
    language: Language
    subject: str = Field(max_length=1000)
    markdown: str = Field(max_length=120_000)
    name: str = Field(default="", max_length=100)


class FindingOut(BaseModel):
    """Something that readers would stumble over; `line` of the Markdown, from 1."""

    kind: str
    severity: Literal["error", "advice"]
    line: int | None
    sv: str
    en: str

    @classmethod
    def of(cls, finding: Finding) -> FindingOut:
        """As it was found."""
        return cls(
            kind=finding.kind,
            severity=finding.severity,
            line=finding.line,
            sv=finding.sv,
            en=finding.en,
        )


class PreviewOut(BaseModel):
    """The letter in one language. Both parts are empty while an error stands."""

    model_config = ConfigDict(json_schema_extra={"example": _PREVIEW})

    language: str
    direction: Literal["ltr", "rtl"]
    subject: str
    html: str = Field(description="en hel sida; visa den i en ram utan rättigheter")
    text: str
    findings: list[FindingOut]

    @classmethod
    def of(cls, preview: Preview) -> PreviewOut:
        """As it would be read."""
        return cls.model_validate(
            {
                "language": preview.language,
                "direction": preview.direction,
                "subject": preview.subject,
                "html": preview.html,
                "text": preview.text,
                "findings": [FindingOut.of(each) for each in preview.findings],
            }
        )


class PreviewsOut(BaseModel):
    """Every language."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [_PREVIEW]}})

    items: list[PreviewOut]


class ImageOut(BaseModel):
    """An image that newsletters can show: `id` is what its block names."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": IMAGE_ID,
                "media_type": "image/jpeg",
                "width": 1200,
                "height": 800,
                "bytes": 181_004,
            }
        }
    )

    id: str
    media_type: str
    width: int
    height: int
    bytes: int

    @classmethod
    def of(cls, image: Image) -> ImageOut:
        """What is known of it."""
        return cls(
            id=image.id,
            media_type=image.media_type,
            width=image.width,
            height=image.height,
            bytes=len(image.content),
        )


def _texts(texts: Mapping[str, Text]) -> dict[str, TextModel]:
    return {
        tag: TextModel(subject=text.subject, markdown=text.markdown) for tag, text in texts.items()
    }
