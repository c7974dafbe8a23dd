"""Every text, in each language, from its declared variables alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from services.notifications.domain.occasion import Occasion
from services.notifications.domain.parts import dear_signs
from services.notifications.domain.recipient_card import Contact, Recipient
from services.notifications.domain.story import BookingState, Story, Told
from services.notifications.use_cases import wording
from services.notifications.use_cases.calendar_file import calendar_file
from services.notifications.use_cases.dates_in_words import moment
from services.notifications.use_cases.message_facts import facts_of
from services.notifications.use_cases.preview_template import preview_template
from services.notifications.use_cases.templates import LANGUAGES, Template, template, templates

DOOR = "https://boka.example"
START = datetime(2027, 1, 28, 12, 30, tzinfo=UTC)
EVERY = [(name, language) for name in templates() for language in LANGUAGES]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_each_template_renders(name: str, language: str) -> None:
    """Complete in both languages; the SMS is cheap and at most two parts; e-mail has plain text."""
    made = preview_template(name, language, DOOR)  # type: ignore[arg-type]
    assert made.size.alphabet == "gsm-7", dear_signs(made.sms)
    assert made.size.parts <= 2
    form = template(name)
    for texts in (form.sms, form.subject, form.text, form.title, form.body):
        assert set(texts) in (set(), set(LANGUAGES))
    if form.email != "never":
        written = (made.text, made.subject, made.html, made.title, made.body)
        assert all(written)
        assert "{{" not in "".join(part or "" for part in written)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_no_undeclared_variable(name: str, language: str) -> None:
    """A text may use what its template declares, and nothing else."""
    form = template(name)
    for forgotten in form.variables:
        used = any(forgotten in texts.get(language, "") for texts in (form.sms, form.text))
        if not used or forgotten in ("code", "codes"):
            continue
        fewer = {k: v for k, v in form.variables.items() if k != forgotten}
        bare = replace(form, variables=fewer)
        facts = {"starts_at": START, "ends_at": START, "deadline": START, **form.sample}
        facts |= {"before_starts_at": START}
        variables = wording.variables_of(bare, facts, Contact(language="sv"), DOOR)
        with pytest.raises(UndefinedError):
            _all(form, language, variables)


def _all(form: Template, language: str, variables: dict[str, object]) -> str:
    mail = wording.email(form, language, variables)
    shown = wording.inbox(form, language, variables) if form.title else ()
    return "\n".join((wording.sms(form, language, variables), *mail, *shown))


def test_a_missing_fact_is_an_error() -> None:
    """A message that lacks a fact is never sent with a hole in it."""
    with pytest.raises(wording.Undeclared):
        wording.variables_of(template("offer"), {"title": "x"}, Contact(), DOOR)


def test_templates_are_sandboxed() -> None:
    """A template cannot reach into the program."""
    with pytest.raises(SecurityError):
        wording.words("{{ x.__class__.__mro__ }}", "sv", {"x": 1})


def test_the_offer_says_how_to_answer_and_until_when() -> None:
    """`Svara JA 7 eller NEJ 7 före onsdag 20 januari kl. 15:00`, and the link to the offer."""
    sms = preview_template("offer", "sv", DOOR).sms
    assert "Svara JA 7 eller NEJ 7 före onsdag 20 januari kl. 15:00" in sms
    assert sms.endswith("?till=erbjudande")
    assert "?till=" not in preview_template("confirmed", "sv", DOOR).sms


def test_dates_in_words() -> None:
    """Weekday, date and the wall clock where it happens, in both languages."""
    assert moment(START, "Europe/Stockholm", "sv") == "torsdag 28 januari kl. 13:30"
    assert moment(START, "Europe/Stockholm", "en") == "Thursday 28 January at 13:30"


def test_the_same_start_is_not_told_as_a_former_one() -> None:
    """A new length or room is told with the new end, without a former start that is the same."""
    form = template("moved")
    sample = {**form.sample, "zone": "Europe/Stockholm", "starts_at": START}
    facts = {**sample, "ends_at": START + timedelta(hours=2), "before_starts_at": START}
    texts = []
    for before in (START, START - timedelta(days=1)):
        variables = wording.variables_of(
            form, facts | {"before_starts_at": before}, Contact(), DOOR
        )
        written = (wording.sms(form, "sv", variables), *wording.email(form, "sv", variables))
        texts.append("".join((*written, *wording.inbox(form, "sv", variables))).casefold())
    assert "13:30-15:30, sal 2. mer:" in texts[0]
    assert "förut" not in texts[0]
    assert "(förut onsdag 27 januari kl. 13:30)" in texts[1]


@pytest.mark.parametrize(
    ("state", "said"), [("waiting", True), ("offered", False), ("confirmed", False)]
)
@pytest.mark.parametrize("name", ["moved", "head-count-changed"])
def test_an_offer_is_not_called_the_line(name: str, state: BookingState, said: bool) -> None:
    """Somebody who must answer an offer is never told that they wait in line."""
    occasion = Occasion("o", "Titel", "workshop", START, START, "Europe/Stockholm", "Sal 2")
    told = Told("e1", 1, f"booking-{name}", occasion, 20, state=state, before=occasion)
    form = template(name)
    story = Story("b1", Recipient("booking", "r1"), (told,))
    variables = wording.variables_of(form, facts_of(told, story), Contact(), DOOR)
    written = wording.sms(form, "sv", variables) + wording.email(form, "sv", variables)[1]
    assert ("kön" in written) is said


def test_html_escapes_what_it_is_given() -> None:
    """A title cannot bring markup into an e-mail."""
    form = template("confirmed")
    facts = {**form.sample, "title": "<b>x</b>", "starts_at": START, "ends_at": START}
    _, text, html = wording.email(form, "sv", wording.variables_of(form, facts, Contact(), DOOR))
    assert "<b>x</b>" in text
    assert "&lt;b&gt;x" in html
    assert "<b>x" not in html


def test_the_calendar_file_replaces_and_withdraws() -> None:
    """One UID per booking, a rising SEQUENCE, the right moment, and METHOD:CANCEL."""
    facts = {"title": "Öppet hus", "room": "Sal 2", "zone": "Europe/Stockholm"}
    facts |= {"starts_at": START, "ends_at": START}
    made = [
        Calendar.from_ical(
            calendar_file(
                "b1", facts, method=method, sequence=n, made_at=START, organiser="a@b.example"
            )
        )
        for n, method in ((1, "REQUEST"), (2, "CANCEL"))
    ]
    events = [calendar.walk("VEVENT")[0] for calendar in made]
    assert events[0]["UID"] == events[1]["UID"]
    assert [int(event["SEQUENCE"]) for event in events] == [1, 2]
    assert [str(calendar["METHOD"]) for calendar in made] == ["REQUEST", "CANCEL"]
    assert events[1]["STATUS"] == "CANCELLED"
    assert events[0]["DTSTART"].dt == START


@pytest.mark.parametrize("name", ["offer-expired", "offer-declined"])
def test_places_went_on_only_if_they_did(name: str) -> None:
    """Nobody reads that the places went to the next in line when nobody stood behind."""
    form = template(name)
    for language, word in (("sv", "vidare"), ("en", "next in line")):
        said = {}
        for passed_on in (True, False):
            facts = {"starts_at": START, "ends_at": START, **form.sample, "passed_on": passed_on}
            variables = wording.variables_of(form, facts, Contact(language="sv"), DOOR)
            said[passed_on] = _all(form, language, variables)
        assert word in said[True]
        assert word not in said[False]


def test_a_refused_answer_to_an_unknown_offer_names_no_occasion() -> None:
    """Better no date than the wrong one."""
    form = template("answer-refused")
    facts = {"starts_at": START, "ends_at": START, **form.sample, "known": False}
    variables = wording.variables_of(form, facts, Contact(language="sv"), DOOR)
    for language in LANGUAGES:
        assert form.sample["title"] not in _all(form, language, variables)
