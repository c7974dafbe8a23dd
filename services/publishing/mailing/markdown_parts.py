"""Markdown to the two parts of a mail: HTML that everybody can read, and plain text, always.

Raw HTML in the source is shown as text. An image becomes a link with its alternative text: mail
loads nothing from anywhere, so nobody learns who opened it; on our own pages our own images are
shown. What would shut somebody out (an image without words, a link that says nothing, a heading
that skips a level) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from services.publishing.domain.markup import (
    HeadingSkipsALevel,
    ImageWithoutWords,
    LinkSaysNothing,
)
from services.publishing.domain.newsletter import (
    LONGEST_PARAGRAPH,
    LONGEST_TEXT,
    ParagraphTooLong,
    TooLong,
)
from services.publishing.mailing.plain_text import alt_of, plain_text
from shared.kernel.refusal import Refusal

_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_OWN, _DEEPEST = 1, 6
_SCHEMES = re.compile(r"(https://[^\s/?#]+|mailto:|tel:\+?\d)", re.IGNORECASE)


def parts(source: str, site: str = "") -> tuple[str, str]:
    """The HTML of the body's inside, and the same as plain text.

    Links lead to whole addresses, or to ours: those that begin with `site`.

    Raises:
        TooLong, ParagraphTooLong: before it is read.
        ImageWithoutWords, LinkSaysNothing, HeadingSkipsALevel: with the line, from 1.
    """
    tokens = read(source)
    for fault in faults(tokens, site):
        raise fault
    return rendered(tokens), plain_text(tokens)


def read(source: str) -> list[Token]:
    """Markdown as tokens, its shallowest heading a first one. Raises TooLong, ParagraphTooLong."""
    if len(source) > LONGEST_TEXT:
        raise TooLong(limit=LONGEST_TEXT)
    if any(len(piece) > LONGEST_PARAGRAPH for piece in _EMPTY_LINE.split(source)):
        raise ParagraphTooLong(limit=LONGEST_PARAGRAPH)
    tokens = _reader().parse(source)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    spare = min((_level(token) for token in headings), default=1) - 1
    for token in headings:
        token.tag = f"h{_level(token) - spare}"
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
    return tokens


def inside_page(source: str, site: str, own_images: str) -> tuple[str, str]:
    """As `parts`, for a page of ours: every heading is one deeper, as the page has its own.

    Images whose address begins with `own_images` are shown there, and never in a mail.
    """
    tokens = read(source)
    for fault in faults(tokens, site):
        raise fault
    plain = plain_text(tokens)
    last = _OWN
    for token in tokens:
        if token.type == "heading_open":
            last = min(_level(token) + _OWN, last + 1, _DEEPEST)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{last}"
    return rendered(tokens, own_images), plain


def rendered(tokens: Sequence[Token], own_images: str | None = None) -> str:
    """The HTML of tokens without faults."""
    reader = _reader()
    html: str = reader.renderer.render(tokens, reader.options, {"own-images": own_images})
    return html


def faults(tokens: Sequence[Token], site: str = "") -> Iterator[Refusal]:
    """Everything that would shut somebody out, each with its line (`facts["line"]`, from 1)."""
    yield from _skipped_levels(tokens)
    for block in tokens:
        if block.type == "inline":
            yield from _inline_faults(block, site)


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    reader.add_render_rule("image", _image)
    return reader


def _image(_: RendererHTML, tokens: Sequence[Token], at: int, __: OptionsDict, env: EnvType) -> str:
    token = tokens[at]
    words, address = escape(alt_of(token)), str(token.attrGet("src"))
    own = env.get("own-images")
    if own and address.startswith(own):
        return f'<img src="{escape(address)}" alt="{words}">'
    if _is_inside_a_link(tokens, at):
        return words
    return f'<a href="{escape(address)}">{words}</a>'


def _is_inside_a_link(tokens: Sequence[Token], at: int) -> bool:
    before = [token.type for token in tokens[:at]]
    return before.count("link_open") > before.count("link_close")


def _skipped_levels(tokens: Iterable[Token]) -> Iterator[Refusal]:
    last = 1
    for token in tokens:
        if token.type == "heading_open":
            level = _level(token)
            if level > last + 1:
                yield HeadingSkipsALevel(line=line_of(token))
            last = level


def _inline_faults(block: Token, site: str) -> Iterator[Refusal]:
    inside: list[str] | None = None
    for token in block.children or ():
        if token.type == "image":
            if not alt_of(token).strip():
                yield ImageWithoutWords(line=line_of(block))
            yield from _bad_address(str(token.attrGet("src")), site, block)
        if token.type == "link_open":
            inside = []
            yield from _bad_address(str(token.attrGet("href")), site, block)
        elif token.type == "link_close":
            if not "".join(inside or ()).strip():
                yield LinkSaysNothing(line=line_of(block))
            inside = None
        elif inside is not None:
            inside.append(token.content)


def _bad_address(address: str, site: str, block: Token) -> Iterator[Refusal]:
    ours = site and address.startswith(f"{site}/")
    if not ours and not _SCHEMES.match(address):
        yield LinkSaysNothing(line=line_of(block))


def _level(heading: Token) -> int:
    return int(heading.tag[1:])


def line_of(token: Token) -> int:
    """The line, from 1, that a block begins on."""
    return token.map[0] + 1 if token.map else 1
