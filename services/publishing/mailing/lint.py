"""What a newsletter's reader would stumble over: what must be mended, and what could be better.

Must (`error`): what compiling refuses, all of it at once, and whatever the finished letter would
load or lead to that nobody wrote. Could (`advice`): words that say little outside their sentence,
capitals, walls of text, alternative texts that are file names, and so on (WCAG 2.2 §1.1.1, §1.3,
§2.4.4, §2.4.6, §3.1; Swedish Klarspråk).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from services.publishing.domain.blocks import Expanded
from services.publishing.domain.languages import direction
from services.publishing.mailing import slots
from services.publishing.mailing.frame import House, html_page
from services.publishing.mailing.lint_words import SENTENCES
from services.publishing.mailing.markdown_parts import faults, line_of, read, rendered
from services.publishing.mailing.plain_text import alt_of, plain_text
from services.publishing.mailing.reading_html import look_at
from shared.kernel.refusal import Refusal

Severity = Literal["error", "advice"]
LONGEST_SUBJECT = 70
"""Characters that a phone shows of a subject."""
LONGEST_PARAGRAPH = 100
"""Words in one piece."""
LONGEST_ALT = 160
CUT_OFF_AT = 102_000
"""Bytes of HTML after which the largest mail provider hides the rest, the way to leave too."""
_SHOUT_FROM = 12
_SAYS_LITTLE = frozenset(
    {"här", "klicka här", "läs mer", "läs mera", "mer", "länk", "tryck här", "mer info"}
    | {"here", "click here", "read more", "more", "link", "press here", "more info", "this"}
    | {"هنا", "اضغط هنا", "اقرأ المزيد", "المزيد"}
)
_ADDRESS = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_FILE_NAME = re.compile(
    r"\S+\.(jpe?g|png|gif|webp|heic|svg)|(img|dsc|bild|image)[_ -]?\d+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing, where it stands (a line from 1, or none), and a sentence in both languages."""

    kind: str
    severity: Severity
    line: int | None
    sv: str
    en: str


def lint(subject: str, text: Expanded, language: str, house: House) -> list[Finding]:
    """Everything that is to be said of one language, by line."""
    try:
        tokens = read(text.markdown)
    except Refusal as refusal:
        return [_of_refusal(refusal)]
    found = [_placed(each, text) for each in map(_of_refusal, faults(tokens, house.site))]
    for written in (subject, text.markdown):
        found += _unknown_slots(written)
    found += [_placed(each, text) for each in _advice(tokens)]
    found += _of_subject(subject)
    if not any(token.content.strip() for token in tokens if token.type != "html_block"):
        found.append(_finding("nothing-written", "error"))
    if _runs_otherwise(text.markdown, language):
        found.append(_finding("writing-direction", "advice"))
    if not any(each.severity == "error" for each in found):
        found += _of_result(tokens, subject, language, house)
    return sorted(found, key=lambda each: (each.line or 0, each.kind))


def shapes(text: Expanded) -> tuple[int, int, int]:
    """How many headings, links and images: translations of one letter have as many."""
    tokens = read(text.markdown)
    inside = [child for token in tokens for child in token.children or ()]
    return (
        sum(token.type == "heading_open" for token in tokens),
        sum(token.type == "link_open" for token in inside),
        sum(token.type == "image" for token in inside),
    )


def languages_differ() -> Finding:
    """Said once of all languages together."""
    return _finding("languages-differ", "advice")


def publication_unknown() -> Finding:
    """A card shows nothing: there is no publication of that name, or not any more."""
    return _finding("publication-unknown", "advice")


def of_refusal(refusal: Refusal) -> Finding:
    """A block that cannot be read, say, as a finding beside the others."""
    return _of_refusal(refusal)


def _of_refusal(refusal: Refusal) -> Finding:
    line = refusal.facts.get("line")
    at = line if isinstance(line, int) else None
    return Finding(refusal.kind, "error", at, refusal.says("sv"), refusal.says("en"))


def _finding(kind: str, severity: Severity, line: int | None = None) -> Finding:
    sv, en = SENTENCES[kind]
    return Finding(kind, severity, line, sv, en)


def _placed(finding: Finding, text: Expanded) -> Finding:
    """On the line that was written: blocks are longer or shorter when they are filled in."""
    if finding.line is None or not 0 < finding.line <= len(text.lines):
        return finding
    line = text.lines[finding.line - 1]
    sv, en = (
        said.replace(f" {finding.line})", f" {line})").replace(f" {finding.line} ", f" {line} ")
        for said in (finding.sv, finding.en)
    )
    return Finding(finding.kind, finding.severity, line, sv, en)


def _unknown_slots(written: str) -> Iterator[Finding]:
    try:
        slots.check(written)
    except Refusal as refusal:
        yield _of_refusal(refusal)


def _advice(tokens: Sequence[Token]) -> Iterator[Finding]:
    first = [token for token in tokens if token.type == "heading_open" and token.tag == "h1"]
    if len(first) > 1:
        yield _finding("several-first-headings", "advice", line_of(first[1]))
    said: dict[str, str] = {}
    for before, token in itertools.pairwise(tokens):
        if token.type != "inline":
            continue
        words = _words(token.children or ())
        line = line_of(token)
        if before.type == "heading_open" and not words:
            yield _finding("empty-heading", "advice", line)
        if before.type == "th_open" and not words:
            yield _finding("empty-table-heading", "advice", line)
        if before.type == "paragraph_open" and len(words.split()) > LONGEST_PARAGRAPH:
            yield _finding("long-paragraph", "advice", line)
        if _shouts(words):
            yield _finding("shouting", "advice", line)
        yield from _of_links(token, line, said)
        yield from _of_images(token, line)


def _of_links(block: Token, line: int, said: dict[str, str]) -> Iterator[Finding]:
    inside: list[Token] | None = None
    address = ""
    for token in block.children or ():
        if token.type == "link_open":
            inside, address = [], str(token.attrGet("href"))
        elif token.type == "link_close" and inside is not None:
            words = _words(inside).strip(" .:!»→").lower()
            inside = None
            if words in _SAYS_LITTLE:
                yield _finding("link-says-little", "advice", line)
            elif _ADDRESS.fullmatch(words):
                yield _finding("link-is-an-address", "advice", line)
            elif words and said.setdefault(words, address) != address:
                yield _finding("same-words-other-address", "advice", line)
        elif inside is not None:
            inside.append(token)


def _of_images(block: Token, line: int) -> Iterator[Finding]:
    for token in block.children or ():
        words = alt_of(token).strip() if token.type == "image" else ""
        if _FILE_NAME.fullmatch(words):
            yield _finding("alt-is-a-file-name", "advice", line)
        elif len(words) > LONGEST_ALT:
            yield _finding("alt-is-long", "advice", line)


def _of_subject(subject: str) -> Iterator[Finding]:
    if len(subject) > LONGEST_SUBJECT:
        yield _finding("subject-is-long", "advice")
    if _shouts(subject):
        yield _finding("shouting", "advice")


def _of_result(
    tokens: Sequence[Token], subject: str, language: str, house: House
) -> Iterator[Finding]:
    """The finished letter, read by somebody who did not write it."""
    html = html_page(rendered(tokens), subject, language, house)
    seen, own = look_at(html), look_at(html_page("", subject, language, house)).links
    written = {*own, *_addresses(tokens)}
    if seen.loads:
        yield _finding("loads-from-elsewhere", "error")
    if not set(seen.links) <= written:
        yield _finding("link-nobody-wrote", "error")
    if seen.missing or not plain_text(tokens).strip():
        yield _finding("result-not-accessible", "error")
    if len(html.encode("utf-8", "replace")) > CUT_OFF_AT:
        yield _finding("letter-is-cut-off", "advice")


def _addresses(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or ():
            if child.type in ("link_open", "image"):
                yield str(child.attrGet("href" if child.type == "link_open" else "src"))


def _words(children: Sequence[Token]) -> str:
    return "".join(
        " " if token.type in ("softbreak", "hardbreak") else token.content for token in children
    ).strip()


def _shouts(words: str) -> bool:
    letters = [letter for letter in words if letter.isalpha()]
    # Scripts without capitals have nothing to shout with.
    return len(letters) >= _SHOUT_FROM and all(letter.isupper() for letter in letters)


def _runs_otherwise(text: str, language: str) -> bool:
    sides = [unicodedata.bidirectional(letter) for letter in text if letter.isalpha()]
    leftward = sum(side in ("R", "AL") for side in sides)
    return len(sides) >= _SHOUT_FROM and (leftward * 2 > len(sides)) != (
        direction(language) == "rtl"
    )
