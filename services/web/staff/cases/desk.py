"""What every page of cases stands on: the case as somebody sees it, and showing a page of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request, Response

from services.web.asking import SaidNo
from services.web.own_forms import FIELD, Fields
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.door import Staff
from services.web.staff.frame import StaffPages
from services.web.wording import STOCKHOLM
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

CASES = "/console/cases"
MENTORING = "mentoring"
_ID = re.compile(r"[0-9a-f-]{36}")
_OF_GROUPS = ("read", "write")
_TABS: tuple[tuple[str, str, str, str], ...] = (
    ("", "overview", "read", "overview"),
    ("/referrals", "came_from", "read", "referral"),
    ("/assessments", "assessments", "read", "assessment"),
    ("/plan", "plan", "read", "plan"),
    ("/meetings", "meetings", "read", "meetings"),
    ("/notes", "notes", "read", "notes"),
    ("/follow-up", "follow_up", "read", "contact"),
    ("/concern", "concern", "raise-concern", ""),
    ("/consents", "consents", "read", "consents"),
    ("/circle", "circle", "read", "overview"),
    ("/closure", "closure", "read", "closure"),
    ("/access", "access", "read", "access-log"),
)
"""Address, word, and what one must be allowed to do."""


def known_id(text: str) -> str:
    """An id as it came in an address. Raises NotFound for what cannot be one."""
    if not _ID.fullmatch(text):
        raise NotFound
    return text


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as the API shows it to this person, its version, and what they may do."""

    case: Mapping[str, Any]
    version: str

    @property
    def at(self) -> str:
        """Where its pages are."""
        return f"{CASES}/{self.case['id']}"

    @property
    def asks_of_concern(self) -> bool:
        """Whether a report of concern is a question here: not of somebody who is of age."""
        return self.case["minor"] is not False or self.case["concern"] not in (None, "not-asked")

    def may(self, action: str, group: str = "") -> bool:
        """Whether the API says that they may; of a group, at least with records of their own."""
        you_may = self.case["you_may"]
        if action in _OF_GROUPS:
            return group in you_may[action] or group in you_may[f"{action}_own"]
        return action in you_may["do"]


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """Asked by every page of cases."""

    pages: StaffPages
    apis: StaffApis
    clock: Clock

    def today(self) -> str:
        """The day in Stockholm."""
        return self.clock.now().astimezone(ZoneInfo(STOCKHOLM)).date().isoformat()

    async def seen(self, staff: Staff, case_id: str) -> Seen:
        """The case. Raises NotFound for a stranger's."""
        found = await self.apis.get(staff, MENTORING, f"/v1/cases/{known_id(case_id)}")
        return Seen(found.data, found.version)

    async def of_case(self, staff: Staff, case_id: str, what: str, **query: Any) -> Answer:
        """What hangs on it."""
        path = f"/v1/cases/{known_id(case_id)}{what}"
        return await self.apis.get(staff, MENTORING, path, **query)

    async def lists(self, staff: Staff) -> Mapping[str, Any]:
        """Every closed list that a form asks from: its codes, each in both languages."""
        found = (await self.apis.get(staff, MENTORING, "/v1/choices")).data
        lists: Mapping[str, Any] = found["lists"]
        return lists

    def show(
        self,
        request: Request,
        staff: Staff,
        seen: Seen,
        template: str,
        *,
        no: SaidNo | None = None,
        wrote: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> Response:
        """A page of the case, with its head and its tabs; `no` is why a form was not taken."""
        known = {
            "case": seen.case,
            "version": seen.version,
            "can": seen.may,
            "at": seen.at,
            "tabs": [
                (to, word)
                for to, word, *right in _TABS
                if seen.may(*right) and (word != "concern" or seen.asks_of_concern)
            ],
            "today": self.today(),
        }
        return self.page(request, staff, template, no=no, wrote=wrote, **{**known, **facts})

    def page(
        self,
        request: Request,
        staff: Staff,
        template: str,
        *,
        no: SaidNo | None = None,
        wrote: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> Response:
        """Any page of this area: with what was typed when it was not taken."""
        done = f"staff_case_done_{request.query_params.get('done', '')}"
        bare = {"case": {"phase": ""}, "version": "", "once": new_id}
        return self.pages.show(
            request,
            staff,
            f"cases/{template}.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            errors=_faults(no, wrote or {}) if no else (),
            wrote=wrote or {},
            done=self.pages.words(request).if_known(done),
            **{**bare, **facts},
        )


def typed(form: Fields) -> Fields:
    """What somebody wrote, to be shown again."""
    return form.without(FIELD, "version", "once")


def _faults(no: SaidNo, wrote: Mapping[str, str]) -> list[tuple[str, str]]:
    said = [(str(e.get("pointer", "")).rpartition("/")[2], e.get("detail")) for e in no.errors]
    return [(name, str(sentence)) for name, sentence in said if name in wrote and sentence]
