"""Blocks in a newsletter: read where they stand, filled in with words only."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain.blocks import (
    BlockNotClosed,
    BlockNotUnderstood,
    ImageBlock,
    OccasionsBlock,
    PublicationBlock,
    blocks_of,
    expand,
)
from services.publishing.domain.markup import ImageWithoutWords
from services.publishing.domain.occasions import Occasion, upcoming
from services.publishing.mailing.block_words import Card, Shelf, say
from services.publishing.mailing.compiling import Words, compile_variant
from services.publishing.mailing.markdown_parts import inside_page, parts
from services.publishing.mailing.reading_html import look_at
from shared.kernel.refusal import Refusal
from tests.unit.publishing.letters import HOUSE, NOW

quick = settings(max_examples=60, deadline=None)
anything = st.text(max_size=60) | st.text(
    st.sampled_from("{}*_[](){}|<&`\\#!~:/ae1\n"), max_size=60
)
SHELF = Shelf(NOW, f"{HOUSE.site}/bilder")


def occasion(number: int, **other: object) -> Occasion:
    told: dict[str, object] = {
        "id": f"o{number}",
        "title": f"Källkritik {number}",
        "kind": "workshop",
        "starts_at": NOW + timedelta(days=number),
        "ends_at": NOW + timedelta(days=number, hours=2),
        "zone": "Europe/Stockholm",
        "room": "Stora salen",
        "cancelled": False,
        "sequence": 1,
    }
    return Occasion(**{**told, **other})  # type: ignore[arg-type]


def test_each_block_is_read_in_both_languages() -> None:
    """Editors write blocks in Swedish or English, with or without saying how many."""
    source = (
        "# Hej\n::: tillfällen\nantal: 3\ndagar: 30\ntyp: workshop, öppen kväll\n:::\n"
        "::: Occasions\n:::\n::: publikation\nnamn: trygg-skola\n:::\n"
        "::: image\nid: abc-1\nalt: Två unga vid ett bord\ncaption: Garaget\n:::\n"
    )
    assert [(each.block, each.line) for each in blocks_of(source)] == [
        (OccasionsBlock(3, 30, frozenset({"workshop", "open-evening"})), 2),
        (OccasionsBlock(), 7),
        (PublicationBlock("trygg-skola"), 9),
        (ImageBlock("abc-1", "Två unga vid ett bord", "Garaget"), 12),
    ]


@pytest.mark.parametrize(
    ("source", "refusal", "line"),
    [
        ("a\n::: tillfallen\n:::", BlockNotUnderstood, 2),
        ("::: tillfällen\nantal: 21\n:::", BlockNotUnderstood, 1),
        ("::: tillfällen\nantal: ٣\n:::", BlockNotUnderstood, 1),
        ("::: tillfällen\nantal: 3\nantal: 4\n:::", BlockNotUnderstood, 3),
        ("::: tillfällen\nsida: 3\n:::", BlockNotUnderstood, 2),
        ("::: tillfällen\nalt: hej\n:::", BlockNotUnderstood, 1),
        ("::: tillfällen\ntyp: fest\n:::", BlockNotUnderstood, 1),
        ("a\n\n::: bild\nid: a\n", BlockNotClosed, 3),
        ("::: bild\nid: a\nalt:\n:::", ImageWithoutWords, 1),
        ("::: bild\nid: a\n:::", ImageWithoutWords, 1),
        ("::: bild\nid: ../a\nalt: En bild\n:::", BlockNotUnderstood, 1),
        ("::: publikation\n:::", BlockNotUnderstood, 1),
        (":::tillfällen:::", BlockNotUnderstood, 1),
        (":::", BlockNotUnderstood, 1),
    ],
)
def test_what_is_no_block_is_refused_with_its_line(
    source: str, refusal: type[Refusal], line: int
) -> None:
    """An editor is told where to look, and nothing that they wrote is repeated."""
    with pytest.raises(refusal) as refused:
        blocks_of(source)
    assert refused.value.facts == {"line": line}


def test_a_block_shown_as_code_is_text() -> None:
    """Somebody may write about blocks: within a code block they are letters like any other."""
    source = "~~~\n::: tillfällen\n~~\n```\n~~~\n\n````\n:::\n```\n:::\n````\n"
    assert blocks_of(source) == ()
    assert expand(source, lambda _: "!").markdown == source


@quick
@given(st.lists(st.sampled_from(["a", "", "::: tillfällen\n:::", "::: bild\nid: a\nalt: b\n:::"])))
def test_every_line_knows_where_it_was_written(pieces: list[str]) -> None:
    """A fault in what was filled in is found at the block, one in the text at its own line."""
    source = "\n".join(pieces)
    filled = expand(source, lambda block: "x\ny" if isinstance(block, ImageBlock) else "z")
    rows = filled.markdown.split("\n")
    written = source.split("\n")
    assert len(rows) == len(filled.lines)
    for row, line in zip(rows, filled.lines, strict=True):
        assert written[line - 1].startswith(":::") if row in ("x", "y", "z") else row in ("", "a")


def test_what_is_coming_up_is_soon_and_takes_place() -> None:
    """The next ones in order: none that has begun, is cancelled, too far off or of another kind."""
    known = [
        occasion(9),
        occasion(3),
        occasion(4, cancelled=True),
        occasion(5, kind="training"),
        occasion(-1),
        occasion(0),
        occasion(31),
        occasion(2),
    ]
    block = OccasionsBlock(count=2, days=30, kinds=frozenset({"workshop"}))
    assert [each.id for each in upcoming(known, block, NOW)] == ["o2", "o3"]
    assert len(upcoming(known, OccasionsBlock(count=20, days=366), NOW)) == 5


def test_occasions_in_three_languages() -> None:
    """Day, hours on the wall clock of the place, kind and room, as each language says them."""
    starts = datetime(2027, 3, 3, 17, 0, tzinfo=UTC)
    one = occasion(1, starts_at=starts, ends_at=starts + timedelta(hours=2))
    shelf = Shelf(starts - timedelta(days=3), "", [one])
    said = {tag: say(OccasionsBlock(), shelf, tag) for tag in ("sv", "en", "en-gb", "ar", "so")}
    assert "onsdag 3 mars 2027 kl. 18:00–20:00, Stora salen" in said["sv"]
    assert "**Källkritik 1** (workshop)" in said["sv"]
    assert "Wednesday 3 March 2027 at 18:00–20:00" in said["en"] == said["en-gb"] == said["so"]
    assert "الأربعاء" in said["ar"]
    assert "\u206618:00–20:00\u2069، \u2068Stora salen\u2069" in said["ar"]
    assert say(OccasionsBlock(), SHELF, "sv") == "Inga tillfällen är planerade just nu."


def test_an_occasion_over_midnight_says_both_days() -> None:
    """Who reads `22:00–02:00` wonders which day."""
    late = occasion(1, ends_at=NOW + timedelta(days=2))
    said = say(OccasionsBlock(), Shelf(NOW, "", [late]), "sv")
    assert "tisdag 13 januari" in said
    assert "onsdag 14 januari" in said


@quick
@given(anything, anything, anything)
def test_words_from_elsewhere_stay_words(title: str, room: str, alt: str) -> None:
    """No title, room or description makes a link, an image, a slot or a heading of its own."""
    title, room, alt = (each.encode("utf-8", "replace").decode() for each in (title, room, alt))
    shelf = Shelf(
        NOW,
        SHELF.images,
        [occasion(1, title=title, room=room)],
        {"a": Card(title, room, alt, f"{HOUSE.site}/publikationer/a")},
    )
    for language in ("sv", "ar"):
        said = [
            say(block, shelf, language)
            for block in (
                OccasionsBlock(),
                PublicationBlock("a"),
                ImageBlock("b", alt or "x", room),
            )
        ]
        html, _ = parts(f"{said[0]}\n\n{said[1] if title.strip() else ''}", HOUSE.site)
        assert len(look_at(html).links) == (1 if title.strip() else 0)
        assert "<h" not in html
        assert "{{" not in html
        with_image = Words(language, "x", "\n\n".join([said[0], said[2] if alt.strip() else ""]))
        compile_variant(with_image, HOUSE)


def test_an_image_is_a_link_in_a_letter_and_an_image_on_our_page() -> None:
    """Mail loads nothing; on the archive's page only images of our own are shown."""
    source = say(ImageBlock("abc", "Ett [bord]", "Garaget"), SHELF, "sv")
    source += "\n\n![Annan](https://x.example/a.png)"
    html, text = parts(source, HOUSE.site)
    assert '<a href="https://exempel.se/bilder/abc">Ett [bord]</a>' in html
    assert "<img" not in html
    assert "Ett [bord] (https://exempel.se/bilder/abc)" in text
    page, _ = inside_page(f"# Hej\n\n{source}", HOUSE.site, SHELF.images)
    assert page.count("<img") == 1
    assert '<img src="https://exempel.se/bilder/abc" alt="Ett [bord]">' in page
    assert "<h2>Hej</h2>" in page


@pytest.mark.parametrize(
    ("source", "letter", "page"),
    [
        ("# a\n\n## b\n\n### c\n\n# d", "1231", "2342"),
        ("## a\n\n### b\n\n## c", "121", "232"),
        ("## a\n\n# b\n\n## c", "212", "223"),
        ("###### a", "1", "2"),
    ],
)
def test_headings_fit_where_they_stand(source: str, letter: str, page: str) -> None:
    """A letter begins with a first heading; on a page that has its own they are one deeper."""
    assert "".join(re.findall(r"<h(\d)>", parts(source)[0])) == letter
    assert "".join(re.findall(r"<h(\d)>", inside_page(source, "", "")[0])) == page


def test_a_publication_that_is_gone_leaves_a_sentence() -> None:
    """A card of something that was taken away leads nowhere."""
    assert say(PublicationBlock("a"), SHELF, "en") == "The publication is no longer there."
