"""Counting SMS parts (3GPP TS 23.038 and TS 23.040), beside a second count written apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.sinks.sms_parts import parts_of
from services.notifications.domain.parts import dear_signs, plain, size_of


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", "gsm-7", 0, 1),
        ("å" * 160, "gsm-7", 160, 1),
        ("ö" * 161, "gsm-7", 161, 2),
        ("a" * 306, "gsm-7", 306, 2),
        ("a" * 307, "gsm-7", 307, 3),
        ("€" * 80, "gsm-7", 160, 1),
        ("€" * 81, "gsm-7", 162, 2),
        ("–" * 70, "ucs-2", 70, 1),
        ("–" * 71, "ucs-2", 71, 2),
        ("–" * 134, "ucs-2", 134, 2),
        ("–" * 135, "ucs-2", 135, 3),
        ("🙂" * 35, "ucs-2", 70, 1),
    ],
)
def test_sizes_at_the_edges(text: str, alphabet: str, units: int, parts: int) -> None:
    """160/153 septets, 70/67 units, and extension signs count twice."""
    size = size_of(text)
    assert (size.alphabet, size.units, size.parts) == (alphabet, units, parts)


def test_no_sign_is_cut_in_two() -> None:
    """An escape or a surrogate pair that would straddle a part's end moves to the next part."""
    straddling = "a" * 152 + "€" + "a" * 152
    assert size_of(straddling).units == 306
    assert size_of(straddling).parts == 3
    assert size_of("–" + "a" * 65 + "🙂" + "a" * 66).parts == 3


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x24FF), max_size=400))
def test_the_two_counts_agree(text: str) -> None:
    """Ours is never lower than the provider's simpler count, and equal without signs of two."""
    ours, theirs = size_of(text).parts, parts_of(text)
    assert ours >= theirs
    if size_of(text).alphabet == "gsm-7" and not set(text) & set("^{}\\[~]|€\f"):
        assert ours == theirs


def test_what_makes_a_text_dear() -> None:
    """An en dash does, and its cheap twin does not; Swedish letters stay as they are."""
    assert dear_signs("åk 7–9") == {"–"}
    assert plain("Åk 7–9 … “é”") == 'Åk 7-9 ... "é"'
    assert dear_signs(plain("Åk 7–9 … “é”")) == frozenset()
    assert dear_signs("مرحبا") != frozenset()
