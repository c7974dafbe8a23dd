"""The receipt of a consent: what was agreed to, when, and where it was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Source = Literal["web-form", "paper-list", "import", "staff", "preference-page"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The first half: somebody typed an address. It proves nothing about whose it is."""

    text_version: str
    source: Source
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentReceipt:
    """Both halves. `text_version` names the words that were agreed to, as they stood then.

    No network address is kept: it proves little and says much.
    """

    list_id: str
    text_version: str
    source: Source
    asked_at: datetime
    confirmed_at: datetime

    def __post_init__(self) -> None:
        if not self.text_version:
            raise ValueError("a consent is to some text")
        if self.asked_at.tzinfo is None or self.confirmed_at.tzinfo is None:
            raise ValueError("times are aware")
        if self.confirmed_at < self.asked_at:
            raise ValueError("nobody agrees before they are asked")


def receipt(list_id: str, asked: Asked, confirmed_at: datetime) -> ConsentReceipt:
    """Join the halves.

    Raises:
        ValueError: no text, a time without zone, or an answer before the question.
    """
    return ConsentReceipt(list_id, asked.text_version, asked.source, asked.at, confirmed_at)
