"""The bytes of an entry as they lie in the database: what we wrote fits, and nothing else does."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import bson
import pytest
from bson import Binary, Code, Int64
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.audit.chain import Broken, ChainCheck, Fault, Verdict
from shared.audit.documents import documents_in, link_of
from shared.audit.entry import MOST_SUBJECTS, Access, genesis, linked
from shared.audit.entry import link_of as link_of_entry
from shared.audit.purposes import Purpose
from tests.unit.audit.chains import (
    ACCESS,
    AT,
    KEY,
    SERVICE,
    Entry,
    checkpoints_of,
    entries,
    rehashed,
    relinked,
)

SMALL = settings(max_examples=60, deadline=None, derandomize=True, database=None)
LETTERS = "".join(each for each in map(chr, range(128)) if each.isalnum()) + ":._/+@-"
WORDS = st.text(LETTERS, min_size=1, max_size=120)
SOME = st.lists(WORDS, max_size=12).map(tuple)
ACCESSES = st.builds(
    Access,
    actor=WORDS,
    roles=SOME,
    subjects=SOME,
    fields=SOME,
    purpose=st.sampled_from(Purpose),
    rule=WORDS,
    trace=WORDS,
    reference=st.one_of(st.none(), WORDS),
    allowed=st.booleans(),
)
LENGTH, PAGE = 40, 10
CHAIN = list(entries(LENGTH))
SIGNED = checkpoints_of(CHAIN, 15, 30)


def document_of(entry: Entry) -> bytes:
    """As it is written down: its number is the document's id."""
    return bson.encode({"_id": entry["seq"], **{n: v for n, v in entry.items() if n != "seq"}})


def paged(chain: Sequence[Entry]) -> Iterator[bytes]:
    """What the service answers, page by page."""
    for first in range(0, len(chain), PAGE):
        yield b"".join(document_of(entry) for entry in chain[first : first + PAGE])


def verdict_on(pages: Iterator[bytes]) -> Verdict:
    check = ChainCheck(SERVICE, SIGNED, [KEY.verify_key])
    for page in pages:
        if not check.follow(map(link_of, documents_in(page))):
            break
    return check.verdict()


def found(chain: Sequence[Entry]) -> tuple[int, Fault]:
    broken = verdict_on(paged(chain)).broken
    assert broken is not None
    return broken.seq, broken.fault


@SMALL
@given(accesses=st.lists(ACCESSES, min_size=1, max_size=3))
def test_the_bytes_say_what_the_entry_says(accesses: list[Access]) -> None:
    """Whatever an entry may hold: number, link, time and hash are those of the entry itself."""
    chain = linked(accesses, genesis(SERVICE), SERVICE, AT)
    page = b"".join(document_of(entry) for entry in chain)
    links = [link_of(document) for document in documents_in(page)]
    assert links == [link_of_entry(dict(entry)) for entry in chain]
    assert all(link.made == link.said for link in links)


def test_a_long_list_is_read_as_it_is_written() -> None:
    """As many as one entry holds."""
    many = replace(ACCESS, subjects=tuple(f"case-{n}" for n in range(MOST_SUBJECTS)))
    [entry] = linked([many], genesis(SERVICE), SERVICE, AT)
    assert link_of(document_of(entry)).made == entry["hash"]


def test_a_large_number_is_a_number() -> None:
    """MongoDB writes numbers from 2^31 on with eight bytes."""
    entry = rehashed(CHAIN[0], seq=2**31)
    link = link_of(document_of(entry))
    assert (link.seq, link.made) == (2**31, entry["hash"])
    eight = link_of(document_of({**CHAIN[6], "seq": Int64(7)}))
    assert (eight.seq, eight.made) == (7, CHAIN[6]["hash"])


def test_any_changed_byte_is_named() -> None:
    """Each byte of a document set to another: never does the chain look whole."""
    chance, whole = random.Random(7), [document_of(entry) for entry in CHAIN]
    for place in range(len(whole[20])):
        other = bytearray(whole[20])
        other[place] = chance.choice([value for value in range(256) if value != other[place]])
        broken = verdict_on(iter([b"".join([*whole[:20], bytes(other), *whole[21:]])])).broken
        assert broken is not None, place
        assert broken.seq == 21, place


ODD: list[tuple[str, Any]] = [
    ("another kind of text", {"actor": Code(CHAIN[20]["actor"])}),
    ("bytes instead of a text", {"subjects": [Binary(b"case-7")]}),
    ("a number instead of a yes", {"allowed": 1}),
    ("a number with a point", {"seq": 21.0}),
    ("a list in a list", {"subjects": [["case-7"]]}),
    ("a text instead of a list", {"fields": "notes"}),
    ("an empty text", {"reference": ""}),
    ("no such word", {"rule": 'lead","rule":"x'}),
    ("more than we write", {"more": 1}),
    ("a sentence", {"trace": "Kim mår bra"}),
]


@pytest.mark.parametrize("changed", [each[1] for each in ODD], ids=[each[0] for each in ODD])
def test_another_kind_of_value_is_named(changed: dict[str, Any]) -> None:
    """Also where a driver, or JSON, would show the very same words as before."""
    seq, fault = found([*CHAIN[:20], {**CHAIN[20], **changed}, *CHAIN[21:]])
    assert (seq, fault) == (21, Fault.MISSING if "seq" in changed else Fault.CHANGED)


def test_bytes_that_a_driver_reads_as_before_are_named() -> None:
    """A name that stands twice, a text that swallows the rest, an older kind of text, of null."""
    whole = document_of(CHAIN[20])
    actor = b"\x02actor\x00\x08\x00\x00\x00actor-6\x00"
    assert actor in whole
    twice = whole.replace(actor, b"\x02actor\x00\x06\x00\x00\x00other\x00" + actor)
    end = whole.index(b"\x04roles")
    swallowed = whole.replace(
        actor, b"\x02actor\x00" + (len(whole) - end + 7).to_bytes(4, "little") + b"actor-6\x00"
    )
    for odd in (
        len(twice).to_bytes(4, "little") + twice[4:],
        swallowed,
        whole.replace(b"\x02actor", b"\x0eactor"),
        whole.replace(b"\x0areference", b"\x06reference"),
        whole.replace(b"\x020\x00\x07\x00\x00\x00case-7", b"\x021\x00\x07\x00\x00\x00case-7"),
    ):
        assert odd != whole
        assert link_of(odd).made == ""
        assert link_of(odd).seq == 21


def test_what_is_no_document_is_one_that_nothing_fits() -> None:
    """A page that breaks off, or is none at all, ends the verifying; it does not stop it."""
    page = b"".join(paged(CHAIN[:3]))
    for cut in (1, 4, 30, len(page) - 1):
        *whole, last = documents_in(page[:cut])
        assert link_of(last).made == ""
        assert all(link_of(document).made for document in whole)
    for odd in (b"\x00", b"\x00" * 40, b"<html>", b"\xff" * 100):
        assert [link_of(each).made for each in documents_in(odd)] == [""]


@pytest.mark.parametrize("border", [1, 10, 11, 20, 21, 30])
def test_breaks_at_the_borders_of_pages_are_named(border: int) -> None:
    """The first and the last entry of a page, changed, replaced, missing, swapped with the next."""
    at, one, two = border - 1, CHAIN[border - 1], CHAIN[border]
    changed = {**one, "allowed": not one["allowed"]}
    assert found([*CHAIN[:at], changed, *CHAIN[border:]]) == (border, Fault.CHANGED)
    replaced = rehashed(one, actor="somebody-else")
    expected = Fault.OTHER_THAN_SIGNED if border in (15, 30) else Fault.REPLACED
    assert found([*CHAIN[:at], replaced, *CHAIN[border:]])[0] <= border
    assert found([*CHAIN[:at], replaced, *CHAIN[border:]])[1] is expected
    assert found([*CHAIN[:at], *CHAIN[border:]]) == (border, Fault.MISSING)
    assert found([*CHAIN[:at], two, one, *CHAIN[border + 1 :]]) == (border, Fault.MISSING)
    renumbered = [{**two, "seq": border}, {**one, "seq": border + 1}]
    assert found([*CHAIN[:at], *renumbered, *CHAIN[border + 1 :]]) == (border, Fault.CHANGED)


@SMALL
@given(st.lists(st.integers(0, LENGTH // PAGE - 1), min_size=2, max_size=2, unique=True))
def test_whole_pages_missing_or_swapped_are_named(pair: list[int]) -> None:
    """One page is not there, two stand in each other's place, one comes twice, all are cut off."""
    pages = list(paged(CHAIN))
    low, high = sorted(pair)
    swapped = [*pages]
    swapped[low], swapped[high] = pages[high], pages[low]
    for wrong in (
        [*pages[:low], *pages[low + 1 :]],
        swapped,
        [*pages[: low + 1], pages[low], *pages[low + 1 :]],
        pages[:low],
    ):
        broken = verdict_on(iter(wrong)).broken
        first = (low + 1) * PAGE + 1 if wrong.count(pages[low]) == 2 else low * PAGE + 1
        assert broken == Broken(first, Fault.MISSING, first)


@SMALL
@given(number=st.integers(1, 30))
def test_a_history_rewritten_over_the_borders_is_named(number: int) -> None:
    """All that follows is linked and hashed again, page after page: a checkpoint says otherwise."""
    chain = relinked([*CHAIN[: number - 1], {**CHAIN[number - 1], "rule": "x"}, *CHAIN[number:]])
    broken = verdict_on(paged(chain)).broken
    assert broken is not None
    assert broken.fault is Fault.OTHER_THAN_SIGNED
    assert broken.seq <= number <= broken.until


def test_a_whole_chain_is_whole_in_any_pages() -> None:
    """However the documents are cut into answers; the tail that nobody signed yet is said."""
    for size in (1, 3, 7, LENGTH):
        pages = [CHAIN[first : first + size] for first in range(0, LENGTH, size)]
        verdict = verdict_on(b"".join(map(document_of, page)) for page in pages)
        assert (verdict.broken, verdict.entries, verdict.after_last_checkpoint) == (None, 40, 10)


@pytest.mark.long
@pytest.mark.parametrize(
    ("border", "tamper"), [(10_000, "deleted"), (500_001, "changed"), (990_000, "swapped")]
)
def test_one_break_at_a_border_of_a_million(border: int, tamper: str) -> None:
    """In pages as the command asks for them."""

    def altered(entry: Entry) -> Entry:
        if tamper == "changed" and entry["seq"] == border:
            return {**entry, "allowed": False}
        if tamper == "swapped" and entry["seq"] in (border, border + 1):
            return {**entry, "seq": 2 * border + 1 - entry["seq"]}
        return entry

    chain = (altered(entry) for entry in entries(1_000_000))
    kept = (entry for entry in chain if tamper != "deleted" or entry["seq"] != border)
    check = ChainCheck(SERVICE, [], [KEY.verify_key])
    while documents := [document_of(entry) for entry in islice(kept, 10_000)]:
        if not check.follow(map(link_of, documents_in(b"".join(documents)))):
            break
    fault = Fault.CHANGED if tamper == "changed" else Fault.MISSING
    assert check.verdict().broken == Broken(border, fault, border)
