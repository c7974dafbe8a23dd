"""The words on the pages: both languages complete, dates as people say them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.web.wording import WORDS, Words

WEB = Path("services/web")
STAFF = WEB / "templates/staff"
_SAID = re.compile(r'say\("([a-z0-9_]+)"')
_QUOTED = re.compile(r"""["']([a-zA-Z0-9_-]+)["'{]""")
_BY_STATE = ("group_", "one_")
"""Made of a party's kind and a booking's state."""
_FIELD = re.compile(r"{(\w+)}")


def test_both_languages_say_the_same_things() -> None:
    """Every sentence exists in Swedish and English, with the same facts in it."""
    assert WORDS["sv"].keys() == WORDS["en"].keys()
    for name, sentence in WORDS["sv"].items():
        assert _FIELD.findall(sentence) == _FIELD.findall(WORDS["en"][name]), name


def test_pages_say_only_what_there_is() -> None:
    """Every name that a page asks for has words, and no words are left over."""
    pages = [page.read_text("utf-8") for page in (WEB / "templates").rglob("*.html")]
    programs = [path.read_text("utf-8") for path in WEB.rglob("*.py")]
    said = {name for page in pages for name in _SAID.findall(page)}
    assert {name for name in said if not name.endswith("_")} <= WORDS["sv"].keys()
    quoted = {name for text in (*pages, *programs) for name in _QUOTED.findall(text)}
    begun = (*_BY_STATE, *(name for name in quoted if len(name) > 3 and name.endswith("_")))
    counted = {f"{name}_{how}" for name in quoted for how in ("one", "more")}
    left = WORDS["sv"].keys() - quoted - counted
    unused = {name for name in left if not name.startswith(begun)}
    assert unused == set()


@pytest.mark.parametrize("word", ["extremis", "radikal", "våld", "demokrati", "Safe Space"])
def test_pages_do_not_name_what_it_is_about(word: str) -> None:
    """Nothing on a participant's page tells somebody beside them what the service is."""
    pages = (WEB / "templates").rglob("*.html")
    texts = [page.read_text("utf-8") for page in pages if not page.is_relative_to(STAFF)]
    for path in (WEB / "words").glob("*.json"):
        if not path.name.startswith("staff"):
            texts += json.loads(path.read_text("utf-8")).values()
    assert len(texts) > 100, "the measure itself works"
    assert [text for text in texts if word.casefold() in text.casefold()] == []


@pytest.mark.parametrize(
    ("pupils", "adults", "sv", "en"),
    [
        (26, 2, "26 elever och 2 vuxna", "26 pupils and 2 adults"),
        (1, 1, "1 elev och 1 vuxen", "1 pupil and 1 adult"),
        (0, 25, "25 vuxna", "25 adults"),
        (30, 0, "30 elever", "30 pupils"),
    ],
)
def test_heads_in_words(pupils: int, adults: int, sv: str, en: str) -> None:
    """One is one, many are many, none is not named."""
    assert (Words("sv").heads(pupils, adults), Words("en").heads(pupils, adults)) == (sv, en)


def test_dates_in_words() -> None:
    """A deadline is a day and a time; an occasion a day and its hours; both on the local clock."""
    begins, ends = datetime(2027, 1, 28, 8, tzinfo=UTC), datetime(2027, 1, 28, 9, 30, tzinfo=UTC)
    sv, en = Words("sv"), Words("en")
    hours = sv.hours(begins, ends, "Europe/Stockholm")
    assert hours == "torsdag 28 januari, 09:00\u2060–\u206010:30"
    assert sv.moment(begins) == "torsdag 28 januari kl. 09:00"
    assert en.moment(begins) == "Thursday 28 January at 09:00"
    summer = datetime(2027, 6, 1, 11, 30, tzinfo=UTC)
    assert sv.moment(summer) == "tisdag 1 juni kl. 13:30"


def test_arabic_keeps_figures_latin_and_in_their_own_order() -> None:
    """Days and months are Arabic words; each time stands in an isolate, the first one first."""
    begins, ends = datetime(2027, 1, 28, 8, tzinfo=UTC), datetime(2027, 1, 28, 9, 30, tzinfo=UTC)
    said = Words("ar").hours(begins, ends, "Europe/Stockholm")
    assert said == "الخميس 28 يناير، \u206809:00\u2069\u2060–\u2060\u206810:30\u2069"
    assert Words("ar").moment(begins) == "الخميس 28 يناير الساعة 09:00"


def test_a_services_words_are_said_in_arabic_or_not_at_all() -> None:
    """A refusal that is known has its own sentence, another one a general one; never Swedish."""
    words = Words("ar")
    assert words.refusal("broken-phone", "Mobilnumret") != words.refusal("new-rule", "Ny regel")
    assert not re.search("[a-zåäö]{4}", words.refusal("new-rule", "Ny regel"))
    assert Words("sv").refusal("new-rule", "Ny regel") == "Ny regel"


def test_an_area_that_is_in_arabic_is_whole() -> None:
    """Nothing that participants meet is Swedish by omission: every sentence has Arabic letters."""
    for path in (WEB / "words").glob("*.ar.json"):
        for name, sentence in json.loads(path.read_text("utf-8")).items():
            allowed = {"other_language", "and"}
            assert name in allowed or re.search("[\u0621-\u064a،]", sentence), name
