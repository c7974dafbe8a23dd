"""What is wrong with a field, in words for people, by pydantic's type of error.

Only limits of our own models are filled in; what was sent never is (DESIGN §6.8).
Types: https://docs.pydantic.dev/latest/errors/validation_errors/
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from shared.web.language import Language

Words = tuple[str, str]

_SOMETHING = ("Värdet är inte giltigt.", "The value is not valid.")
_TEXT = ("Ska vara en text.", "Must be a text.")
_WHOLE = ("Ska vara ett heltal.", "Must be a whole number.")
_NUMBER = ("Ska vara ett tal.", "Must be a number.")
_TRUTH = ("Ska vara sant eller falskt.", "Must be true or false.")
_TIME = (
    "Ska vara en tidpunkt enligt RFC 3339, till exempel 2027-01-28T12:30:00Z.",
    "Must be a time as in RFC 3339, for example 2027-01-28T12:30:00Z.",
)
_DATE = (
    "Ska vara ett datum, till exempel 2027-01-28.",
    "Must be a date, for example 2027-01-28.",
)
_OBJECT = ("Ska vara ett objekt med fält.", "Must be an object with fields.")
_LIST = ("Ska vara en lista.", "Must be a list.")

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "missing": ("Fältet saknas.", "The field is missing."),
        "extra_forbidden": (
            "Här finns ett fält som vi inte känner till.",
            "There is a field here that we do not know.",
        ),
        "string_type": _TEXT,
        "string_unicode": (
            "Texten innehåller ogiltiga tecken.",
            "The text has invalid characters.",
        ),
        "string_too_short": (
            "Ska vara minst {min_length} tecken.",
            "Must be at least {min_length} characters.",
        ),
        "string_too_long": (
            "Får vara högst {max_length} tecken.",
            "Must be at most {max_length} characters.",
        ),
        "string_pattern_mismatch": ("Har inte rätt form.", "Does not have the right form."),
        "too_short": ("Ska ha minst {min_length} delar.", "Must have at least {min_length} items."),
        "too_long": ("Får ha högst {max_length} delar.", "Must have at most {max_length} items."),
        "int_type": _WHOLE,
        "int_parsing": _WHOLE,
        "int_parsing_size": _WHOLE,
        "int_from_float": _WHOLE,
        "float_type": _NUMBER,
        "float_parsing": _NUMBER,
        "finite_number": _NUMBER,
        "decimal_type": _NUMBER,
        "decimal_parsing": _NUMBER,
        "bool_type": _TRUTH,
        "bool_parsing": _TRUTH,
        "greater_than": ("Ska vara större än {gt}.", "Must be greater than {gt}."),
        "greater_than_equal": ("Ska vara minst {ge}.", "Must be at least {ge}."),
        "less_than": ("Ska vara mindre än {lt}.", "Must be less than {lt}."),
        "less_than_equal": ("Får vara högst {le}.", "Must be at most {le}."),
        "literal_error": ("Ska vara {expected}.", "Must be {expected}."),
        "enum": ("Ska vara {expected}.", "Must be {expected}."),
        "union_tag_invalid": ("Ska vara {expected_tags}.", "Must be {expected_tags}."),
        "union_tag_not_found": ("Sorten saknas.", "The kind is missing."),
        "datetime_type": _TIME,
        "datetime_parsing": _TIME,
        "datetime_from_date_parsing": _TIME,
        "timezone_aware": _TIME,
        "date_type": _DATE,
        "date_parsing": _DATE,
        "date_from_datetime_parsing": _DATE,
        "uuid_type": ("Ska vara ett id.", "Must be an id."),
        "uuid_parsing": ("Ska vara ett id.", "Must be an id."),
        "model_type": _OBJECT,
        "model_attributes_type": _OBJECT,
        "dict_type": _OBJECT,
        "list_type": _LIST,
        "json_invalid": ("Går inte att läsa som JSON.", "Cannot be read as JSON."),
    }
)


def words_for(kind: str, limits: Mapping[str, Any], language: Language) -> str:
    """One sentence about one field."""
    sentence = WORDS.get(kind, _SOMETHING)[0 if language == "sv" else 1]
    try:
        return sentence.format_map(_spoken(limits, language))
    except (KeyError, ValueError, IndexError):
        return _SOMETHING[0 if language == "sv" else 1]


def _spoken(limits: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The limits; pydantic joins allowed values with an English `or`."""
    spoken = dict(limits)
    if language == "sv" and isinstance(spoken.get("expected"), str):
        spoken["expected"] = spoken["expected"].replace(" or ", " eller ")
    return spoken
