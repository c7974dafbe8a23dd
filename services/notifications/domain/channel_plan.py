"""Which ways a message goes: SMS first, e-mail beside it or instead of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Channel = Literal["sms", "email"]
Email = Literal["also", "instead", "never"]
"""A template's wish: e-mail too, e-mail only if SMS cannot do it, or SMS alone."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the card allows."""

    phone: bool
    email: bool


def first_channels(email: Email, reach: Reach) -> tuple[Channel, ...]:
    """Where the message goes first. Empty: nobody can be reached."""
    ways: list[Channel] = ["sms"] if reach.phone else []
    if reach.email and (email == "also" or (email == "instead" and not reach.phone)):
        ways.append("email")
    return tuple(ways)


def after_failure(email: Email, reach: Reach, tried: frozenset[Channel]) -> Channel | None:
    """The next way when SMS failed for good, or nobody knows whether it went."""
    if reach.email and email != "never" and "email" not in tried:
        return "email"
    return None
