"""A whole number in a body: `true` is none, though Python counts it as 1."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _no_yes(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "a yes or no is no number")
    return value


WholeNumber = Annotated[int, BeforeValidator(_no_yes)]
"""What a yes means is asked, not guessed. Figures in quotes, as forms send them, are read."""
