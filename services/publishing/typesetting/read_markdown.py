"""Markdown → manuscript, through markdown-it's tokens. Raw HTML stays what it is: letters.

Headings begin at `#` (a chapter): the title is not part of the text. A picture stands alone in its
paragraph and is named by its file, `![What it shows](kitchen.png "Caption")`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from services.publishing.domain import manuscript_rules as rules
from services.publishing.domain import markup
from services.publishing.domain.manuscript import (
    Anchors,
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
    headings,
    plain,
)

LONGEST = 600_000
"""Characters, some 250 pages."""
DEEPEST = 12
"""Levels of markdown-it (a list is two); it would drop what lies deeper than twenty."""
_SCHEMES = re.compile(r"(https://[^\s/?#]+|mailto:[^\s@]+@|tel:\+?\d)", re.IGNORECASE)
_PICTURE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.(png|jpg|jpeg)")


def read(source: str) -> Manuscript:
    """The tree of a text.

    Raises:
        NothingWritten, ManuscriptTooLong, NestedTooDeep, HeadingSkipsALevel, HeadingInside,
        ImageWithoutWords, PictureInTheText, PictureIsElsewhere, LinkSaysNothing, LinkGoesNowhere.
    """
    if len(source) > LONGEST:
        raise rules.ManuscriptTooLong(limit=LONGEST)
    tokens = _reader().parse(unicodedata.normalize("NFC", source))
    _ensure_shallow(tokens)
    reading = _Reading()
    found = tuple(reading.block(each) for each in SyntaxTreeNode(tokens).children)
    if not found:
        raise rules.NothingWritten
    there = {each.anchor for each in headings(found)}
    for line, name in reading.inner_links:
        if name not in there:
            raise rules.LinkGoesNowhere(line=line)
    return found


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _ensure_shallow(tokens: list[Token]) -> None:
    for token in tokens:
        inside = token.children or ()
        if token.level >= DEEPEST or any(each.level >= DEEPEST for each in inside):
            raise rules.NestedTooDeep(line=token.map[0] + 1 if token.map else 1)


@dataclass(slots=True)
class _Reading:
    """What is known so far of the text, from its beginning."""

    level: int = 0
    line: int = 1
    anchors: Anchors = field(default_factory=Anchors)
    inner_links: list[tuple[int, str]] = field(default_factory=list)

    def block(self, node: SyntaxTreeNode) -> Block:
        self.line = node.map[0] + 1 if node.map else self.line
        match node.type:
            case "heading":
                return self._heading(node)
            case "paragraph":
                return self._paragraph(node)
            case "bullet_list" | "ordered_list":
                start = int(node.attrGet("start") or 1) if node.type == "ordered_list" else None
                return Listed(tuple(self._blocks(item) for item in node.children), start)
            case "blockquote":
                return Quote(self._blocks(node))
            case "fence" | "code_block":
                return Listing(node.content.rstrip("\n"))
            case "table":
                return self._table(node)
            case "hr":
                return Rule()
        raise AssertionError(node.type)  # the reader knows no other block

    def _blocks(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        return tuple(self.block(each) for each in node.children)

    def _heading(self, node: SyntaxTreeNode) -> Heading:
        if node.parent is None or node.parent.type != "root":
            raise rules.HeadingInside(line=self.line)
        level = int(node.tag[1:])
        inside = self._inline(node)
        words = plain(inside).strip()
        if level > self.level + 1 or not words:
            raise markup.HeadingSkipsALevel(line=self.line)
        self.level = level
        return Heading(level, self.anchors.of(words), inside)

    def _paragraph(self, node: SyntaxTreeNode) -> Block:
        line = node.children[0].children
        if len(line) == 1 and line[0].type == "image":
            return self._picture(line[0])
        return Paragraph(self._inline(node))

    def _picture(self, node: SyntaxTreeNode) -> Picture:
        name, words = str(node.attrGet("src") or ""), plain(self._spans(node.children)).strip()
        if not words:
            raise markup.ImageWithoutWords(line=self.line)
        if not _PICTURE.fullmatch(name):
            raise rules.PictureIsElsewhere(line=self.line)
        return Picture(name, words, str(node.attrGet("title") or ""))

    def _table(self, node: SyntaxTreeNode) -> Table:
        head, *body = node.children
        rows = tuple(self._row(each) for part in body for each in part.children)
        return Table(self._row(head.children[0]), rows)

    def _row(self, node: SyntaxTreeNode) -> Row:
        return tuple(self._inline(cell) for cell in node.children)

    def _inline(self, node: SyntaxTreeNode) -> tuple[Inline, ...]:
        return tuple(each for line in node.children for each in self._spans(line.children))

    def _spans(self, nodes: list[SyntaxTreeNode]) -> tuple[Inline, ...]:
        return tuple(self._span(each) for each in nodes)

    def _span(self, node: SyntaxTreeNode) -> Inline:
        match node.type:
            case "text" | "text_special":
                return Words(node.content)
            case "softbreak":
                return Words(" ")
            case "hardbreak":
                return LineBreak()
            case "code_inline":
                return Code(node.content)
            case "strong":
                return Strong(self._spans(node.children))
            case "em":
                return Stressed(self._spans(node.children))
            case "link":
                return self._link(node)
            case "image":
                raise rules.PictureInTheText(line=self.line)
        raise AssertionError(node.type)  # nor any other span

    def _link(self, node: SyntaxTreeNode) -> Link:
        to, inside = str(node.attrGet("href") or ""), self._spans(node.children)
        if not plain(inside).strip():
            raise markup.LinkSaysNothing(line=self.line)
        if to.startswith("#"):
            # markdown-it writes å as %C3%A5; an anchor is kept as it is read.
            name = unquote(to[1:])
            self.inner_links.append((self.line, name))
            return Link(f"#{name}", inside)
        if not _SCHEMES.match(to):
            raise markup.LinkSaysNothing(line=self.line)
        return Link(to, inside)
