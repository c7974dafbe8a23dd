"""Mentoring as tests meet it: its real API over HTTP, its real databases, a clock that stands."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from nacl.public import PrivateKey

from services.mentoring.house import House
from shared.kernel.clock import real_now
from tests.support import world as support

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)  # a Monday in term time
KARIN, TOVE = "karin.holm", "tove.alm"
IDRIS, SAMIR = "idris.vik", "samir.dahl"
GRETA = "greta.moren"
ROLES = {
    KARIN: "case-lead",
    TOVE: "case-lead",
    IDRIS: "mentor",
    SAMIR: "mentor",
    GRETA: "data-protection",
    "vera.insyn": "auditor",
    "rut.drift": "operator",
    "amina.lund": "coordinator",
}
"""Username → role, as the demo people have them."""
_COUNT = itertools.count(1)


@dataclass
class World(support.World[House]):
    """Everything around one test. `by` is a username here."""

    notifications: PrivateKey

    def as_(self, username: str, proved: timedelta | None = timedelta()) -> dict[str, str]:
        """The header of one of the demo people, who `proved` so long ago that they are that."""
        at = None if proved is None else int((real_now() - proved).timestamp())
        return self.signed_in(ROLES[username], username, auth_time=at)

    async def asks(
        self, username: str, method: str, path: str, status: int = 200, **more: Any
    ) -> Any:
        """One request by this person; its JSON, if the status is the expected one."""
        answer = await self.answer(username, method, path, **more)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    async def answer(self, username: str, method: str, path: str, **more: Any) -> httpx.Response:
        """One request by this person; whatever the answer is."""
        headers = {**self.as_(username), **more.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **more)

    async def a_case(self, lead: str = KARIN, **more: Any) -> str:
        """A new case in intake; its id."""
        identity = {
            "name": f"Kim Exempel {next(_COUNT)}",
            "birth_date": "2003-05-01",
            "phone": "+46701740605",
            **more.pop("identity", {}),
        }
        made = await self.asks(lead, "POST", "/v1/cases", 201, json={"identity": identity, **more})
        return str(made["id"])

    async def a_mentor(self, *usernames: str) -> None:
        """Each with a profile, and nothing in the way of five mentees; harmless again."""
        for username in usernames:
            if await self.rows("mentors", _id=username):
                continue
            path, profile = f"/v1/mentors/{username}", {"languages": ["sv"], "limit": 5}
            checked = {"on": "2027-01-04"}
            for seen, what, body in ((0, "", profile), (1, "/background-check", checked)):
                headers = {"If-Match": f'"{seen}"'}
                await self.asks(KARIN, "PUT", path + what, headers=headers, json=body)

    async def case(self, case_id: str, by: str = KARIN) -> dict[str, Any]:
        """The case as somebody sees it."""
        found: dict[str, Any] = await self.asks(by, "GET", f"/v1/cases/{case_id}")
        return found

    async def change(
        self,
        username: str,
        method: str,
        case_id: str,
        what: str,
        status: int = 200,
        **more: Any,
    ) -> Any:
        """Change something of a case as it is now in the database."""
        stored = await self.house.ground.database["cases"].find_one({"_id": case_id})
        assert stored is not None
        headers = {"If-Match": f'"{stored["version"]}"', **more.pop("headers", {})}
        path = f"/v1/cases/{case_id}{what}"
        return await self.asks(username, method, path, status, headers=headers, **more)

    async def audited(self, subject: str, **wanted: Any) -> list[dict[str, Any]]:
        """Entries of the audit about a subject, oldest first."""
        entries = self.house.ground.audit.entries
        found, _ = await entries.about(subject, limit=1000, offset=0)
        return [
            each
            for each in reversed(found)
            if all(each.get(name) == value for name, value in wanted.items())
        ]


async def know_keys(house: House) -> PrivateKey:
    """What mentoring has heard before it can tell anybody anything."""
    key = PrivateKey.generate()
    await house.keys.learn("notifications", "test-week", bytes(key.public_key), real_now())
    return key
