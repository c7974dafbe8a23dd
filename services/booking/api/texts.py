"""Texts that people send: one line, white space made single, what cannot be printed left out."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field


def tidy(text: object) -> object:
    """A text in one line; anything else is left for the validation to refuse."""
    if not isinstance(text, str):
        return text
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


Line = Annotated[str, BeforeValidator(tidy), Field(max_length=200)]
ShortLine = Annotated[str, BeforeValidator(tidy), Field(max_length=120)]
NeededLine = Annotated[str, BeforeValidator(tidy), Field(min_length=1, max_length=200)]
Paragraph = Annotated[str, Field(max_length=4000)]
LocalTime = Annotated[
    str,
    Field(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9](:00)?$",
        description="Lokal väggklocktid utan zon, till exempel 2027-01-28T13:30.",
    ),
]
