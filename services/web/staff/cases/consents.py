"""What somebody has said yes to, and what is shared by it; or without it, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.web.own_forms import Fields
from services.web.staff.cases.case_page import At, CasePage, Wish
from services.web.staff.cases.desk import MENTORING, known_id

_TO = "/consents"
_BETWEEN = "|"
"""Between the parts of a choice that stands for several facts."""


async def _facts(at: At) -> Mapping[str, Any]:
    """Consents and shares, newest first, and the forms that are this person's."""
    at.ensure("read", "consents")
    found = await at.found(_TO)
    choices = (await at.desk.apis.get(at.staff, MENTORING, "/v1/choices")).data
    today = at.desk.today()
    consents = sorted(found["consents"], key=lambda each: each["given_at"], reverse=True)
    live = [c for c in consents if not c["withdrawn_at"] and c["expires_on"] > today]
    return {
        "consents": consents,
        "live": live,
        "texts": choices["consent_texts"],
        "shareable": sorted({g for groups in choices["shareable"].values() for g in groups}),
        "lists": choices["lists"],
        "shares": sorted(found["shares"], key=lambda each: each["began_at"], reverse=True),
        "why": {each["about"]: each for each in await _overrides(at)},
        "secret": "",
        "made": None,
    }


async def _overrides(at: At) -> list[Any]:
    found: list[Any] = (await at.found("/share-overrides", limit=100))["items"]
    return found


def _wish(form: Fields) -> Wish:
    match form.get("do", ""):
        case "give":
            return Wish("POST", _TO, _consent(form), _TO, "consent_given")
        case "withdraw":
            what = f"{_TO}/{known_id(form.get('consent', ''))}/withdrawal"
            return Wish("POST", what, None, _TO, "consent_withdrawn")
        case "end":
            what = f"/shares/{known_id(form.get('share', ''))}"
            return Wish("DELETE", what, None, _TO, "share_ended")
        case "override":
            body = {
                "purpose": form.get("override_purpose", ""),
                "recipient": _recipient(form, "override_"),
                "groups": form.all("override_groups"),
                "until": form.get("override_until", ""),
                "override": form.get("override_reason", ""),
                "text": form.get("override_text", ""),
            }
            return Wish("POST", "/shares", body, _TO, "shared", tells=True)
        case _:
            return Wish("POST", "/shares", _share(form), _TO, "shared", tells=True)


def _consent(form: Fields) -> dict[str, Any]:
    purpose, text, version = _parts(form.get("text", ""), 3)
    return {
        "purpose": purpose,
        "text_id": text,
        "text_version": int(version) if version.isascii() and version.isdigit() else 0,
        "recipient": _recipient(form),
        "voices": form.all("voices"),
        "expires_on": form.get("expires_on", ""),
    }


def _share(form: Fields) -> dict[str, Any]:
    consent, purpose, kind, reference = _parts(form.get("by_consent", ""), 4)
    return {
        "consent_id": consent,
        "purpose": purpose,
        "recipient": {"kind": kind, "reference": reference},
        "groups": form.all("groups"),
        "until": form.get("until", ""),
    }


def _recipient(form: Fields, prefix: str = "") -> dict[str, str]:
    kind, reference = form.get(f"{prefix}kind", ""), form.get(f"{prefix}reference", "")
    return {"kind": kind, "reference": reference.strip()}


def _parts(choice: str, count: int) -> list[str]:
    """As many as are asked for, whatever was sent."""
    return (choice.split(_BETWEEN) + [""] * count)[:count]


PAGE = CasePage(_TO, "consents", _facts, _wish)
"""`/console/cases/{id}/consents`."""
