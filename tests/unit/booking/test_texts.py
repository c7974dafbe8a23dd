"""Texts that are sent: what is too long or missing is told of in characters."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.booking.api.texts import Line, NeededLine, ShortLine
from shared.web.validation_words import words_for


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (Line, "x" * 201, "Får vara högst 200 tecken."),
        (ShortLine, "x" * 121, "Får vara högst 120 tecken."),
        (NeededLine, "x" * 201, "Får vara högst 200 tecken."),
        (NeededLine, " \u200b ", "Ska vara minst 1 tecken."),
    ],
)
def test_a_text_is_measured_in_characters(kind: Any, text: str, sentence: str) -> None:
    """Nobody is told that a school's name has too many parts."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(text)
    [error] = refused.value.errors()
    assert words_for(error["type"], error["ctx"], "sv") == sentence
