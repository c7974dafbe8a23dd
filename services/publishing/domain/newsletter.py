"""A newsletter: what is written, in each language, to the readers of one list.

    draft ── publish (its first mailing starts) ──▶ published ── redact ──▶ redacted

What was published stands: the archive and the feed show what readers were sent. It can be taken
away, words and all, but not rewritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, get_args

from services.publishing.domain.languages import well_formed
from services.publishing.domain.preferences import UnknownLanguage
from services.publishing.domain.segments import All, Segment
from shared.kernel.refusal import Refusal

State = Literal["draft", "published", "redacted"]
Because = Literal["personal-data", "wrong", "consent-withdrawn", "other"]
REASONS: tuple[Because, ...] = get_args(Because)
"""Why something was taken away: one of these, since free words would say again what was removed."""
LONGEST_SUBJECT = 200
LONGEST_TEXT = 100_000
LONGEST_PARAGRAPH = 10_000
"""Characters without an empty line between: more is no paragraph, and slow to read in."""
MOST_LANGUAGES = 12
EVERYBODY = All(())


class NotADraft(Refusal):
    """What was sent is not rewritten afterwards."""

    kind = "newsletter-not-a-draft"
    sv = "Nyhetsbrevet är redan utskickat eller borttaget. Skriv ett nytt i stället."
    en = "The newsletter has been sent or removed already. Write a new one instead."


class NotPublished(Refusal):
    """Only what was published is in the archive, and can be taken out of it."""

    kind = "newsletter-not-published"
    sv = "Nyhetsbrevet är inte utskickat än, så det finns inget att ta bort ur arkivet."
    en = "The newsletter has not been sent yet, so there is nothing to take out of the archive."


class Redacted(Refusal):
    """It was there, and was taken away."""

    kind = "newsletter-redacted"
    sv = "Det här nyhetsbrevet har tagits bort."
    en = "This newsletter has been removed."


class NothingWritten(Refusal):
    """A newsletter is sent when it says something in at least one language."""

    kind = "newsletter-without-words"
    sv = "Skriv nyhetsbrevet på minst ett språk först."
    en = "Write the newsletter in at least one language first."


class SubjectMissing(Refusal):
    """A subject is one line that says something."""

    kind = "subject-missing"
    sv = "Skriv en ämnesrad: en rad på högst {limit} tecken."
    en = "Write a subject: one line of at most {limit} characters."


class TooLong(Refusal):
    """A newsletter is read in a mail program."""

    kind = "newsletter-too-long"
    sv = "Texten får vara högst {limit} tecken."
    en = "The text may be at most {limit} characters."


class ParagraphTooLong(Refusal):
    """Text has empty lines in it."""

    kind = "paragraph-too-long"
    sv = "Ett stycke får vara högst {limit} tecken. Dela texten med tomma rader."
    en = "A paragraph may be at most {limit} characters. Divide the text by empty lines."


class TooManyLanguages(Refusal):
    """More than anybody translates a letter into."""

    kind = "too-many-languages"
    sv = "Ett nyhetsbrev kan ha högst {limit} språk."
    en = "A newsletter can have at most {limit} languages."


@dataclass(frozen=True, slots=True)
class Text:
    """One language as it was written: Markdown with slots and blocks."""

    subject: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Newsletter:
    """`issue` is what was sent, its blocks filled in; empty until then and after a redaction."""

    id: str
    list_id: str
    texts: Mapping[str, Text] = field(default_factory=dict)
    segment: Segment = EVERYBODY
    state: State = "draft"
    issue: Mapping[str, Text] = field(default_factory=dict)
    published_at: datetime | None = None
    redacted_at: datetime | None = None
    redacted_because: Because | None = None
    version: int = 0

    def __post_init__(self) -> None:
        if (self.state == "draft") != (self.published_at is None):
            raise ValueError("whatever is no draft was published at some time")
        if (self.state == "published") != bool(self.issue):
            raise ValueError("published is: there is an issue")


def write(newsletter: Newsletter, language: str, text: Text) -> Newsletter:
    """Put down, or write anew, one language. Its blocks and checks are the preview's concern.

    Raises:
        NotADraft, UnknownLanguage, SubjectMissing, TooLong, TooManyLanguages.
    """
    _ensure_draft(newsletter)
    tag = well_formed(language)
    if tag is None:
        raise UnknownLanguage
    subject = " ".join(text.subject.split())
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise SubjectMissing(limit=LONGEST_SUBJECT)
    if len(text.markdown) > LONGEST_TEXT:
        raise TooLong(limit=LONGEST_TEXT)
    texts = {**newsletter.texts, tag: Text(subject, text.markdown.replace("\r\n", "\n"))}
    if len(texts) > MOST_LANGUAGES:
        raise TooManyLanguages(limit=MOST_LANGUAGES)
    return replace(newsletter, texts=texts)


def unwrite(newsletter: Newsletter, language: str) -> Newsletter:
    """Take one language out; one that is not there is quiet. Raises NotADraft."""
    _ensure_draft(newsletter)
    kept = {tag: text for tag, text in newsletter.texts.items() if tag != well_formed(language)}
    return replace(newsletter, texts=kept)


def aim(newsletter: Newsletter, segment: Segment) -> Newsletter:
    """Say which of the list's readers it is for. Raises NotADraft."""
    _ensure_draft(newsletter)
    return replace(newsletter, segment=segment)


def publish(newsletter: Newsletter, issue: Mapping[str, Text], now: datetime) -> Newsletter:
    """Its first mailing starts: the issue is what everybody gets. Once more is quiet.

    Raises:
        NotADraft: it was redacted.
        NothingWritten: there is no language.
    """
    if newsletter.state == "published":
        return newsletter
    _ensure_draft(newsletter)
    if not issue:
        raise NothingWritten
    return replace(newsletter, state="published", issue=dict(issue), published_at=now)


def redact(newsletter: Newsletter, because: Because, now: datetime) -> Newsletter:
    """Take it out of archive and feed, words and all, for good. Once more is quiet.

    Raises:
        NotPublished: it is a draft.
    """
    if newsletter.state == "redacted":
        return newsletter
    if newsletter.state == "draft":
        raise NotPublished
    return replace(
        newsletter,
        state="redacted",
        texts={},
        issue={},
        redacted_at=now,
        redacted_because=because,
    )


def _ensure_draft(newsletter: Newsletter) -> None:
    if newsletter.state != "draft":
        raise NotADraft
