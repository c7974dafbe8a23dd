"""The circle around a case: who comes, who leaves, who takes over, and who may come near at all."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from services.web.own_forms import Fields
from services.web.staff.cases.case_page import At, CasePage, Wish

_TO = "/circle"
KINDS = ("stand-in", "second", "mentor", "aftercare")
GRANTABLE = (
    "overview",
    "plan",
    "meetings",
    "notes",
    "contact",
    "assessment",
    "referral",
    "identity",
)
"""What a mentor, or somebody in aftercare, can be let see."""
LIFT_REASONS = ("authority-decision", "wrongly-set")


async def _facts(_: At) -> Mapping[str, Any]:
    """Who stands there since when, and what they may see, stands in the case itself."""
    return {"kinds": KINDS, "groups": GRANTABLE, "lift_reasons": LIFT_REASONS}


def _wish(form: Fields) -> Wish:
    who = quote(form.get("who", "").strip(), safe="") or "-"
    match form.get("do", ""):
        case "join":
            body = {"kind": form.get("kind", ""), "sees": _sees(form)}
            return Wish("PUT", f"/circle/{who}", body, _TO, "joined")
        case "leave":
            return Wish("DELETE", f"/circle/{who}", None, _TO, "left")
        case "hand-over":
            body = {"leaving": form.get("leaving", ""), "to": form.get("who", "").strip()}
            return Wish("POST", "/hand-over", {**body, "sees": _sees(form)}, "", "handed_over")
        case "away":
            compared = {"until": ("staff_case_lead_away", "lead_away_until")}
            day = {"until": form.get("until", "")}
            return Wish("PUT", "/lead-absence", day, _TO, "away", MappingProxyType(compared))
        case "back":
            return Wish("DELETE", "/lead-absence", None, _TO, "back")
        case "protect":
            named = {"named": form.get("named", "").split()}
            return Wish("PUT", "/protection", named, _TO, "protected")
        case _:
            reason = quote(form.get("reason", ""), safe="")
            return Wish("DELETE", f"/protection?reason={reason}", None, _TO, "lifted")


def _sees(form: Fields) -> list[str] | None:
    """None: the plan alone."""
    return form.all("sees") or None


PAGE = CasePage(_TO, "circle", _facts, _wish)
"""`/console/cases/{id}/circle`."""
