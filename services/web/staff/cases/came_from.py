"""What a case came of: what was said by whoever referred, as part of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.web.staff.cases.case_page import At, CasePage
from services.web.staff.listing import shown

_TO = "/referrals"


async def _facts(at: At) -> Mapping[str, Any]:
    """Each referral with its words. The reading is written down."""
    at.ensure("read", "referral")
    asked = shown(at.request, filters=())
    found = await at.found(_TO, limit=asked.limit, offset=asked.offset)
    return {"shown": asked, "found": found}


PAGE = CasePage(_TO, "came_from", _facts)
"""`/console/cases/{id}/referrals`."""
