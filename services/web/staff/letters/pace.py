"""How far a mailing has come, how fast it goes, and how long it has left, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.web.staff.words import StaffWords


def pace(words: StaffWords, progress: Mapping[str, Any]) -> str:
    """`7 950 av 20 000 · 812 i sekunden · 15 s kvar`."""
    sent = progress["recipients"] - progress["waiting"] - progress["in_hand"]
    said = words(
        "staff_mailing_pace",
        sent=words.figure(sent),
        of=words.figure(progress["recipients"]),
        rate=words.figure(round(progress["per_second"])),
    )
    left = progress["seconds_left"]
    if left is None:
        return said
    if left < 120:
        return said + words("staff_seconds_left", seconds=left)
    return said + words("staff_minutes_left", minutes=round(left / 60))
