"""The programme and the way into it, asked of booking for whoever is at the door."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.web.asking import Asking, Holder, SaidNo
from services.web.settings import Settings
from shared.kernel.refusal import NotFound

PAGE = 20
_ID = re.compile(r"[0-9a-f-]{36}")
_PUBLIC_FOR = re.compile(r"^public, max-age=(\d{1,6})$")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Entry(_Answer):
    """An occasion as everybody may see it. `free` counts people, `waiting` parties in line."""

    id: str
    activity_id: str
    title: str
    kind: str
    description: str
    target_group: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    zone: str
    room: str
    capacity: int
    free: int
    waiting: int
    cancelled: bool
    has_started: bool

    @property
    def is_open(self) -> bool:
        """Whether it can be booked, or waited for."""
        return not (self.cancelled or self.has_started)

    @property
    def is_full(self) -> bool:
        """Whether whoever comes now waits in line."""
        return self.free == 0


class Entries(_Answer):
    """A page of the programme, earliest first."""

    items: list[Entry]
    total: int
    offset: int = 0


class Choices(_Answer):
    """What the filters can be set to."""

    kinds: list[str]
    target_groups: list[str]
    rooms: list[str]


class Booked(_Answer):
    """What came of asking for places; the secret opens the booking's own page."""

    id: str
    state: str
    link_secret: str = ""


class ProgrammeApi:
    """Asks on behalf of anybody."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._asking = Asking(client, settings)
        self._booking = settings.booking_url.rstrip("/")
        self._fresh: dict[str, tuple[float, Any]] = {}

    async def listed(
        self, holder: Holder, wanted: Mapping[str, str], *, offset: int = 0, limit: int = PAGE
    ) -> Entries:
        """A page of what is coming. Raises ServiceAway."""
        asked = urlencode({**wanted, "limit": limit, "offset": offset})
        answer = await self._ask("GET", f"/v1/programme?{asked}", holder)
        return Entries.model_validate(answer.json())

    async def choices(self, holder: Holder) -> Choices:
        """Raises ServiceAway."""
        return Choices.model_validate(await self._kept("/v1/programme/choices", holder))

    async def one(self, holder: Holder, occasion_id: str) -> Entry:
        """Raises NotFound, ServiceAway."""
        if not _ID.fullmatch(occasion_id):
            raise NotFound
        answer = await self._ask("GET", f"/v1/programme/{occasion_id}", holder)
        return Entry.model_validate(answer.json())

    async def schools(self, holder: Holder) -> list[str]:
        """Names that a form can suggest. Raises ServiceAway."""
        found: list[str] = (await self._kept("/v1/schools", holder))["schools"]
        return found

    async def book(self, holder: Holder, wish: Mapping[str, Any], form: str) -> Booked:
        """Ask for places; the same form is the same booking. Raises SaidNo, ServiceAway."""
        headers = {"Idempotency-Key": form}
        answer = await self._ask("POST", "/v1/bookings", holder, body=wish, headers=headers)
        return Booked.model_validate(answer.json())

    async def _kept(self, path: str, holder: Holder) -> Any:
        """What is the same for everybody, asked anew when booking says that it may be old."""
        until, known = self._fresh.get(path, (0.0, None))
        if time.monotonic() < until:
            return known
        answer = await self._ask("GET", path, holder)
        said = _PUBLIC_FOR.search(answer.headers.get("cache-control", ""))
        seconds = float(said.group(1)) if said else 0.0
        self._fresh[path] = (time.monotonic() + seconds, answer.json())
        return answer.json()

    async def _ask(self, method: str, path: str, holder: Holder, **more: Any) -> httpx.Response:
        try:
            return await self._asking(method, self._booking + path, holder, **more)
        except SaidNo as no:
            if no.why == NotFound.kind:
                raise NotFound from no
            raise
