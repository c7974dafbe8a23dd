"""Manuscript → HTML: the inside of a page, with headings that can be linked to.

Every letter goes through `escape`, every tag stands in this file.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from services.publishing.domain.manuscript import (
    Block,
    Code,
    Heading,
    Inline,
    LineBreak,
    Link,
    Listed,
    Listing,
    Manuscript,
    Paragraph,
    Picture,
    Quote,
    Row,
    Rule,
    Stressed,
    Strong,
    Table,
    Words,
)

PictureAt = Callable[[str], str]
"""A picture's name → its address."""


def as_html(manuscript: Manuscript, picture_at: PictureAt) -> str:
    """A chapter's heading becomes `h2`: the page's own title is the `h1`."""
    return "\n".join(_block(each, picture_at) for each in manuscript)


def _block(block: Block, at: PictureAt) -> str:
    match block:
        case Heading(level, anchor, inside):
            tag = f"h{min(level + 1, 6)}"
            return f'<{tag} id="{escape(anchor)}">{_inline(inside)}</{tag}>'
        case Paragraph(inside):
            return f"<p>{_inline(inside)}</p>"
        case Listed(items, start):
            return _list(items, start, at)
        case Quote(blocks):
            return f"<blockquote>{_blocks(blocks, at)}</blockquote>"
        case Listing(text):
            # Focusable: a long line is scrolled by keyboard too.
            return f'<pre tabindex="0"><code>{escape(text)}</code></pre>'
        case Table(head, rows):
            return _table(head, rows)
        case Picture(name, words, caption):
            return _picture(at(name), words, caption)
        case Rule():
            return "<hr>"


def _blocks(blocks: tuple[Block, ...], at: PictureAt) -> str:
    return "".join(_block(each, at) for each in blocks)


def _list(items: tuple[tuple[Block, ...], ...], start: int | None, at: PictureAt) -> str:
    inside = "".join(f"<li>{_item(item, at)}</li>" for item in items)
    if start is None:
        return f"<ul>{inside}</ul>"
    return f"<ol>{inside}</ol>" if start == 1 else f'<ol start="{start}">{inside}</ol>'


def _item(item: tuple[Block, ...], at: PictureAt) -> str:
    """One paragraph alone needs no `p`: lists on the web stand closer than on paper."""
    if len(item) == 1 and isinstance(item[0], Paragraph):
        return _inline(item[0].inside)
    return _blocks(item, at)


def _table(head: Row, rows: tuple[Row, ...]) -> str:
    headings = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{_inline(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    table = f"<table><thead><tr>{headings}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="table" tabindex="0">{table}</div>'


def _picture(address: str, words: str, caption: str) -> str:
    image = f'<img src="{escape(address)}" alt="{escape(words)}" loading="lazy">'
    told = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f"<figure>{image}{told}</figure>"


def _inline(inside: tuple[Inline, ...]) -> str:
    return "".join(_span(each) for each in inside)


def _span(span: Inline) -> str:
    match span:
        case Words(text):
            return escape(text)
        case Strong(inside):
            return f"<strong>{_inline(inside)}</strong>"
        case Stressed(inside):
            return f"<em>{_inline(inside)}</em>"
        case Code(text):
            return f"<code>{escape(text)}</code>"
        case Link(to, inside):
            return f'<a href="{escape(to)}">{_inline(inside)}</a>'
        case LineBreak():
            return "<br>"
