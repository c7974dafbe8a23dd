"""What matching sees of a case: what the young person speaks, wishes for and must not meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.web.own_forms import Fields
from services.web.staff.beside import Line
from services.web.staff.cases.case_page import At, CasePage, Wish
from services.web.staff.cases.matching_form import PLACES, beside, codes, in_words, places, times
from shared.kernel.refusal import NotFound

_TO = "/needs"
_NEEDS = "/matching-needs"
_LISTS = ("languages", "gender_wish", "wanted_strengths", "required_training", "safety_flags")
GENDERS = ("unknown", "woman", "man", "non-binary")


async def _facts(at: At) -> Mapping[str, Any]:
    """As they are recorded; None where nobody has."""
    at.ensure("read", "assessment")
    needs = await _recorded(at)
    return {
        "needs": needs,
        "days": in_words(needs["availability"] if needs else ()),
        "places": PLACES,
        "genders": GENDERS,
        "writes": at.may("write", "assessment"),
    }


async def _recorded(at: At) -> Any:
    try:
        return await at.found(_NEEDS)
    except NotFound:
        return None


def _wish(form: Fields) -> Wish:
    return Wish("PUT", _NEEDS, _needs(form), _TO, "needs", beside=_beside)


def _needs(form: Fields) -> dict[str, Any]:
    return {
        **{name: codes(form, name) for name in _LISTS},
        "first_language": next(iter(codes(form, "first_language")), None),
        "gender": form.get("gender", "") or GENDERS[0],
        "known_in": places(form, "known_in"),
        "avoids": places(form, "avoids"),
        "same_neighbourhood_is_safe": form.get("same_neighbourhood_is_safe") == "yes",
        "availability": times(form),
    }


async def _beside(at: At, form: Fields) -> Sequence[Line]:
    return beside(lambda name: at.say(f"staff_needs_{name}"), await _recorded(at), _needs(form))


PAGE = CasePage(_TO, "needs", _facts, _wish)
"""`/console/cases/{id}/needs`."""
