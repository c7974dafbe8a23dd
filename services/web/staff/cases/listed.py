"""My cases by code word: narrowed and sorted in the address, by the service that has them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk
from services.web.staff.cases.waiting import WAITS, marked
from services.web.staff.door import Staff, opens
from services.web.staff.listing import shown

Lister = Annotated[Staff, opens("mentoring:cases.list")]
PHASES = ("intake", "assessment", "planning", "active", "closing", "aftercare")
RELATIONS = ("lead", "stand-in", "second", "mentor", "aftercare")
BOTH_WAYS = ("next-review", "last-contact", "pseudonym", "phase")
ORDERS = ("urgent", *BOTH_WAYS, *(f"-{each}" for each in BOTH_WAYS), "newest", "oldest")
"""The first is how they stand when nobody has chosen."""
SORTS = tuple(each for each in ORDERS if not each.startswith("-"))


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases`."""
    router = APIRouter(include_in_schema=False)

    @router.get(CASES)
    async def listed(request: Request, staff: Lister) -> Response:
        """A page of what one stands around."""
        asked = shown(
            request,
            filters=("phase", "you_are", "needs", "q"),
            sorts=(*BOTH_WAYS, "urgent", "newest", "oldest"),
        )
        wanted = asked.filters
        found = await desk.apis.get(
            staff,
            MENTORING,
            "/v1/cases",
            phase=_known(wanted.get("phase"), PHASES),
            you_are=_known(wanted.get("you_are"), RELATIONS),
            waits=WAITS if wanted.get("needs") else "",
            q=wanted.get("q", "")[:60],
            sort=asked.sort if asked.sort in ORDERS else ORDERS[0],
            limit=asked.limit,
            offset=asked.offset,
        )
        lines = [(each, marked(each["waits"])) for each in found.data["items"]]
        return desk.page(
            request,
            staff,
            "list",
            live=MENTORING,
            shown=asked,
            lines=lines,
            total=found.data["total"],
            phases=PHASES,
            relations=RELATIONS,
            orders=ORDERS,
        )

    return router


def _known(code: str | None, among: tuple[str, ...]) -> str:
    """What no list of ours can mean narrows nothing."""
    return code if code in among else ""
