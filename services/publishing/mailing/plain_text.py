"""The plain-text part of a mail, from the same Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

WIDTH = 72


@dataclass
class _Page:
    """Blocks so far, and what stands before the next line: quotes, list marks, their depth."""

    blocks: list[str] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    mark: str | None = None
    counters: list[int | None] = field(default_factory=list)
    cells: list[str] | None = None


def plain_text(tokens: Sequence[Token]) -> str:
    """What is said, with addresses written out, wrapped at 72."""
    page = _Page()
    heading = 0
    for token in tokens:
        if token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "inline":
            _say(page, inline(token.children or ()), heading)
        elif token.type in ("fence", "code_block"):
            page.blocks.append(textwrap.indent(token.content.rstrip("\n"), "    "))
        elif token.type == "hr":
            page.blocks.append("-" * 24)
        elif token.type == "heading_close":
            heading = 0
        else:
            _structure(page, token)
    return "\n\n".join(page.blocks) + "\n"


def inline(children: Iterable[Token]) -> str:
    """One paragraph's words."""
    said: list[str] = []
    links: list[tuple[int, str]] = []
    for token in children:
        if token.type == "link_open":
            links.append((len(said), str(token.attrGet("href"))))
        elif token.type == "link_close":
            begun, address = links.pop()
            said.append(_written_out("".join(said[begun:]), address))
        elif token.type == "image":
            said.append(f"{alt_of(token)} ({token.attrGet('src')})")
        elif token.type == "hardbreak":
            said.append("\n")
        elif token.type == "softbreak":
            said.append(" ")
        else:
            said.append(token.content)
    return "".join(said)


def alt_of(image: Token) -> str:
    """An image's alternative text: `content` still has the marks that escape others in it."""
    return "".join(
        alt_of(token) if token.type == "image" else token.content or " "
        for token in image.children or ()
        if not token.type.endswith(("_open", "_close"))
    )


def _written_out(words: str, address: str) -> str:
    shown = address.removeprefix("mailto:").removeprefix("tel:")
    return "" if shown == words else f" ({shown})"


def _say(page: _Page, words: str, heading: int) -> None:
    if page.cells is not None:
        page.cells.append(words)
        return
    margin = "".join(page.margins)
    first = margin if page.mark is None else margin[: -len(page.mark)] + page.mark
    page.mark = None
    rows = [
        row
        for n, line in enumerate(words.split("\n"))
        for row in textwrap.wrap(
            line,
            WIDTH,
            initial_indent=margin if n else first,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]
    if heading:
        rows.append(margin + ("=" if heading == 1 else "-") * min(WIDTH, len(words)))
    page.blocks.append("\n".join(rows))


def _structure(page: _Page, token: Token) -> None:
    if token.type == "blockquote_open":
        page.margins.append("> ")
    elif token.type in ("bullet_list_open", "ordered_list_open"):
        ordered = token.type == "ordered_list_open"
        page.counters.append(int(token.attrGet("start") or 1) if ordered else None)
    elif token.type == "list_item_open":
        page.mark = _mark(page)
        page.margins.append(" " * len(page.mark))
    elif token.type in ("blockquote_close", "list_item_close"):
        page.margins.pop()
        page.mark = None
    elif token.type in ("bullet_list_close", "ordered_list_close"):
        page.counters.pop()
    elif token.type == "tr_open":
        page.cells = []
    elif token.type == "tr_close":
        page.blocks.append(" | ".join(page.cells or ()))
        page.cells = None


def _mark(page: _Page) -> str:
    count = page.counters[-1]
    if count is None:
        return "- "
    page.counters[-1] = count + 1
    return f"{count}. "
