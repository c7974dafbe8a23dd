"""Subscribers, forms and imported rows: nobody is confirmed but by their own yes, or a proof."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.publishing.domain.address import Address
from services.publishing.domain.consent import Asked
from services.publishing.domain.importing import ImportedRow, Proof, decide
from services.publishing.domain.links import key_of
from services.publishing.domain.newsletter_list import (
    ListWordsMissing,
    NotAListId,
    Said,
    changed,
    in_language,
    new_list,
)
from services.publishing.domain.subscriber import (
    GONE_AFTER,
    NameTooLong,
    Subscriber,
    asks,
    confirms,
    forget_at,
    leaves,
    one_line_name,
    writes,
)
from services.publishing.domain.subscription import ASK_AGAIN_AFTER, CONFIRM_WITHIN
from services.publishing.domain.suppression import Cause
from services.publishing.spreadsheets.subscriber_file import COLUMNS, read_row
from shared.kernel.joiners import is_one_line
from shared.kernel.refusal import Refusal
from shared.spreadsheets.table import Row
from shared.spreadsheets.trouble import Trouble

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
WHO = uuid.UUID(int=7)
LISTS = ("skolor", "unga")
SAID = Said({"sv": "Nyheter"}, {"sv": "Ibland."}, {"sv": "Ja."}, is_open=True)
quick = settings(max_examples=60)
steps = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask both", "press", "press old", "leave", "leave all", "import"]),
        st.sampled_from(LISTS),
        st.sampled_from([0, 5, 60, 60 * 24 * 3, 60 * 24 * 8]),
    ),
    max_size=14,
)


def asked(at: datetime) -> Asked:
    return Asked("skolor-1", "web-form", at)


def imported(known: Subscriber, list_id: str, proof: Proof | None, now: datetime) -> Subscriber:
    row = ImportedRow(2, Address("asa", "example.org"), proof=proof)
    return decide(row, known, (), list_id, asked(now), WHO).after or known


def one(known: Subscriber, step: str, name: str, now: datetime) -> Subscriber:
    """What one step makes of somebody."""
    if step.startswith("ask"):
        names = LISTS if step.endswith("both") else (name,)
        return asks(known, dict.fromkeys(names, asked(now)))[0]
    if step.startswith("press"):
        place = known.on.get(name)
        asking = (place.asking if place else 1) - step.endswith("old")
        return confirms(known, key_of(name), asking, now)
    if step == "import":
        return imported(known, name, None, now)
    return leaves(known, None if step.endswith("all") else [name], "page", now)


@quick
@given(steps)
def test_only_a_press_of_their_own_subscribes(what: list[tuple[str, str, int]]) -> None:
    """In any order of forms, files, presses and leavings; and together only what one form asked."""
    known, now = Subscriber(WHO, "sv"), NOW
    for step, name, minutes in what:
        now += timedelta(minutes=minutes)
        before = known
        try:
            known = one(known, step, name, now)
        except Refusal:
            assert step.startswith("press")
            continue
        fresh = set(known.confirmed) - set(before.confirmed)
        if fresh:
            assert step == "press"
            assert {before.on[each].asked.at for each in fresh} == {before.on[name].asked.at}
            assert all(now - before.on[each].asked.at <= CONFIRM_WITHIN for each in fresh)
        if step.startswith("leave"):
            assert name not in known.confirmed
        told = known.facts(name)
        assert (told is not None) == (name in known.confirmed)


@quick
@given(steps)
def test_nobody_who_gets_something_is_forgotten(what: list[tuple[str, str, int]]) -> None:
    """And who gets nothing is: a week after the last wish, a year after the last leaving."""
    known, now = Subscriber(WHO, "sv"), NOW
    for step, name, minutes in what:
        now += timedelta(minutes=minutes)
        try:
            known = one(known, step, name, now)
        except Refusal:
            continue
        at = forget_at(known)
        assert (at is None) == (bool(known.confirmed) or not known.on)
        if at is not None:
            assert at <= now + GONE_AFTER
            assert all(at >= place.asked.at + CONFIRM_WITHIN for place in known.on.values())


@given(st.lists(st.integers(0, 30), max_size=12))
def test_letters_to_one_address_keep_their_distance(minutes: list[int]) -> None:
    """Never two within ten minutes, and none later than it must be."""
    known, now, gone = Subscriber(WHO, "sv"), NOW, list[datetime]()
    for wait in minutes:
        now += timedelta(minutes=wait)
        known, at = writes(known, now)
        assert at == max(now, gone[-1] + ASK_AGAIN_AFTER if gone else now)
        gone.append(at)


CAUSES: list[Cause] = ["asked-never-again", "complaint", "dead-address"]


@quick
@given(steps, st.sampled_from([None, *CAUSES]), st.integers(-400, 0), st.booleans())
def test_a_file_never_overrides_a_no(
    what: list[tuple[str, str, int]], cause: Cause | None, days: int, proven: bool
) -> None:
    """Stopped stays stopped, left stays left unless they agreed since; again changes nothing."""
    known, now = Subscriber(WHO, "sv"), NOW
    for step, name, minutes in what:
        now += timedelta(minutes=minutes)
        try:
            known = one(known, step, name, now)
        except Refusal:
            continue
    proof = Proof(now + timedelta(days=days), "mässan") if proven else None
    row = ImportedRow(2, Address("asa", "example.org"), proof=proof, tags=frozenset({"a"}))
    causes = [cause] if cause else []
    first = decide(row, known, causes, "skolor", asked(now), WHO)
    place = known.on.get("skolor")
    if cause:
        assert (first.outcome, first.after) == ("stopped", None)
        return
    after = first.after or known
    if place is not None and place.state == "left" and place.left_at is not None:
        since = proof is not None and proof.at > place.left_at
        assert (first.outcome == "confirmed") == since
    if "skolor" in after.confirmed and "skolor" not in known.confirmed:
        assert proof is not None
        receipt = after.on["skolor"].consent
        assert receipt is not None
        assert (receipt.source, receipt.confirmed_at) == ("import", proof.at)
    assert (first.letter_at is not None) == (first.outcome == "asked")
    later = decide(row, after, causes, "skolor", asked(now + timedelta(days=30)), WHO)
    assert later.outcome in ("unchanged", "left")
    assert later.letter_at is None
    assert (later.after or after) == after


@pytest.mark.parametrize(("days", "outcome"), [(-1, "left"), (0, "left"), (1, "confirmed")])
def test_only_a_consent_after_the_leaving_counts(days: int, outcome: str) -> None:
    """An older one, or one of that very moment, brings nobody back."""
    known, _ = asks(Subscriber(WHO, "sv"), {"skolor": asked(NOW)})
    left = leaves(confirms(known, key_of("skolor"), 1, NOW), None, "page", NOW)
    proof = Proof(NOW + timedelta(days=days), "mässan")
    row = ImportedRow(2, Address("asa", "example.org"), proof=proof)
    assert decide(row, left, (), "skolor", asked(NOW), WHO).outcome == outcome


def test_a_press_is_for_its_own_form() -> None:
    """What another form asked for waits for its own letter."""
    later = NOW + timedelta(minutes=1)
    known, _ = asks(Subscriber(WHO, "sv"), {"skolor": asked(NOW)})
    known, _ = asks(known, {"unga": asked(later)})
    assert confirms(known, key_of("skolor"), 1, later).confirmed == ("skolor",)
    assert confirms(known, key_of("unga"), 1, later).confirmed == ("unga",)


def test_words_of_consent_are_added_never_rewritten() -> None:
    """Each wording has a version; the same words again are no new one."""
    first = new_list("skolor", SAID)
    assert changed(first, SAID) == first
    second = changed(first, replace(SAID, consent={"sv": "Ja tack."}))
    third = changed(second, SAID)
    assert [text.version for text in third.texts] == ["skolor-1", "skolor-2", "skolor-3"]
    assert [text.words["sv"] for text in third.texts] == ["Ja.", "Ja tack.", "Ja."]
    assert in_language({"sv": "a", "en": "b"}, "en-gb") == "b"
    assert in_language({"sv": "a", "en": "b"}, "ar") == "a"


@pytest.mark.parametrize("list_id", ["", "ab", "1skola", "Skolor", "sk olor", "skolor-", "a--b"])
def test_an_id_can_stand_in_an_address(list_id: str) -> None:
    """Lower-case letters, digits and single hyphens, a letter first."""
    with pytest.raises(NotAListId):
        new_list(list_id, SAID)


@pytest.mark.parametrize("words", [{}, {"en": "x"}, {"sv": " \n"}, {"sv": "x" * 81}])
def test_a_list_has_a_name_in_swedish(words: dict[str, str]) -> None:
    """Others beside it are welcome; none is too long."""
    with pytest.raises(ListWordsMissing):
        new_list("skolor", replace(SAID, names=words))


@given(st.text(max_size=200))
def test_a_name_is_one_line(text: str) -> None:
    """Whatever is typed, nothing in it ends a line or hides."""
    try:
        name = one_line_name(text)
    except NameTooLong:
        return
    assert is_one_line(name)
    assert name == name.strip()


cells = st.text(max_size=30) | st.sampled_from(
    ["asa@example.org", "2026-10-02", "2026-10-02T12:00:00Z", "0001-01-01", "9999-12-31", "sv"]
)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from([column.key for column in COLUMNS]), cells))
def test_no_row_breaks_the_reader(texts: dict[str, str]) -> None:
    """A row as it is meant, or troubles that name row and column; never what stood in a cell."""
    found = read_row(Row(7, texts), NOW)
    if isinstance(found, ImportedRow):
        assert found.proof is None or found.proof.at <= NOW
        return
    assert found
    for trouble in found:
        assert isinstance(trouble, Trouble)
        assert trouble.row == 7
        assert trouble.sv
