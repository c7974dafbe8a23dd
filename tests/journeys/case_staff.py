"""The people around one case, at the front door of a whole copy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from services.mentoring.domain.days import day_of
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.support.whole_copy import WholeCopy

KARIN, TOVE = "karin.holm", "tove.alm"
IDRIS, SAMIR = "idris.vik", "samir.dahl"
GRETA = "greta.moren"
DOOR = "/api/mentoring"


@dataclass
class Marks:
    """A word of its own in each field that somebody fills in: whatever leaks is named."""

    run: str = field(default_factory=lambda: new_id()[-8:])
    planted: dict[str, str] = field(default_factory=dict)

    def __call__(self, what: str) -> str:
        """The marked text for this field; the same each time."""
        return self.planted.setdefault(what, f"Kanarieå {what} zxq{self.run}")

    def number(self, what: str, digits: str) -> str:
        """A number that is searched for as it is."""
        return self.planted.setdefault(what, digits)

    def all(self) -> tuple[str, ...]:
        """Everything that was planted, and what is the same in all of it."""
        return (*self.planted.values(), f"zxq{self.run}")


@dataclass
class Staff:
    """Requests in somebody's name; a case is changed as it is at that moment."""

    copy: WholeCopy
    client: httpx.AsyncClient
    marks: Marks = field(default_factory=Marks)
    began: datetime = field(default_factory=real_now)
    shifted: timedelta = timedelta(0)

    def now(self) -> datetime:
        """What the copy's clock said when the story began; a night that falls changes no day."""
        return self.began + self.shifted

    def ahead(self, days: int) -> str:
        """A day to come, as the calendar in Malmö has it then."""
        return day_of(self.now() + timedelta(days=days)).isoformat()

    def later(self, more: timedelta) -> None:
        """Time passes on the whole copy; whoever told the story resets it."""
        self.copy.safespace("clock", f"+{int(more.total_seconds())}s")
        self.shifted += more

    async def answer(self, who: str | None, method: str, path: str, **more: Any) -> httpx.Response:
        """One request to mentoring through the front door, signed in or not."""
        signed = self.copy.signed_in(who, "mentoring") if who else {}
        headers = {**signed, **more.pop("headers", {})}
        return await self.client.request(method, f"{DOOR}{path}", headers=headers, **more)

    async def asks(
        self, who: str | None, method: str, path: str, status: int = 200, **more: Any
    ) -> Any:
        """The same; its JSON, if the status is the expected one."""
        answer = await self.answer(who, method, path, **more)
        assert answer.status_code == status, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    async def reads(self, who: str, case_id: str, what: str = "", status: int = 200) -> Any:
        """Something of a case."""
        return await self.asks(who, "GET", f"/v1/cases/{case_id}{what}", status)

    async def adds(self, who: str, case_id: str, what: str, body: Any, status: int = 201) -> Any:
        """Something new to a case."""
        return await self.asks(who, "POST", f"/v1/cases/{case_id}{what}", status, json=body)

    async def changes(
        self, who: str, method: str, case_id: str, what: str, body: Any = None, status: int = 200
    ) -> Any:
        """Something that is there; the version is the one that this person sees now."""
        seen = await self.answer(who, "GET", f"/v1/cases/{case_id}")
        headers = {"If-Match": seen.headers["etag"]}
        path = f"/v1/cases/{case_id}{what}"
        return await self.asks(who, method, path, status, json=body, headers=headers)

    async def puts(self, who: str, path: str, body: Any) -> Any:
        """Something that has a version of its own, as it is now; version 0 when there is none."""
        seen = await self.answer(who, "GET", path)
        headers = {"If-Match": seen.headers.get("etag", '"0"')}
        return await self.asks(who, "PUT", path, json=body, headers=headers)

    async def step(self, case_id: str, name: str, **more: Any) -> None:
        """The lead takes the case one step further."""
        await self.changes(KARIN, "POST", case_id, "/steps", {"step": name, **more})
