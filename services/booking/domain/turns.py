"""The figures of the line: when turns give way to filling the room, and when offers end."""

from __future__ import annotations

from datetime import timedelta

AGED_AFTER = 3
"""Overtaken so often, a party stops everybody behind it."""
PURE_FIT_DAYS = 3
"""Working days before the start, in which only fitting counts."""
OFFERS_STOP = timedelta(hours=2)
"""No offer is made, and none is alive, in the last two hours before the start."""
