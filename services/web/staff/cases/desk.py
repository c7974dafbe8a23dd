"""What every page of a case stands on: the case as it is seen, showing it, and changing it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import FIELD, Fields
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.cases.standing import Standing
from services.web.staff.door import Staff
from services.web.staff.frame import StaffPages
from services.web.wording import STOCKHOLM
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound, VersionConflict

CASES = "/console/cases"
MENTORING = "mentoring"
_ID = re.compile(r"[0-9a-f-]{36}")
_TABS = (
    ("", "overview", "overview"),
    ("/notes", "notes", "notes"),
    ("/meetings", "meetings", "meetings"),
    ("/plan", "plan", "plan"),
    ("/follow-up", "follow_up", "contact"),
    ("/circle", "circle", "overview"),
    ("/closure", "closure", "closure"),
    ("/access", "access", "access-log"),
)
"""Address, word, and the field group that one must be able to read."""

Again = Callable[[SaidNo], Awaitable[Response]]
Compared = Mapping[str, tuple[str, str]]


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
    standing: Standing

    @property
    def at(self) -> str:
        """Where its pages are."""
        return f"{CASES}/{self.case['id']}"


@dataclass(frozen=True, slots=True)
class Wish:
    """A change: what is asked of the API below the case, and where it leads.

    `compared` is field of the form → (its words, what of the case it would replace).
    """

    method: str
    what: str
    body: Mapping[str, Any] | None
    to: str
    done: str
    compared: Compared = field(default_factory=lambda: MappingProxyType({}))


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
        return Seen(found.data, found.version, Standing.of(found.data, staff.person))

    async def of_case(self, staff: Staff, case_id: str, what: str, **query: Any) -> Answer:
        """What hangs on it."""
        path = f"/v1/cases/{known_id(case_id)}{what}"
        return await self.apis.get(staff, MENTORING, path, **query)

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
        tabs = [tab for tab in _TABS if seen.standing.may("read", tab[2])]
        known = {
            "case": seen.case,
            "version": seen.version,
            "can": seen.standing.may,
            "at": seen.at,
            "tabs": tabs,
            "today": self.today(),
        }
        return self.page(request, staff, template, no=no, wrote=wrote, **known, **facts)

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
        return self.pages.show(
            request,
            staff,
            f"cases/{template}.html",
            status=no.status if no else 200,
            once=new_id,
            wrong=no.sentence if no else "",
            errors=_faults(no, wrote or {}) if no else (),
            wrote=wrote or {},
            done=self.pages.words(request).if_known(done),
            **facts,
        )

    async def change(
        self, request: Request, staff: Staff, form: Fields, case_id: str, wish: Wish, again: Again
    ) -> Response:
        """Do it once, on the version that was seen; else both beside each other, or the form."""
        try:
            await self.apis.send(
                staff,
                wish.method,
                MENTORING,
                f"/v1/cases/{known_id(case_id)}{wish.what}",
                body=wish.body,
                version=form.get("version", ""),
                once=form.get("once", ""),
            )
        except VersionConflict:
            return await self._conflict(request, staff, form, case_id, wish)
        except SaidNo as no:
            return await again(no)
        return RedirectResponse(f"{CASES}/{case_id}{wish.to}?done={wish.done}", 303)

    async def _conflict(
        self, request: Request, staff: Staff, form: Fields, case_id: str, wish: Wish
    ) -> Response:
        now = await self.seen(staff, case_id)
        say = self.pages.words(request)
        old, new = form.get("phase", ""), str(now.case["phase"])
        prefix = "staff_case_phase_"
        rows = [(say("staff_case_phase"), say.coded(prefix, new), say.coded(prefix, old))]
        for name, (word, of_case) in wish.compared.items():
            rows.append((say(word), str(now.case.get(of_case) or "–"), form.get(name, "")))
        kept = {k: v for k, v in form.items() if k not in {FIELD, "version", "once", "phase"}}
        fresh = {"version": now.version, "once": new_id(), "phase": now.case["phase"]}
        return self.pages.conflict(
            request,
            staff,
            over=now.case["pseudonym"],
            rows=rows,
            fields={**kept, **fresh},
            back=now.at + wish.to,
        )


def typed(form: Fields) -> dict[str, str]:
    """What somebody wrote, to be shown again."""
    return {name: value for name, value in form.items() if name not in {FIELD, "version", "once"}}


def _faults(no: SaidNo, wrote: Mapping[str, str]) -> list[tuple[str, str]]:
    said = [(str(e.get("pointer", "")).rpartition("/")[2], e.get("detail")) for e in no.errors]
    return [(name, str(sentence)) for name, sentence in said if name in wrote and sentence]
