"""One Markdown source becomes a tree, and the tree becomes web and paper; nothing in it runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from services.publishing.domain import manuscript_rules as rules
from services.publishing.domain import markup
from services.publishing.domain.manuscript import (
    Code,
    Heading,
    Link,
    Listed,
    Listing,
    Manuscript,
    Paragraph,
    Picture,
    Strong,
    Table,
    Words,
    headings,
    pictures,
    plain,
)
from services.publishing.typesetting.as_data import as_data
from services.publishing.typesetting.pdf import set_pdf
from services.publishing.typesetting.picking import Slip, set_pick_list
from services.publishing.typesetting.read_markdown import read
from services.publishing.typesetting.web import as_html
from shared.kernel.refusal import Refusal

AT = datetime(2027, 2, 1, tzinfo=UTC)
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
RUNS_IN_TYPST = (
    '#panic("ran")',
    '#import "@preview/x:1.0.0": *',
    '#read("/etc/hostname")',
    "#{ sys.version }",
    "$x^2$ @nowhere <label>",
    '"]) #panic() [#("',
    "\\u{23}panic()",
    '#eval("panic()")',
    "`#panic()`",
    "/* comment */ // comment",
    "= Heading - list + list / term: x",
    "*#emph[x]* _#panic()_",
    "![#panic()](a.png)",
)  # fmt: skip


def set_(manuscript: Manuscript, **other: object) -> bytes:
    shots = dict.fromkeys(pictures(manuscript), ONE_PIXEL)
    return set_pdf("book", book(manuscript, **other), at=AT, pictures=shots)


def book(manuscript: Manuscript, **other: object) -> dict[str, object]:
    return {
        "kind": "brochure",
        "title": "Att våga fråga",
        "summary": "En broschyr",
        "publisher": "Safe Space",
        "edition": "Utgåva 1.0.0",
        "version": "1.0.0",
        "lang": "sv",
        "dir": "ltr",
        "blocks": as_data(manuscript),
        **other,
    }


def on_paper(pdf: bytes) -> str:
    """The letters of a PDF, as another program reads them; without spaces, which lines add."""
    pages = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s", "", "".join(pages))


def tags(node: Any) -> Iterator[tuple[str, str | None]]:
    """Each element of a structure tree with its alternative text, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from tags(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"].removeprefix("/"), node.get("/Alt")
        yield from tags(node.get("/K"))


def catalog(pdf: bytes) -> dict[str, Any]:
    return dict(PdfReader(BytesIO(pdf)).trailer["/Root"])  # type: ignore[call-overload]


def test_every_kind_of_block_is_read() -> None:
    """Headings with anchors, lists in lists, tables, quotations, listings and pictures."""
    text = (
        "# Ett möte\n\nHej **du** och *ni*\\\nigen `x`, [slutet](#slutet).\n\n"
        "1. a\n   - b\n2. c\n\n> citat\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n    kod\n\n"
        '![Köket](kok.png "Vårt kök")\n\n# Slutet\n\nKlart.'
    )
    found = read(text)
    assert [each.anchor for each in headings(found)] == ["ett-mote", "slutet"]
    assert [type(each).__name__ for each in found] == [
        "Heading", "Paragraph", "Listed", "Quote", "Table", "Rule", "Listing", "Picture",
        "Heading", "Paragraph",
    ]  # fmt: skip
    assert isinstance(found[1], Paragraph)
    assert plain(found[1].inside) == "Hej du och ni igen x, slutet."
    assert isinstance(found[2], Listed)
    assert found[2].start == 1
    assert found[7] == Picture("kok.png", "Köket", "Vårt kök")
    html = as_html(found, lambda name: f"/p/{name}")
    assert '<h2 id="ett-mote">Ett möte</h2>' in html
    assert '<img src="/p/kok.png" alt="Köket" loading="lazy">' in html
    assert '<th scope="col">a</th>' in html
    assert '<a href="#slutet">slutet</a>' in html
    assert set_(found).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("text", "refusal", "line"),
    [
        ("", rules.NothingWritten, None),
        ("  \n\n", rules.NothingWritten, None),
        ("# a\n\n### b", markup.HeadingSkipsALevel, 3),
        ("## a", markup.HeadingSkipsALevel, 1),
        ("#", markup.HeadingSkipsALevel, 1),
        ("> # a", rules.HeadingInside, 1),
        ("a\n\n![](a.png)", markup.ImageWithoutWords, 3),
        ("![hej](https://x.example/a.png)", rules.PictureIsElsewhere, 1),
        ("![hej](../a.png)", rules.PictureIsElsewhere, 1),
        ("![hej](book.json)", rules.PictureIsElsewhere, 1),
        ("ord ![hej](a.png)", rules.PictureInTheText, 1),
        ("[](https://x.example/)", markup.LinkSaysNothing, 1),
        ("[här](/sida)", markup.LinkSaysNothing, 1),
        ("[här](http://x.example/)", markup.LinkSaysNothing, 1),
        ("x\n\n[här](#dit)", rules.LinkGoesNowhere, 3),
        (">" * 30 + " djupt", rules.NestedTooDeep, 1),
        ("x" * 600_001, rules.ManuscriptTooLong, None),
    ],
)
def test_what_shuts_somebody_out_is_refused(
    text: str, refusal: type[Refusal], line: int | None
) -> None:
    """Each with its line, and nothing of what was written."""
    with pytest.raises(refusal) as found:
        read(text)
    assert found.value.facts.get("line") == line
    assert found.value.says("sv")
    assert found.value.says("en")


@pytest.mark.parametrize("text", RUNS_IN_TYPST)
def test_typst_in_a_text_is_text(text: str) -> None:
    """Whatever is written, wherever it is written: it is set, as letters, and runs nothing."""
    everywhere = {"title": text, "summary": text, "edition": text, "version": text}
    assert set_(read(f"# a\n\n{text}"), **everywhere).startswith(b"%PDF-")
    inside: Manuscript = (
        Heading(1, "a", (Words(text),)),
        Paragraph((Strong((Words(text),)), Code(text), Link("https://x.example/", (Words(text),)))),
        Listing(text),
        Table(((Words(text),),), (((Words(text),),),)),
        Picture("a.png", text, text),
    )
    seen = on_paper(set_(inside, **everywhere))
    assert seen.count(re.sub(r"\s", "", text)) >= 12


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '<img src=x onerror="a">', "&lt;"])
def test_html_in_a_text_is_text(text: str) -> None:
    """Raw HTML is shown as it was typed, in the text and in an alternative text."""
    page = as_html(read(f"# {text}\n\n{text}\n\n![{text} x](a.png)"), lambda name: name)
    assert "<script" not in page
    assert 'onerror="' not in page
    assert "href" not in page
    assert page.count("<img") == 1
    assert "<a " not in as_html(read("[x](javascript:alert(1))"), lambda name: name)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("# *_`[]()!<>|-1. \n\\&\"'abå:/"), max_size=120))
def test_any_markdown_is_read_or_refused(text: str) -> None:
    """No text makes the reader fall over, and no letter of HTML gets through unescaped."""
    try:
        found = read(text)
    except Refusal:
        return
    page = as_html(found, lambda name: name)
    tags = set(re.findall(r"</?([a-z0-9]+)", page))
    assert tags <= {
        "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "pre", "code", "table",
        "thead", "tbody", "tr", "th", "td", "div", "figure", "img", "figcaption", "hr", "strong",
        "em", "a", "br",
    }  # fmt: skip
    json.dumps(as_data(found))


def test_it_is_the_same_bytes_when_made_again() -> None:
    """And other bytes at another time: the time is told inside."""
    text = read("# a\n\nText.")
    assert set_(text) == set_(text)
    assert set_(text) != set_pdf("book", book(text), at=AT.replace(year=2028))


def test_it_is_tagged_and_says_so() -> None:
    """PDF/UA-1: marked, with a language, a title and a structure."""
    made = set_(read("# a\n\nText.\n\n![Ett kök](kok.png)"))
    told = catalog(made)
    assert told["/MarkInfo"]["/Marked"]
    assert told["/StructTreeRoot"]
    assert told["/Lang"] == "sv"
    assert told["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1<" in made


def test_each_part_is_tagged_as_what_it_is() -> None:
    """In the order of the text: headings by depth, list items, header cells, words for a picture.

    As another program reads the structure tree (ISO 32000-1, 14.8.4).
    """
    text = "# a\n\nText.\n\n## b\n\n- ett\n\n|x|y|\n|-|-|\n|1|2|\n\n![Ett kök](kok.png)\n\n> c"
    parts = dict(tags(catalog(set_(read(text)))["/StructTreeRoot"]))
    order = [
        *("Document", "Title", "H1", "P", "H2", "L", "LI", "LBody", "Table", "THead", "TR", "TH"),
        *("TBody", "TD", "Figure", "BlockQuote"),
    ]
    assert [name for name in parts if name in order] == order
    assert parts["Figure"] == "Ett kök"


@pytest.mark.parametrize("kind", ["brochure", "handbook"])
def test_right_to_left(kind: str) -> None:
    """Arabic is set from right to left, with every letter in a typeface of ours."""
    made = set_(
        read("# الاستماع أولا\n\nمرحبا بكم في **المركز**."), lang="ar", dir="rtl", kind=kind
    )
    told = catalog(made)
    assert told["/Lang"] == "ar"
    assert told["/ViewerPreferences"]["/Direction"] == "/R2L"


def test_a_character_that_no_typeface_has_is_refused() -> None:
    """By its code point, so that it can be found, instead of an empty box on paper."""
    with pytest.raises(rules.CharacterWithoutFont) as found:
        set_(read("# a\n\nhej \U0001f600"))
    assert found.value.facts == {"language": "sv", "codepoint": "U+1F600"}


def test_without_a_title_there_is_no_pdf() -> None:
    """The typesetter's own check is heard: an inaccessible document is refused."""
    with pytest.raises(rules.CannotBeSet):
        set_(read("# a"), title="")


def test_a_picture_that_is_none_is_refused() -> None:
    """Bytes that only call themselves a picture."""
    text = read("![Ett kök](kok.png)")
    with pytest.raises(rules.CannotBeSet):
        set_pdf("book", book(text), at=AT, pictures={"kok.png": b"\x89PNG not really"})


def test_a_pick_list_is_made_whatever_is_written_in_an_order() -> None:
    """One name in letters that we cannot set keeps nobody's parcel from being packed."""
    odd = ("Bergaskolan", "\U0001f600 学校", *RUNS_IN_TYPST)
    slips = [
        Slip("K7QP-3XMA", "Att våga fråga", "1.0.0", "sv", 30, name, name, name, name, "", AT)
        for name in odd
    ]
    seen = on_paper(set_pick_list(slips, AT))
    assert seen.count("BeställningK7QP-3XMA") == len(odd)
    assert seen.count(re.sub(r"\s", "", RUNS_IN_TYPST[0])) >= 4
