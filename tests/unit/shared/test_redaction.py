"""Nothing personal in a log line, whatever somebody puts there by mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.privacy.redaction import PERSONAL_FIELDS, REMOVED, redact, redact_line


@pytest.mark.parametrize(
    "personal",
    [
        "anna.svensson@skola.malmo.se",
        "åsa+test@exempel.se",
        "+46701234567",
        "+46 70-123 45 67",
        "0046701234567",
        "070-123 45 67",
        "0701234567",
        "040-12 34 56",
        "19900101-1234",
        "900101-1234",
        "120101+1234",
        "amqp://booking:hemligt@127.0.0.1:5672/safespace",
        "mongodb://booking:hemligt@localhost/booking",
        "http://127.0.0.1:8000/m/abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE",
    ],
)
@pytest.mark.parametrize("around", ["{}", "ring {} nu", "({})", "x={},"])
def test_lookalikes_are_struck_out(personal: str, around: str) -> None:
    """E-mail, phone and personal numbers, passwords in addresses and links vanish from any text."""
    told = redact(around.format(personal))
    assert REMOVED in told
    for piece in ("anna", "åsa", "70123", "123 45", "12 34", "0101", "hemligt", "abcdef"):
        if piece in personal:
            assert piece not in told


@pytest.mark.parametrize(
    "ours",
    [
        "01987654-3210-7abc-9345-678901234567",
        "01987654-3210-7012-9345-678901234567",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "2027-01-28T12:30:00Z",
        "2027-01-28",
        "booking.booking-confirmed.v1",
        "notifications.from-booking",
        "/v1/bookings/{bookingId}",
        "127.0.0.1:8000",
        "0.1.0",
        "12 rows of 4000 in 0.123 s",
    ],
)
def test_our_own_facts_stay(ours: str) -> None:
    """Ids, times, routes, versions and counts are what a log is for."""
    assert redact(ours) == ours


@given(st.sampled_from(sorted(PERSONAL_FIELDS)), st.text(min_size=1), st.integers(0, 3))
def test_personal_fields_are_emptied_at_any_depth(field: str, value: str, depth: int) -> None:
    """A field by a personal name loses its value, however deep it stands."""
    line: object = {field: value}
    for _ in range(depth):
        line = {"outer": [line]}
    told = redact_line(None, "info", {"event": "something_happened", "data": line})
    inner = told["data"]
    for _ in range(depth):
        inner = inner["outer"][0]
    assert inner == {field: REMOVED}


def test_a_long_line_costs_no_more_than_its_length() -> None:
    """A line of a million characters is read through once, not once per character."""
    for filler in ("a" * 1_000_000, "1" * 1_000_000, "a@" * 300_000, "07 " * 300_000):
        assert redact(filler)
