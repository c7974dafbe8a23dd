"""What a participant can see and do, asked of booking and notifications with their link secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.web.asking import Asking, Holder, SaidNo
from services.web.settings import Settings
from shared.kernel.ids import new_id
from shared.kernel.refusal import Refusal

_ABOUT_THE_BOOKING = frozenset({"offer-not-found"})
"""What is not found behind a link that is known."""
_NOT_THERE = (401, 404, 410)
State = Literal["confirmed", "waiting", "offered", "cancelled", "declined", "expired", "unserved"]


class LinkNotKnown(Refusal):
    """No service knows this link, or what it led to has been forgotten."""

    kind = "link-not-known"
    sv = "Länken gäller inte längre."
    en = "The link is no longer valid."


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class OccasionShown(_Answer):
    """When and where."""

    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    zone: str = "Europe/Stockholm"
    room: str
    cancelled: bool = False
    has_started: bool = False


class OfferShown(_Answer):
    """Places held until a deadline."""

    deadline: AwareDatetime


class PartyShown(_Answer):
    """How many come."""

    kind: Literal["individual", "group"] = "group"
    pupils: int = 0
    adults: int = 0


class MyBooking(_Answer):
    """A booking as its party sees it. `version` is what a change must be based on."""

    id: str
    occasion_id: str = ""
    state: State
    version: str = ""
    size: int = 1
    party: PartyShown
    position: int | None = None
    occasion: OccasionShown
    offer: OfferShown | None = None


class InboxMessage(_Answer):
    """One message that was sent to them."""

    id: str
    at: datetime
    title: str
    body: str


class Inbox(_Answer):
    """Messages, the newest first, and where a stream of later ones begins."""

    items: list[InboxMessage]
    stream_from: str = ""


class ParticipantApi:
    """Asks on behalf of whoever holds the link."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._asking = Asking(client, settings)
        self._booking = settings.booking_url.rstrip("/")
        self._notifications = settings.notifications_url.rstrip("/")

    async def my_booking(self, holder: Holder) -> MyBooking:
        """Raises LinkNotKnown, ServiceAway."""
        answer = await self._ask("GET", self._booking, "/v1/my-booking", holder)
        shown = answer.json()
        return MyBooking.model_validate({**shown, "version": answer.headers.get("etag", "")})

    async def change_head_count(
        self, holder: Holder, *, version: str, pupils: int, adults: int
    ) -> None:
        """Raises SaidNo when it does not fit, or somebody changed it meanwhile."""
        await self._ask(
            *("PATCH", self._booking, "/v1/my-booking", holder),
            body={"pupils": pupils, "adults": adults},
            headers={"If-Match": version},
        )

    async def cancel(self, holder: Holder, *, version: str) -> None:
        """Raises SaidNo when it cannot be, or somebody changed it meanwhile."""
        await self._act(holder, "/v1/my-booking/cancellation", version)

    async def move(self, holder: Holder, occasion_id: str, *, wait: bool, version: str) -> None:
        """Raises SaidNo when there is no place, or somebody changed it meanwhile."""
        wanted = {"occasion_id": occasion_id, "when_full": "wait" if wait else "refuse"}
        await self._act(holder, "/v1/my-booking/move", version, wanted)

    async def accept(self, holder: Holder, *, version: str) -> None:
        """Raises SaidNo when the offer is over, or is not the one that was seen."""
        await self._act(holder, "/v1/my-booking/offer/acceptance", version)

    async def refuse(self, holder: Holder, *, version: str) -> None:
        """Raises SaidNo when the offer is over, or is not the one that was seen."""
        await self._act(holder, "/v1/my-booking/offer/refusal", version)

    async def my_inbox(self, holder: Holder) -> Inbox:
        """The newest first, at most a hundred."""
        path = "/v1/my-inbox?limit=100"
        answer = await self._ask("GET", self._notifications, path, holder)
        return Inbox.model_validate(answer.json())

    async def _act(
        self,
        holder: Holder,
        path: str,
        version: str,
        wanted: Mapping[str, Any] | None = None,
    ) -> None:
        headers = {"Idempotency-Key": new_id(), "If-Match": version}
        await self._ask("POST", self._booking, path, holder, body=wanted, headers=headers)

    async def _ask(
        self,
        method: str,
        address: str,
        path: str,
        holder: Holder,
        *,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        try:
            return await self._asking(method, address + path, holder, body=body, headers=headers)
        except SaidNo as no:
            if no.status in _NOT_THERE and no.why not in _ABOUT_THE_BOOKING:
                raise LinkNotKnown from no
            raise
