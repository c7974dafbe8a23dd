"""A case's notes: written once and signed, with addenda beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.web.own_forms import Fields
from services.web.staff.cases.case_page import At, CasePage, Wish
from services.web.staff.cases.desk import known_id
from services.web.staff.listing import shown

_TO = "/notes"


async def _facts(at: At) -> Mapping[str, Any]:
    """Newest first, each with its addenda."""
    asked = shown(at.request, filters=(), limit=100)
    found = await at.found(_TO, limit=asked.limit, offset=asked.offset)
    return {"shown": asked, "total": found["total"], "notes": _with_addenda(found["items"])}


def _wish(form: Fields) -> Wish:
    """A note, or an addendum to one. It cannot be changed afterwards."""
    note = form.get("addendum_to", "")
    what = f"{_TO}/{known_id(note)}/addenda" if note else _TO
    return Wish("POST", what, {"text": form.get("text", "")}, _TO, "note")


def _with_addenda(items: list[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[Any]]]:
    """An addendum whose note stands on another page stands by itself."""
    ids = {each["id"] for each in items}
    own = [each for each in items if each["addendum_to"] not in ids]
    added = [each for each in items if each["addendum_to"] in ids]
    threads = [
        (note, sorted((a for a in added if a["addendum_to"] == note["id"]), key=lambda a: a["at"]))
        for note in own
    ]
    return sorted(threads, key=lambda thread: thread[0]["at"], reverse=True)


PAGE = CasePage(_TO, "notes", _facts, _wish)
"""`/console/cases/{id}/notes`."""
