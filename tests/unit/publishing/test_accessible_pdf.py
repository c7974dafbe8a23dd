"""A PDF of ours keeps nobody out, as far as a program can see; and the measure sees what does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject, TextStringObject

from services.publishing.typesetting.picking import Slip, set_pick_list
from services.publishing.typesetting.read_markdown import read
from tests.unit.publishing.accessible_pdf import faults
from tests.unit.publishing.test_typesetting import AT, set_

EVERYTHING = (
    "# Ett möte\n\nHej **du** och *ni*\\\nigen `typat`, [slutet](#slutet), [oss](https://x.example/)"
    ".\n\n## Inne\n\n1. ett\n   - två\n2. tre\n\n> citat\n>\n> mer\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |"
    "\n| 3 | 4 |\n\n---\n\n    typat\n    mer\n\n"
    '![Köket](kok.png "Vårt kök")\n\n![Dörren](dorr.png)\n\n# Slutet\n\nKlart.'
)
ARABIC = "# الاستماع أولا\n\nمرحبا بكم في **المركز**.\n\n- ا\n\n| ا | ب |\n|---|---|\n| ج | د |"


@pytest.mark.parametrize("kind", ["brochure", "handbook"])
@pytest.mark.parametrize(
    ("text", "way"), [(EVERYTHING, {}), (ARABIC, {"lang": "ar", "dir": "rtl"})], ids=["sv", "ar"]
)
def test_a_book_keeps_nobody_out(text: str, way: dict[str, str], kind: str) -> None:
    """Every kind of block, both kinds of books, both ways of writing."""
    assert faults(set_(read(text), kind=kind, **way)) == []


def test_a_pick_list_keeps_nobody_out_either() -> None:
    """As long as every name in it can be set at all."""
    slip = Slip("K7QP-3XMA", "Att våga fråga", "1.0.0", "sv", 30, "Bergaskolan", "Malmö", "Åsa",
                "Skolgatan 1\n211 00 Malmö", "040-12 34 56", AT)  # fmt: skip
    assert faults(set_pick_list([slip, slip], AT)) == []


def nodes(node: Any, name: str) -> Iterator[Any]:
    """Elements of that name, in the order of the tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from nodes(each, name)
    elif isinstance(node, dict):
        if node.get("/S") == f"/{name}":
            yield node
        yield from nodes(node.get("/K"), name)


def renamed(name: str, to: str) -> Callable[[Any], None]:
    def change(root: Any) -> None:
        next(nodes(root["/StructTreeRoot"], name))[NameObject("/S")] = NameObject(f"/{to}")

    return change


def without(key: str, name: str = "") -> Callable[[Any], None]:
    def change(root: Any) -> None:
        del (next(nodes(root["/StructTreeRoot"], name)) if name else root)[key]

    return change


def turned_round(root: Any) -> None:
    """The last chapter is read before the first."""
    [whole] = nodes(root["/StructTreeRoot"], "Document")
    whole[NameObject("/K")] = ArrayObject(reversed(whole["/K"]))


def one_more(root: Any) -> None:
    """A paragraph is told twice."""
    first = next(nodes(root["/StructTreeRoot"], "P"))
    first[NameObject("/K")] = ArrayObject([*first["/K"], first["/K"][0]])


def untold(root: Any) -> None:
    """A paragraph is painted, and nobody is told of it."""
    next(nodes(root["/StructTreeRoot"], "BlockQuote"))[NameObject("/K")] = ArrayObject()


def silent(root: Any) -> None:
    """A link has no words."""
    for page in root["/Pages"]["/Kids"]:
        for each in page.get_object().get("/Annots", ()):
            each.get_object()[NameObject("/Contents")] = TextStringObject(" ")


def in_english(root: Any) -> None:
    """Swedish words are said by an English voice."""
    next(nodes(root["/StructTreeRoot"], "Code"))[NameObject("/Lang")] = TextStringObject("en")


def a_cell_less(root: Any) -> None:
    """A row of the table has a hole."""
    *_, last = nodes(root["/StructTreeRoot"], "TR")
    last[NameObject("/K")] = ArrayObject(last["/K"][:1])


def of_nothing(root: Any) -> None:
    """Cells do not say what they are about."""
    for name in ("TH", "TD"):
        for each in nodes(root["/StructTreeRoot"], name):
            each[NameObject("/A")] = ArrayObject()


def hidden_title(root: Any) -> None:
    root["/ViewerPreferences"][NameObject("/DisplayDocTitle")] = NumberObject(0)


@pytest.mark.parametrize(
    ("breaks", "fault"),
    [
        (without("/Lang"), "no language"),
        (without("/MarkInfo"), "not marked"),
        (without("/StructTreeRoot"), "no tags"),
        (hidden_title, "title not shown"),
        (without("/Alt", "Figure"), "figure without words"),
        (renamed("H1", "H3"), "heading skips a level"),
        (renamed("THead", "P"), "table without rows"),
        (renamed("TH", "TD"), "table without head"),
        (a_cell_less, "table with holes"),
        (of_nothing, "head of nothing"),
        (of_nothing, "cell without head"),
        (renamed("LI", "P"), "list of what is no item"),
        (renamed("LBody", "P"), "item without body"),
        (renamed("Link", "Span"), "link that is not tagged as one"),
        (silent, "link without words"),
        (in_english, "said in another language"),
        (turned_round, "read in another order"),
        (one_more, "told twice"),
        (untold, "painted and not told"),
    ],
)
def test_the_measure_sees_what_keeps_somebody_out(
    breaks: Callable[[Any], None], fault: str
) -> None:
    """Negative controls: a whole book with one thing broken."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(set_(read(EVERYTHING)))))
    breaks(writer.root_object)
    broken = BytesIO()
    writer.write(broken)
    assert fault in faults(broken.getvalue())
