"""Markdown to the two parts of a mail: HTML that everybody can read, and plain text, always.

Raw HTML in the source is shown as text. An image becomes a link with its alternative text: mail
loads nothing from anywhere, so nobody learns who opened it. What would shut somebody out (an image
without words, a link that says nothing, a heading that skips a level) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from services.publishing.mailing.plain_text import plain_text
from shared.kernel.refusal import Refusal

LONGEST = 200_000
"""Characters: mail programs cut a letter off long before."""
_SCHEMES = re.compile(r"(https://[^\s/?#]+|mailto:|tel:\+?\d)", re.IGNORECASE)


class TooLong(Refusal):
    """A newsletter is read in a mail program."""

    kind = "newsletter-too-long"
    sv = "Texten får vara högst {limit} tecken."
    en = "The text may be at most {limit} characters."


class ImageWithoutWords(Refusal):
    """Who cannot see an image is told what it shows."""

    kind = "image-without-words"
    sv = "Beskriv varje bild med en alternativtext (rad {line})."
    en = "Describe every image with an alternative text (line {line})."


class LinkSaysNothing(Refusal):
    """A link has words, and an address that works from a mail."""

    kind = "link-says-nothing"
    sv = "Länken på rad {line} behöver en text och en hel adress (https, mailto eller tel)."
    en = "The link on line {line} needs a text and a whole address (https, mailto or tel)."


class HeadingSkipsALevel(Refusal):
    """Screen readers go from heading to heading."""

    kind = "heading-skips-a-level"
    sv = "Rubriken på rad {line} hoppar över en nivå."
    en = "The heading on line {line} skips a level."


def parts(source: str) -> tuple[str, str]:
    """The HTML of the body's inside, and the same as plain text.

    Raises:
        TooLong, ImageWithoutWords, LinkSaysNothing, HeadingSkipsALevel: with the line, from 1.
    """
    if len(source) > LONGEST:
        raise TooLong(limit=LONGEST)
    reader = _reader()
    tokens = reader.parse(source)
    _check_structure(tokens)
    _check_links(tokens)
    return reader.renderer.render(tokens, reader.options, {}), plain_text(tokens)


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    reader.add_render_rule("image", _image)
    return reader


def _image(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, ___: object) -> str:
    token = tokens[at]
    if token.meta.get("inside-a-link"):
        return escape(token.content)
    return f'<a href="{escape(str(token.attrGet("src")))}">{escape(token.content)}</a>'


def _check_structure(tokens: Iterable[Token]) -> None:
    last = 1
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
            if level > last + 1:
                raise HeadingSkipsALevel(line=_line(token))
            last = level
        elif token.type == "th_open":
            token.attrSet("scope", "col")


def _check_links(tokens: Iterable[Token]) -> None:
    for block in tokens:
        if block.type == "inline":
            _check_inline(block)


def _check_inline(block: Token) -> None:
    inside: list[str] | None = None
    for token in block.children or ():
        if token.type == "image":
            if not token.content.strip():
                raise ImageWithoutWords(line=_line(block))
            _check_address(str(token.attrGet("src")), block)
            token.meta["inside-a-link"] = inside is not None
        if token.type == "link_open":
            inside = []
            _check_address(str(token.attrGet("href")), block)
        elif token.type == "link_close":
            if not "".join(inside or ()).strip():
                raise LinkSaysNothing(line=_line(block))
            inside = None
        elif inside is not None:
            inside.append(token.content)


def _check_address(address: str, block: Token) -> None:
    if not _SCHEMES.match(address):
        raise LinkSaysNothing(line=_line(block))


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
