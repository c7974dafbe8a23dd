"""Booking as tests meet it: its real API over HTTP, its real database, a clock that stands."""

from __future__ import annotations

import base64
import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from nacl.public import PrivateKey

from services.booking.house import House
from shared.kernel.clock import real_now
from shared.privacy.sealed_box import unseal
from tests.support import world as support

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)  # a Monday in term time
_COUNT = itertools.count(1)


@dataclass
class World(support.World[House]):
    """Everything around one test."""

    notifications: PrivateKey

    async def change(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        """Change something as it is now: whatever the path is about is read just before."""
        parts = path.split("/")
        seen = await self.ask("GET", "/".join(parts[:4]))
        return await self.ask(method, path, status, headers=if_match(seen["version"]), **more)

    async def cancel(self, booking: dict[str, Any], **why: str) -> dict[str, Any]:
        """Staff cancel a booking as it is now."""
        path = f"/v1/bookings/{booking['id']}/cancellation"
        gone: dict[str, Any] = await self.change("POST", path, json=why)
        return gone

    async def seen_by(self, link: dict[str, str]) -> dict[str, str]:
        """The headers of a participant who has seen their booking as it is now."""
        shown = await self.client.get("/v1/my-booking", headers=link)
        return {**link, "If-Match": shown.headers["etag"]}

    async def an_occasion(self, capacity: int = 30, **more: Any) -> dict[str, Any]:
        title = more.pop("title", f"Demokrativerkstad {next(_COUNT)}")
        kind = more.pop("kind", "workshop")
        activity = await self.ask(
            "POST", "/v1/activities", 201, json={"title": title, "kind": kind}
        )
        body = {
            "activity_id": activity["id"],
            "starts_local": "2027-01-28T13:30:00",
            "minutes": 90,
            "room": "Sal 2",
            "capacity": capacity,
            "leaders": ["Leyla Sjö"],
            **more,
        }
        occasion: dict[str, Any] = await self.ask("POST", "/v1/occasions", 201, json=body)
        return occasion

    async def book(
        self, occasion_id: str, size: int = 10, status: int = 201, **more: Any
    ) -> dict[str, Any]:
        headers = more.pop("headers", {})
        body = {
            "occasion_id": occasion_id,
            "party": {"kind": "group", "pupils": size - 1, "adults": 1},
            "contact": {"name": "Åsa Öberg", "phone": "070-174 06 05"},
            "when_full": "wait",
            **more,
        }
        answer = await self.client.post("/v1/bookings", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        booking: dict[str, Any] = answer.json()
        return booking

    async def occasion(self, occasion_id: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.ask("GET", f"/v1/occasions/{occasion_id}")
        return found

    async def card_of(self, booking_id: str) -> dict[str, Any]:
        """What notifications reads in the sealed card of a booking's contact."""
        record = await self.house.ground.database["bookings"].find_one({"_id": booking_id})
        assert record is not None
        [card] = await self.told("contact-card-sealed", record["recipient_id"])
        return unseal(bytes(self.notifications), base64.b64decode(card.data["box"]))

    async def link_of(self, booking_id: str) -> dict[str, str]:
        """The header of a participant."""
        return {"Link-Secret": (await self.card_of(booking_id))["link_secret"]}

    async def import_file(
        self, kind: str, content: bytes, *, commit: bool, status: int = 200
    ) -> dict[str, Any]:
        answer = await self._sent(kind, content, commit=commit)
        assert answer.status_code == status, answer.text
        if status != 200:
            problem: dict[str, Any] = answer.json()
            return problem
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert all("progress" in line for line in lines[:-1])
        report: dict[str, Any] = lines[-1]["report"]
        return report

    async def progress_of(self, kind: str, content: bytes, *, commit: bool) -> list[int]:
        """How many rows were said to be done, time after time."""
        answer = await self._sent(kind, content, commit=commit)
        lines = [json.loads(line) for line in answer.text.splitlines()]
        return [line["progress"]["done"] for line in lines[:-1]]

    async def _sent(self, kind: str, content: bytes, *, commit: bool) -> httpx.Response:
        return await self.client.post(
            f"/v1/{kind}-imports",
            params={"commit": str(commit).lower()},
            content=content,
            headers={**self.signed_in(), "Content-Type": "text/csv"},
        )


def if_match(version: int) -> dict[str, str]:
    """The header of a change that is based on this version."""
    return {"If-Match": f'"{version}"'}


async def know_keys(house: House) -> PrivateKey:
    """Booking has heard notifications' public key."""
    pair = PrivateKey.generate()
    await house.keys.learn(
        "notifications", f"key-{next(_COUNT)}", bytes(pair.public_key), real_now()
    )
    return pair
