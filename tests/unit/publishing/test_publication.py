"""Drafts become editions, which stay; what the number promises is what has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.publishing.domain import publication_rules as rules
from services.publishing.domain.publication import (
    Draft,
    Edition,
    Publication,
    Text,
    ensure_pictures,
    least_change,
    new_publication,
    next_versions,
    redraft,
    release,
)
from services.publishing.domain.versions import (
    FIRST,
    ChangeIsLarger,
    Version,
    VersionDoesNotFollow,
)
from services.publishing.typesetting.read_markdown import read

NOW = datetime(2027, 2, 1, tzinfo=UTC)
SV = Text("Att våga fråga", "En broschyr", "# Ett\n\nHej.")
EN = Text("Daring to ask", "A leaflet", "# One\n\nHello.")


def drafted(**texts: Text) -> Publication:
    return redraft(new_publication("att-vaga-fraga", "brochure"), Draft(texts))


def first() -> tuple[Publication, Edition]:
    after, edition, _ = release(drafted(sv=SV, en=EN), None, FIRST, "correction", {}, NOW)
    return after, edition


@pytest.mark.parametrize("id_", ["", "a", "A-b", "å-b", "a--b", "-a", "1a", "a/b", "a.b", "a" * 61])
def test_what_is_no_address(id_: str) -> None:
    """An address stands in links for ever: it is plain."""
    with pytest.raises(rules.AddressNotPlain):
        new_publication(id_, "brochure")


@pytest.mark.parametrize(
    ("texts", "refusal"),
    [
        ({"SV": SV}, rules.LanguageUnknown),
        ({"sv": replace(SV, title=" ")}, rules.TitleMissing),
        ({"sv": replace(SV, title="x" * 201)}, rules.TitleMissing),
        ({"sv": replace(SV, summary="x" * 201)}, rules.TitleMissing),
        ({f"a{letter}": SV for letter in "abcdefghijklm"}, rules.TooManyLanguages),
    ],
)
def test_a_draft_is_looked_at_a_little(texts: dict[str, Text], refusal: type[Exception]) -> None:
    """It may be unfinished, but not unreadable."""
    with pytest.raises(refusal):
        redraft(new_publication("att-vaga-fraga", "brochure"), Draft(texts))


def test_the_first_edition() -> None:
    """It is 1.0.0, needs no change note, and is told with its place."""
    after, edition, out = release(drafted(sv=SV, en=EN), None, FIRST, "correction", {}, NOW)
    assert (after.latest, after.editions) == (FIRST, 1)
    assert edition.id == "att-vaga-fraga/1.0.0"
    assert out.path == "/publikationer/att-vaga-fraga/1.0.0"
    assert out.titles == {"sv": SV.title, "en": EN.title}
    assert (out.sequence, out.edition, out.kind) == (1, "1.0.0", "brochure")


def test_the_next_edition_tells_what_is_new() -> None:
    """In each of its languages; a note in another language is not kept."""
    before, last = first()
    changed = redraft(before, Draft({"sv": replace(SV, markdown="# Ett\n\nHejsan."), "en": EN}))
    version = Version(1, 0, 1)
    for notes in ({}, {"sv": "Rättat"}, {"sv": "Rättat", "en": "  "}):
        with pytest.raises(rules.ChangeNoteMissing):
            release(changed, last, version, "correction", notes, NOW)
    notes = {"sv": " Rättat ", "en": "Corrected", "ar": "?"}
    after, edition, out = release(changed, last, version, "correction", notes, NOW)
    assert edition.changes == out.changes == {"sv": "Rättat", "en": "Corrected"}
    assert (edition.number, out.sequence, after.editions) == (2, 2, 2)
    with pytest.raises(rules.ChangeNoteTooLong):
        release(changed, last, version, "correction", {"sv": "x" * 2001, "en": "y"}, NOW)


def test_what_cannot_be_released() -> None:
    """Without Swedish, without a change, or with a number that does not follow."""
    before, last = first()
    with pytest.raises(rules.SwedishMissing):
        release(drafted(en=EN), None, FIRST, "correction", {}, NOW)
    with pytest.raises(rules.NothingHasChanged):
        release(before, last, Version(1, 0, 1), "correction", {"sv": "a", "en": "b"}, NOW)
    changed = redraft(before, Draft({"sv": SV}))
    notes = {"sv": "Utan engelska"}
    with pytest.raises(VersionDoesNotFollow):
        release(changed, last, Version(1, 0, 2), "rework", notes, NOW)
    with pytest.raises(ChangeIsLarger):
        release(changed, last, Version(1, 1, 0), "rework", notes, NOW)
    assert next_versions(changed, "rework") == (Version(2, 0, 0),)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({"sv": "# A\n\nb"}, {"sv": "# A\n\nc"}, "correction"),
        ({"sv": "# A"}, {"sv": "# A\n\n## B"}, "addition"),
        ({"sv": "# A"}, {"sv": "# A", "en": "# A"}, "addition"),
        ({"sv": "# A\n\n# B"}, {"sv": "# A"}, "rework"),
        ({"sv": "# A", "en": "# A"}, {"sv": "# A"}, "rework"),
        ({"sv": "# A"}, {"sv": "# B"}, "rework"),
    ],
)
def test_what_has_changed_at_least(
    before: dict[str, str], after: dict[str, str], change: str
) -> None:
    """A heading that is gone breaks links and what people were taught; a new one adds."""
    read_in = [{lang: read(text) for lang, text in texts.items()} for texts in (before, after)]
    assert least_change(*read_in) == change


def test_every_picture_is_there() -> None:
    """In every language."""
    shows = {"sv": read("![Ett kök](kok.png)")}
    ensure_pictures(Draft(pictures={"kok.png": "x"}), shows)
    with pytest.raises(rules.PictureMissing):
        ensure_pictures(Draft(), shows)
