"""Reading what people answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.replies import Meant, OpenOffer, Said, meaning, read

SEVEN, NINE = OpenOffer("o7", 7, live=True), OpenOffer("o9", 9, live=True)
CLOSED = OpenOffer("o3", 3, live=False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("JA 7", Said("yes", 7)),
        ("ja7", Said("yes", 7)),
        ("7 ja", Said("yes", 7)),
        ("JA 07", Said("yes", 7)),
        ("Ja, nr 7!", Said("yes", 7)),
        ("nej kod 7", Said("no", 7)),
        ("ja sju", None),
        ("Ja!", Said("yes", None)),
        ("  ja tack  ", Said("yes", None)),
        ("ja 7, tack så mycket!", Said("yes", 7)),
        ("Nej tyvärr", Said("no", None)),
        ("ja tyvärr", None),
        ("NEJ", Said("no", None)),
        ("nej tack 7", Said("no", 7)),
        ("J", Said("yes", None)),
        ("n", Said("no", None)),
        ("Yes 7", Said("yes", 7)),
        ("NO, thank you", Said("no", None)),
        ("JA eller NEJ", None),
        ("ja 7 9", None),
        ("ja 7 7", None),
        ("7", None),
        ("", None),
        ("ja men vi blir bara 20", None),
        ("kanske", None),
        ("ja " * 60, None),
    ],
)
def test_what_is_read(text: str, said: Said | None) -> None:
    """One yes or no, with at most one code; a guess would give away somebody's places."""
    assert read(text) == said


def test_a_code_names_its_offer() -> None:
    """With a code, that offer is meant, also a closed one: booking says why it is too late."""
    assert meaning("NEJ 9", [SEVEN, NINE]) == Meant("answer", "o9", "no")
    assert meaning("JA 3", [CLOSED, SEVEN]) == Meant("answer", "o3", "yes")


def test_a_bare_answer_needs_one_live_offer() -> None:
    """A bare JA works while only one offer is live; with two it is ambiguous."""
    assert meaning("JA", [CLOSED, SEVEN]) == Meant("answer", "o7", "yes")
    assert meaning("JA", [SEVEN, NINE]) == Meant("ambiguous")
    assert meaning("JA 4", [SEVEN]) == Meant("ambiguous")


def test_a_late_bare_answer_is_for_the_last_offer() -> None:
    """With none live, the last offer is meant, so that the person hears that it is over."""
    assert meaning("JA", [CLOSED]) == Meant("answer", "o3", "yes")
    assert meaning("JA", []) == Meant("unknown")
    assert meaning("hej på er", [SEVEN]) == Meant("unknown")


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever somebody sends, reading it never fails and never finds both a yes and a no."""
    said = read(text)
    assert said is None or said.answer in ("yes", "no")
