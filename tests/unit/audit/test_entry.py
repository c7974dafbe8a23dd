"""An entry's form: canonical bytes that anybody can make again, and no place for free text."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from shared.audit.entry import (
    MOST_SUBJECTS,
    as_subject,
    as_word,
    canonical,
    genesis,
    in_pieces,
    linked,
)
from tests.unit.audit.chains import ACCESS, AT, SERVICE


def test_the_form_is_the_published_one() -> None:
    """The bytes of an entry, written out: who verifies with another program makes the same."""
    [entry] = linked([ACCESS], genesis(SERVICE), SERVICE, AT)
    first = hashlib.sha256(b"safespace-audit/1/mentoring").hexdigest()
    written = (
        '{"actor":"actor-1","allowed":true,"at":"2027-01-14T09:30:00.000Z","fields":["notes"],'
        f'"prev":"{first}","purpose":"case-work","reference":null,"roles":["case-lead"],'
        '"rule":"lead-of-case","seq":1,"service":"mentoring","subjects":["case-1"],'
        '"trace":"trace-1"}'
    )
    said = entry.pop("hash")
    assert canonical(entry).decode() == written
    assert said == hashlib.sha256(written.encode()).hexdigest()


def test_texts_are_written_as_rfc_8785_has_it() -> None:
    """The strings of RFC 8785 §3.2.2 and §3.2.3: short escapes, lower-case hex, sorted names."""
    assert canonical({"s": '€$\u000f\u000aA\'B"\\\\"/'}) == (
        '{"s":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    )
    assert canonical({"b": [None, True, False], "a": "ö", "1": "\u0080"}) == (
        '{"1":"\u0080","a":"ö","b":[null,true,false]}'.encode()
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"reference": "Kim sa att det var bråttom"},
        {"rule": ""},
        {"subjects": ("Åsa",)},
        {"fields": ("phone: 070 1740605",)},
        {"actor": "a" * 121},
    ],
)
def test_there_is_no_place_for_free_text(changed: dict[str, Any]) -> None:
    """Ids and codes fit; sentences, names and values do not."""
    with pytest.raises(ValueError):
        replace(ACCESS, **changed)


def test_a_long_list_becomes_several_entries() -> None:
    """Everybody shown is named, in pieces of a bearable size."""
    many = tuple(f"case-{number}" for number in range(2 * MOST_SUBJECTS + 1))
    pieces = list(in_pieces(replace(ACCESS, subjects=many)))
    assert [len(piece.subjects) for piece in pieces] == [MOST_SUBJECTS, MOST_SUBJECTS, 1]
    assert tuple(subject for piece in pieces for subject in piece.subjects) == many
    assert list(in_pieces(replace(ACCESS, subjects=()))) == [replace(ACCESS, subjects=())]


def test_each_service_begins_with_its_own_link() -> None:
    """One service's chain cannot be passed off as another's."""
    assert genesis("booking").hash != genesis("mentoring").hash


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0199c0de-0000-7000-8000-000000000001", True),
        ("booking:0199c0de-0000-7000-8000-000000000001", True),
        ("idris.vik", True),
        ("case-1234", True),
        ("kim@skola.example", False),
        ("+46701740605", False),
        ("0701740605", False),
        ("070-174.06.05", False),
        ("20030501-1234", False),
        ("booking:200305011234", False),
        ("Åsa", False),
        ("", False),
    ],
)
def test_what_somebody_typed_is_kept_only_as_an_id(typed: str, kept: bool) -> None:
    """Nothing can be removed from the chain: no address, no phone, no personal number gets in."""
    assert as_subject(typed) == (typed if kept else "not-an-id")


def test_whoever_issues_the_tokens_writes_as_they_like() -> None:
    """A subject or a role in other letters is recorded under its hash, always the same one."""
    assert as_word("sub-1") == "sub-1"
    odd = as_word("auth0|Åsa Ek")
    assert odd == as_word("auth0|Åsa Ek") != as_word("auth0|Eva Ek")
    replace(ACCESS, actor=odd, roles=(odd,))
