"""Early warnings point at nobody: what is found, where it stands, and that it is never repeated."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publishing.feeds.domain import bulletin
from services.publishing.feeds.domain.bulletin import Warned
from services.publishing.feeds.domain.bulletin_words import (
    Span,
    details,
    ensure_points_at_nobody,
    likely_names,
)
from services.publishing.feeds.domain.refusals import (
    BulletinIsDecided,
    BulletinMakesNoSense,
    BulletinNotAllowed,
    NamesToConfirm,
)

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
QUIET = "Klistermärken med våldsbejakande budskap vid tre skolor sedan i måndags."
HOSTILE = [
    ("personal-number", "19990131-1234"),
    ("personal-number", "990131-1234"),
    ("personal-number", "990131+1234"),
    ("personal-number", "9901311234"),
    ("personal-number", "1999 01 31 12 34"),
    ("personal-number", "990191-1234"),
    ("personal-number", "９９０１３１-１２３４"),
    ("personal-number", "99\u200b0131\u200b-1234"),
    ("personal-number", "990131\u20131234"),
    ("phone-number", "070-174 06 05"),
    ("phone-number", "+46 70 174 06 05"),
    ("phone-number", "0046701740605"),
    ("phone-number", "(040) 12 34 56"),
    ("phone-number", "070.174.06.05"),
    ("phone-number", "070\u2013174\u201306\u201305"),
    ("phone-number", "٠٧٠١٧٤٠٦٠٥"),
    ("phone-number", "+4570123456"),
    ("phone-number", "0\ufe0f\u20e37\ufe0f\u20e30\ufe0f\u20e31740605"),
    ("phone-number", "070_174_06_05"),
    ("phone-number", "070*174*06*05"),
    ("phone-number", "070 -- 174 -- 06 -- 05"),
    ("mail-address", "kim.exempel@skola.example"),
    ("mail-address", "kim (at) skola.example"),
    ("account", "@kim_exempel"),
    ("link", "https://forum.example/u/kim"),
    ("link", "t-kanal.me"),
    ("link", "www.forum.example"),
]


@pytest.mark.parametrize(("what", "said"), HOSTILE)
def test_details_are_refused_with_their_place_and_never_repeated(what: str, said: str) -> None:
    """In the middle of a text, in other digits, with invisible signs between."""
    text = f"{QUIET} Se {said} för mer."
    with pytest.raises(BulletinNotAllowed) as refused:
        ensure_points_at_nobody(text)
    found = details(text)
    # Ten digits may be read as a person's or a telephone's: refused either way.
    numbers = {"personal-number", "phone-number"}
    assert {one.what for one in found} <= (numbers if what in numbers else {what})
    start = text.index(said)
    assert start < found[0].span.start <= found[0].span.end <= start + len(said)
    for language in ("sv", "en"):
        sentence = refused.value.says(language)
        assert said not in sentence
        assert str(details(text)[0].span.start) in sentence


@pytest.mark.parametrize(
    "text",
    [
        QUIET,
        "Mellan 2027-01-31 och 2027-02-07, kl 18.00–20.30, samlas 30–40 personer.",
        "Ökat med 25 % sedan vecka 4. Omkring 1 200 delningar, 14–17 år.",
        "Paragraf 16:8 citeras. 3 skolor, 2 fritidsgårdar.",
        "Klockan 17:00-19:00 varje torsdag.",
    ],
)
def test_an_ordinary_warning_goes_through(text: str) -> None:
    """Days, hours, counts and paragraphs are nobody's numbers."""
    assert details(text) == []


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever is written, places are inside of it."""
    for span in (*(one.span for one in details(text)), *likely_names(text)):
        assert 1 <= span.start <= span.end <= len(text)


@given(st.text(alphabet="abc 13.\n", max_size=30), st.sampled_from(HOSTILE))
def test_a_number_is_found_wherever_it_stands(around: str, hostile: tuple[str, str]) -> None:
    """Text before and after does not hide it."""
    text = f"{around} ; {hostile[1]} ; {around}"
    start = len(around) + 4
    places = range(start, start + len(hostile[1]))
    assert any(one.span.start in places for one in details(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("En man som heter Kim Exempel delar ut blad.", ["Kim Exempel"]),
        ("Kim Exempel delar ut blad.", ["Kim Exempel"]),
        ("Bland annat Kim, Robin och andra.", ["Kim", "Robin"]),
        ("KIM EXEMPEL syns ofta.", ["KIM EXEMPEL"]),
        ("Anna-Karin syns i Malmö.", []),
        ("Vi ser Anna-Karin i Malmö.", ["Anna-Karin"]),
        ("Grupper från Rosengård och Möllevången. Flera är under 15.", []),
        ("Klister av NMR vid skolan.", []),
    ],
)
def test_likely_names_are_shown_to_the_poster(text: str, names: list[str]) -> None:
    """Words with a capital inside a sentence, and pairs; known places and abbreviations are not."""
    assert [text[span.start - 1 : span.end] for span in likely_names(text)] == names


def test_a_name_needs_the_posters_word_and_is_not_repeated() -> None:
    """Refused with its place; with exactly that place confirmed, it goes; another one does not."""
    text = "Vi ser Kim Exempel vid skolan."
    with pytest.raises(NamesToConfirm) as refused:
        ensure_points_at_nobody(text)
    assert "8–18" in refused.value.says("sv")
    assert "Kim" not in refused.value.says("sv")
    assert refused.value.facts["spans"] == ((8, 18),)
    ensure_points_at_nobody(text, [Span(8, 18)])
    with pytest.raises(NamesToConfirm):
        ensure_points_at_nobody(text, [Span(8, 10)])


def says(**more: object) -> Warned:
    whole: dict[str, object] = {
        "kind": "propaganda",
        "area": "Rosengård",
        "begins": date(2027, 1, 25),
        "ends": date(2027, 2, 1),
        "trend": "rising",
        "text": QUIET,
    }
    return Warned(**{**whole, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"begins": date(2027, 2, 2)},
        {"ends": date(2029, 2, 2)},
        {"text": "  "},
        {"text": "x" * 1001},
        {"area": ""},
        {"area": "x" * 81},
    ],
)
def test_a_warning_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    """Its period, its text and its area."""
    with pytest.raises(BulletinMakesNoSense):
        bulletin.posted("b", "p", says(**wrong), (), NOW)


def test_the_area_is_no_way_around() -> None:
    """A number in the area is refused as in the text."""
    with pytest.raises(BulletinNotAllowed):
        bulletin.posted("b", "p", says(area="Ring 070-174 06 05"), (), NOW)


def test_an_editor_decides_once() -> None:
    """Approved, then neither declined nor approved again; it can be taken back, once."""
    waits = bulletin.posted("b", "p", says(), (), NOW)
    approved = bulletin.approved(waits, "e", NOW)
    assert (approved.state, approved.sequence, approved.edited) == ("approved", 1, False)
    with pytest.raises(BulletinIsDecided):
        bulletin.declined(approved, "e", "nej", NOW)
    with pytest.raises(BulletinIsDecided):
        bulletin.approved(approved, "e", NOW)
    gone = bulletin.withdrawn(approved, NOW)
    assert (gone.state, gone.sequence) == ("withdrawn", 2)
    with pytest.raises(BulletinIsDecided):
        bulletin.withdrawn(gone, NOW)


def test_the_rules_hold_for_an_editors_words_too() -> None:
    """What an editor writes is looked at as what a member writes; it says that it was edited."""
    waits = bulletin.posted("b", "p", says(), (), NOW)
    with pytest.raises(BulletinNotAllowed):
        bulletin.approved(waits, "e", NOW, says(text="Ring 070-174 06 05"))
    assert bulletin.approved(waits, "e", NOW, says(trend="steady")).edited


def test_what_was_never_told_is_not_taken_back_in_public() -> None:
    """Withdrawn while it waits, or declined: members learn nothing of it."""
    waits = bulletin.posted("b", "p", says(), (), NOW)
    assert bulletin.withdrawn(waits, NOW).sequence == 0
    assert bulletin.declined(waits, "e", "för vagt", NOW).sequence == 0
