"""Texts that people send: one line, white space made single, what cannot be printed left out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from shared.kernel.joiners import filtered

_LONG, _SHORT = 200, 120


def tidy(text: object) -> object:
    """A text in one line; anything else, and what is too long as sent, is left to be refused."""
    if not isinstance(text, str) or len(text) > _LONG:
        return text
    return " ".join(filtered(" ".join(text.split()), str.isprintable).split())


def tidy_short(text: object) -> object:
    """The same for short texts."""
    return text if isinstance(text, str) and len(text) > _SHORT else tidy(text)


def in_the_calendar(text: str) -> str:
    """The local time itself; ValueError for the 30th of February."""
    datetime.fromisoformat(text)
    return text


Line = Annotated[str, Field(max_length=_LONG), BeforeValidator(tidy)]
ShortLine = Annotated[str, Field(max_length=_SHORT), BeforeValidator(tidy_short)]
NeededLine = Annotated[str, Field(min_length=1, max_length=_LONG), BeforeValidator(tidy)]
Paragraph = Annotated[str, Field(max_length=4000)]
LocalTime = Annotated[
    str,
    Field(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9](:00)?$",
        description="Lokal väggklocktid utan zon, till exempel 2027-01-28T13:30.",
    ),
    AfterValidator(in_the_calendar),
]
