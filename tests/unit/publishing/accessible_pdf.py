"""What keeps somebody out of a PDF, as another program than the one that made it reads it.

Of PDF/UA-1 (ISO 14289-1, by the Matterhorn Protocol's numbers) what a program can see: 01 and 09
tags and their order, 06 and 07 title and claim, 11 language, 13 figures, 14 headings, 15 tables,
16 lists, 28 links, 31 fonts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

_GROUPS = {"THead", "TBody", "TFoot"}
_HEADINGS = {f"H{n}": n for n in range(1, 7)}
_SHOWS = {b"Tj", b"TJ", b"'", b'"', b"Do", b"f", b"f*", b"B", b"B*", b"S", b"s", b"sh"}


Mark = tuple[int, int]


@dataclass
class Tag:
    """An element of the structure tree, and what it holds: others, and (page, number) of marks."""

    name: str
    node: dict[str, Any]
    holds: list[Tag | Mark] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)

    @property
    def inside(self) -> list[Tag]:
        return [each for each in self.holds if isinstance(each, Tag)]

    def marks(self) -> Iterator[Mark]:
        """All below it, as they are read."""
        for each in self.holds:
            if isinstance(each, Tag):
                yield from each.marks()
            else:
                yield each

    def walk(self) -> Iterator[Tag]:
        yield self
        for each in self.inside:
            yield from each.walk()

    def names(self) -> list[str]:
        return [each.name for each in self.inside]


def faults(pdf: bytes) -> list[str]:
    """A short word for each fault, in no order."""
    reader = PdfReader(BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    pages = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}  # type: ignore[union-attr]
    found = list(_document(reader, root))
    if "/StructTreeRoot" not in root:
        return [*found, "no tags"]
    whole = Tag("", {})
    _read(root["/StructTreeRoot"].get("/K"), whole, pages, None)
    tags = list(whole.walk())[1:]
    checks = (_figures, _headings, _tables, _lists, _links, _languages)
    return [
        *found,
        *(fault for check in checks for fault in check(tags, str(root.get("/Lang", "")))),
        *_content(reader, whole),
    ]


def _document(reader: PdfReader, root: Any) -> Iterator[str]:
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked"
    if not str(root.get("/Lang", "")):
        yield "no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "title not shown"
    if not (reader.metadata and (reader.metadata.title or "").strip()):
        yield "no title"
    if b"<pdfuaid:part>1<" not in root["/Metadata"].get_object().get_data():
        yield "does not say that it is accessible"
    for page in reader.pages:
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            yield "tab order is not that of the tags"
        for font in (page["/Resources"].get("/Font") or {}).values():  # type: ignore[attr-defined]
            if "/ToUnicode" not in font.get_object():
                yield "letters that no other program knows"


def _read(node: Any, into: Tag, pages: dict[int, int], page: int | None) -> None:
    if isinstance(node, int):
        assert page is not None
        into.holds.append((page, int(node)))
        return
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, int):
        _read(int(node), into, pages, page)
    elif isinstance(node, list):
        for each in node:
            _read(each, into, pages, page)
    elif isinstance(node, dict):
        own = node.raw_get("/Pg") if "/Pg" in node else None  # type: ignore[attr-defined]
        page = pages[own.idnum] if own is not None else page
        if "/S" in node:
            tag = Tag(str(node["/S"]).removeprefix("/"), node)
            into.holds.append(tag)
            _read(node.get("/K"), tag, pages, page)
        elif node.get("/Type") == "/OBJR":
            into.links.append(node["/Obj"].get_object())
        elif "/MCID" in node:
            _read(int(node["/MCID"]), into, pages, page)


def _figures(tags: list[Tag], _: str) -> Iterator[str]:
    for each in tags:
        if each.name == "Figure" and not str(each.node.get("/Alt", "")).strip():
            yield "figure without words"


def _headings(tags: list[Tag], _: str) -> Iterator[str]:
    level = 0
    for each in tags:
        if each.name in _HEADINGS:
            if _HEADINGS[each.name] > level + 1:
                yield "heading skips a level"
            level = _HEADINGS[each.name]


def _tables(tags: list[Tag], _: str) -> Iterator[str]:
    for each in tags:
        if each.name != "Table":
            continue
        rows = [row for part in each.inside for row in part.inside if part.name in _GROUPS]
        if not rows or any(row.name != "TR" for row in rows) or set(each.names()) - _GROUPS:
            yield "table without rows"
            continue
        if set(rows[0].names()) != {"TH"}:
            yield "table without head"
        if len({len(row.inside) for row in rows}) != 1:
            yield "table with holes"
        for cell in (cell for row in rows for cell in row.inside):
            parts = cell.node.get("/A", ())
            about = {str(key): value for part in parts for key, value in part.items()}
            if cell.name == "TH" and "/Scope" not in about:
                yield "head of nothing"
            if cell.name == "TD" and not about.get("/Headers"):
                yield "cell without head"


def _lists(tags: list[Tag], _: str) -> Iterator[str]:
    for each in tags:
        if each.name == "L" and set(each.names()) - {"LI", "L", "Caption"}:
            yield "list of what is no item"
        if each.name == "LI" and "LBody" not in each.names():
            yield "item without body"


def _links(tags: list[Tag], _: str) -> Iterator[str]:
    for each in tags:
        for link in each.links:
            if each.name != "Link":
                yield "link that is not tagged as one"
            if not str(link.get("/Contents", "")).strip():
                yield "link without words"
        if each.name == "Link" and not each.links:
            yield "link that leads nowhere"


def _languages(tags: list[Tag], language: str) -> Iterator[str]:
    for each in tags:
        if str(each.node.get("/Lang", language)) != language:
            yield "said in another language"


def _content(reader: PdfReader, whole: Tag) -> Iterator[str]:
    """Everything painted is tagged once or is decoration; tags come in the order of the page."""
    told = list(whole.marks())
    captions = {mark for each in whole.walk() if each.name == "Caption" for mark in each.marks()}
    if max(Counter(told).values(), default=0) > 1:
        yield "told twice"
    painted = {
        (number, mark)
        for number, page in enumerate(reader.pages)
        for mark in _painted(page, reader)
        if mark is not None
    }
    if painted - set(told):
        yield "painted and not told"
    for number, page in enumerate(reader.pages):
        if None in set(_painted(page, reader)):
            yield "neither tagged nor decoration"
        order = [mark for at, mark in told if at == number and (at, mark) not in captions]
        if order != sorted(order):
            yield "read in another order"


def _painted(page: Any, reader: PdfReader) -> Iterator[int | None]:
    """The mark under which each thing is painted; None for none. Decoration is left out."""
    inside: list[int | str | None] = []
    for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            about = operands[1] if len(operands) > 1 else {}
            mark = about.get("/MCID") if isinstance(about, dict) else None
            inside.append("decoration" if operands[0] == "/Artifact" else mark)
        elif operator == b"EMC":
            inside.pop()
        elif operator in _SHOWS and "decoration" not in inside:
            marks = [each for each in inside if isinstance(each, int)]
            yield int(marks[-1]) if marks else None
