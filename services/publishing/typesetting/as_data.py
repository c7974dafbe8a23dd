"""Manuscript → plain data, as the templates walk it. Every text is a value, never a program."""

from __future__ import annotations

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

Data = dict[str, object]


def as_data(manuscript: Manuscript) -> list[Data]:
    """What JSON can hold, a `kind` in every node."""
    return [_block(each) for each in manuscript]


def _block(block: Block) -> Data:
    match block:
        case Heading(level, anchor, inside):
            return {
                "kind": "heading",
                "level": level,
                "anchor": anchor,
                "inside": _spans(inside),
            }
        case Paragraph(inside):
            return {"kind": "paragraph", "inside": _spans(inside)}
        case Listed(items, start):
            inner = [as_data(item) for item in items]
            if start is None:
                return {"kind": "bullets", "items": inner}
            return {"kind": "numbered", "start": start, "items": inner}
        case Quote(blocks):
            return {"kind": "quote", "inside": as_data(blocks)}
        case Listing(text):
            return {"kind": "listing", "text": text}
        case Table(head, rows):
            cells = [[{"cell": _spans(cell)} for cell in row] for row in rows]
            return {"kind": "table", "head": _row(head), "rows": cells}
        case Picture(name, words, caption):
            return {"kind": "picture", "file": name, "words": words, "caption": caption}
        case Rule():
            return {"kind": "rule"}


def _row(row: Row) -> list[list[Data]]:
    return [_spans(cell) for cell in row]


def _spans(inside: tuple[Inline, ...]) -> list[Data]:
    return [_span(each) for each in inside]


def _span(span: Inline) -> Data:
    match span:
        case Words(text):
            return {"kind": "words", "text": text}
        case Strong(inside):
            return {"kind": "strong", "inside": _spans(inside)}
        case Stressed(inside):
            return {"kind": "stressed", "inside": _spans(inside)}
        case Code(text):
            return {"kind": "code", "text": text}
        case Link(to, inside):
            if to.startswith("#"):
                return {"kind": "place", "to": to[1:], "inside": _spans(inside)}
            return {"kind": "link", "to": to, "inside": _spans(inside)}
        case LineBreak():
            return {"kind": "break"}
