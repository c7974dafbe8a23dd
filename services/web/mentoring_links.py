"""What the holder of a referrer's link, or of a share's, asks of mentoring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from services.web.asking import Asking, Holder, SaidNo, ServiceAway
from services.web.participant_api import LinkNotKnown
from services.web.settings import Settings
from services.web.support_api import SupportAway

_NO_LINK = (401, 404)


class MentoringLinks:
    """Asks with the link's secret in a header.

    Every question raises LinkNotKnown (unknown, taken back or over: all alike), SupportAway,
    TooManyRequests or SaidNo.
    """

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._asking = Asking(client, settings)
        self._mentoring = settings.mentoring_url.rstrip("/")

    async def check_referrer(self, holder: Holder) -> None:
        """The link holds, or LinkNotKnown is raised."""
        await self._asked("GET", "/v1/referral-form", holder)

    async def refer(self, holder: Holder, said: Mapping[str, Any], form: str) -> str:
        """Sent once for each form; the receipt number."""
        headers = {"Idempotency-Key": form}
        sent = await self._asked("POST", "/v1/referral-form", holder, body=said, headers=headers)
        return str(sent["receipt"])

    async def shared(self, holder: Holder) -> Mapping[str, Any]:
        """What is shared now, part by part; the reading is written down."""
        found = await self._asked("GET", "/v1/shared", holder)
        parts: Mapping[str, Any] = found["parts"]
        return parts

    async def _asked(self, method: str, path: str, holder: Holder, **more: Any) -> Any:
        if not self._mentoring:
            raise SupportAway
        try:
            answer = await self._asking(method, self._mentoring + path, holder, **more)
        except ServiceAway:
            raise SupportAway from None
        except SaidNo as no:
            if no.status in _NO_LINK:
                raise LinkNotKnown from no
            raise
        return answer.json()
