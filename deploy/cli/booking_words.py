"""A booking's states in the words that people use; `--json` keeps the code words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "confirmed": ("bokad", "booked"),
        "waiting": ("i kö", "in line"),
        "offered": ("har erbjudande", "has an offer"),
        "cancelled": ("avbokad", "cancelled"),
        "declined": ("tackade nej", "declined"),
        "expired": ("svarade inte i tid", "did not answer in time"),
        "unserved": ("fick ingen plats", "got no place"),
    }
)
"""Code word → Swedish, English."""


def state_in_words(code: str, language: str) -> str:
    """The words for a state; a code word that is not known here stands for itself."""
    sv, en = STATES.get(code, (code, code))
    return sv if language == "sv" else en


def state_meant(said: str) -> str:
    """The code word of what a person wrote, as code or in words; anything else as it is."""
    wanted = said.strip().casefold()
    return next((code for code, words in STATES.items() if wanted in words), wanted)
