"""A newsletter from draft to archive, and what its readers would stumble over."""

from __future__ import annotations

import quopri
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain import newsletter as rules
from services.publishing.domain.blocks import Expanded, expand
from services.publishing.domain.newsletter import Newsletter, Text
from services.publishing.domain.preferences import UnknownLanguage
from services.publishing.domain.segments import Is
from services.publishing.mailing.compiling import Words, compile_variant
from services.publishing.mailing.frame import html_page
from services.publishing.mailing.lint import lint
from services.publishing.mailing.markdown_parts import parts
from services.publishing.mailing.reading_html import look_at, stays_here
from shared.kernel.refusal import Refusal
from tests.unit.publishing.letters import HOUSE, NOW, SV

DRAFT = rules.write(Newsletter("n1", "skolor"), "sv", Text("Hej", "# Hej\n"))
PUBLISHED = rules.publish(DRAFT, DRAFT.texts, NOW)
REDACTED = rules.redact(PUBLISHED, "wrong", NOW)


def test_a_draft_is_written_in_several_languages() -> None:
    """Each language has its own subject and text; the last words stand."""
    both = rules.write(DRAFT, "EN_gb", Text("  Hi\n there ", "a\r\nb"))
    assert both.texts["en-gb"] == Text("Hi there", "a\nb")
    assert set(rules.unwrite(both, "sv").texts) == {"en-gb"}
    assert rules.unwrite(both, "fi") == both
    assert rules.aim(both, Is("tag", frozenset({"lärare"}))).segment != both.segment


@pytest.mark.parametrize(
    ("language", "text", "refusal"),
    [
        ("svenska språket", Text("Hej", ""), UnknownLanguage),
        ("sv", Text(" \n ", ""), rules.SubjectMissing),
        ("sv", Text("a" * 201, ""), rules.SubjectMissing),
        ("sv", Text("a\x00b", ""), rules.SubjectMissing),
        ("sv", Text("Hej", "a" * 100_001), rules.TooLong),
    ],
)
def test_what_cannot_be_written(language: str, text: Text, refusal: type[Refusal]) -> None:
    """A language is a tag, a subject one line, a text as long as somebody reads."""
    with pytest.raises(refusal):
        rules.write(DRAFT, language, text)


def test_there_is_an_end_to_languages() -> None:
    """Twelve are enough; writing one of them again is no thirteenth."""
    many = replace(DRAFT, texts={f"a{chr(98 + n)}": Text("x", "") for n in range(12)})
    assert rules.write(many, "ab", Text("y", "")).texts["ab"].subject == "y"
    with pytest.raises(rules.TooManyLanguages):
        rules.write(many, "zz", Text("y", ""))


@pytest.mark.parametrize("newsletter", [PUBLISHED, REDACTED])
def test_what_was_sent_is_not_rewritten(newsletter: Newsletter) -> None:
    """Readers have it in their mail: the archive does not say otherwise afterwards."""
    with pytest.raises(rules.NotADraft):
        rules.write(newsletter, "sv", Text("Nej", ""))
    with pytest.raises(rules.NotADraft):
        rules.unwrite(newsletter, "sv")
    with pytest.raises(rules.NotADraft):
        rules.aim(newsletter, rules.EVERYBODY)


def test_published_once_and_redacted_for_good() -> None:
    """A second mailing sends the same issue; a redaction leaves no word, and nothing follows it."""
    assert rules.publish(PUBLISHED, {"sv": Text("Annat", "")}, NOW) == PUBLISHED
    with pytest.raises(rules.NothingWritten):
        rules.publish(Newsletter("n2", "skolor"), {}, NOW)
    with pytest.raises(rules.NotPublished):
        rules.redact(DRAFT, "wrong", NOW)
    assert not REDACTED.texts
    assert not REDACTED.issue
    assert rules.redact(REDACTED, "other", NOW) == REDACTED
    with pytest.raises(rules.NotADraft):
        rules.publish(REDACTED, DRAFT.texts, NOW)


def kinds(source: str, subject: str = "Hej", language: str = "sv") -> dict[str, int | None]:
    """What is found, with its line."""
    written = Expanded(source, tuple(range(1, source.count("\n") + 2)))
    return {each.kind: each.line for each in lint(subject, written, language, HOUSE)}


def test_a_good_letter_has_nothing_to_mend() -> None:
    """Words, headings in order, links that say where they lead: not a word from the lint."""
    assert kinds(SV.markdown) == {}


@pytest.mark.parametrize(
    ("source", "kind", "line"),
    [
        ("a\n\n![](https://x.example/a.png)", "image-without-words", 3),
        ("[](https://x.example)", "link-says-nothing", 1),
        ("[hej](ftp://x.example)", "link-says-nothing", 1),
        ("# a\n\n#### b", "heading-skips-a-level", 3),
        ("Hej {{namn}}", "no-such-slot", None),
        ("  ", "nothing-written", None),
        ("Anmäl dig [här](https://x.example)", "link-says-little", 1),
        ("[Läs mer »](https://x.example)", "link-says-little", 1),
        ("<https://x.example/a>", "link-is-an-address", 1),
        (
            "[Kväll](https://x.example/a) [kväll](https://x.example/b)",
            "same-words-other-address",
            1,
        ),
        ("a\n\n![IMG_2044.jpg](https://x.example/a.jpg)", "alt-is-a-file-name", 3),
        (f"![{'lång ' * 40}](https://x.example/a.jpg)", "alt-is-long", 1),
        ("KOM PÅ VÅRENS KVÄLLAR", "shouting", 1),
        ("ord " * 101, "long-paragraph", 1),
        ("[" * 10_001, "paragraph-too-long", None),
        ("# a\n\n# b", "several-first-headings", 3),
        ("#\n\na", "empty-heading", 1),
        ("| a | |\n|---|---|\n| b | c |", "empty-table-heading", 1),
        ("السلام عليكم ورحمة الله", "writing-direction", None),
        (("åäö " * 2000 + "\n\n") * 12, "letter-is-cut-off", None),
    ],
)
def test_what_readers_stumble_over_is_found(source: str, kind: str, line: int | None) -> None:
    """Each with its line, so that it can be mended."""
    found = kinds(source)
    assert kind in found
    assert found[kind] == line


def test_several_faults_are_told_at_once() -> None:
    """Nobody mends one thing after the other."""
    found = kinds("# a\n\n### b\n\n![](https://x.example/a)\n\n[](x)\n\n[här](https://x.example)")
    assert {"heading-skips-a-level", "image-without-words", "link-says-nothing"} <= set(found)
    assert "link-says-little" in found


def test_subjects_are_looked_at_too() -> None:
    """A phone shows 70 characters, and nobody likes to be shouted at."""
    assert "subject-is-long" in kinds("Hej", "a" * 71)
    assert "shouting" in kinds("Hej", "VÅRENS KVÄLLAR")
    assert "no-such-slot" in kinds("Hej", "Hej {{x}}")


def test_scripts_without_capitals_do_not_shout() -> None:
    """Arabic has no capitals; the text runs the way its language does."""
    assert kinds("السلام عليكم ورحمة الله", language="ar") == {}


def test_a_fault_after_a_block_is_at_its_own_line() -> None:
    """Lines are those that the editor sees, in the sentence too."""
    written = "::: tillfällen\n:::\n\n![](https://x.example/a)"
    filled = expand(written, lambda _: "- a\n- b\n- c")
    [found] = lint("Hej", filled, "sv", HOUSE)
    assert found.line == 4
    assert "(rad 4)" in found.sv
    assert "(line 4)" in found.en


def test_a_page_that_reports_back_is_seen() -> None:
    """Whatever way there is to load something on opening: the look at the result finds it."""
    for bad in (
        '<img src="https://x.example/p.gif">',
        '<p background="https://x.example/p.gif">',
        '<link rel="stylesheet" href="https://x.example/a.css">',
        '<p style="background:url(https://x.example/p)">',
        "<style>@import 'x'</style>",
        "<script>1</script>",
        '<a href="https://x.example" onclick="x()">a</a>',
        "<svg></svg>",
    ):
        page = html_page(bad, "Hej", "sv", HOUSE)
        assert look_at(page).loads, bad
        assert not stays_here(page, ["https://x.example"])
    tracked = html_page('<a href="https://t.example/?u=1">a</a>', "Hej", "sv", HOUSE)
    assert not stays_here(tracked, look_at(html_page("", "Hej", "sv", HOUSE)).links)


_LINKS = [f"https://x.example/{n}?a=1&b={n}" for n in range(4)]
_PIECES = st.sampled_from(
    [
        *(f"[Länk {n}]({address})" for n, address in enumerate(_LINKS)),
        f"![En bild]({_LINKS[0]})",
        f"[![En bild]({_LINKS[1]})]({_LINKS[2]})",
        f"<img src='{_LINKS[3]}'>",
        "<script src=//x.example></script>",
        "Hej {{name|du}}",
        "# Rubrik",
        "> citat",
        "| a |\n|---|\n| b |",
        '[x]: https://x.example/0 "url(https://y.example)"',
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES, max_size=8), st.sampled_from(["sv", "en", "ar"]))
def test_nothing_rendered_loads_anything_or_leads_elsewhere(
    pieces: list[str], language: str
) -> None:
    """Whatever is written: no pixel, and every link is the one that was written, or our foot's."""
    source = "\n\n".join(pieces)
    html = html_page(parts(source, HOUSE.site)[0], "Hej", language, HOUSE)
    own = look_at(html_page("", "Hej", language, HOUSE)).links
    assert stays_here(html, [*_LINKS, *own])
    body = b"".join(
        each if isinstance(each, bytes) else b""
        for each in compile_variant(Words(language, "Hej", source), HOUSE).body
    )
    letter = quopri.decodestring(body.partition(b"text/html")[2]).decode()
    assert stays_here(letter, [*_LINKS, *own, f"{HOUSE.site}/u/", f"{HOUSE.site}/p/"])
