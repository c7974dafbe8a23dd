"""Counting the parts of an SMS."""

from __future__ import annotations

import pytest

from deploy.local.sinks.sms_parts import parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("å" * 160, 1),
        ("å" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("–" * 70, 1),
        ("–" * 71, 2),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
    ],
)
def test_parts(text: str, parts: int) -> None:
    """160 septets or 70 units alone, 153 or 67 in each of several; € is two septets."""
    assert parts_of(text) == parts
