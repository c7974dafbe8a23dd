"""Words for those who give support, handed to mentoring without anybody's account, visit or name.

Mentoring encrypts them the moment they come, under a key of their own. They are joined to nothing:
whoever writes is told of by no link and no cookie, whatever else they have here.
"""

from __future__ import annotations

import httpx

from services.web.asking import Asking, Holder, ServiceAway
from services.web.settings import Settings
from shared.kernel.refusal import Refusal


class SupportAway(Refusal):
    """Mentoring did not answer."""

    kind = "support-unreachable"
    sv = "Det gick inte att skicka just nu."
    en = "It could not be sent right now."


class SupportApi:
    """Asks on behalf of anybody."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._asking = Asking(client, settings)
        self._mentoring = settings.mentoring_url.rstrip("/")

    async def send(self, holder: Holder, words: str, reach: str, form: str) -> None:
        """The same form with the same words is sent once.

        Raises SupportAway, TooManyRequests, SaidNo.
        """
        if not self._mentoring:
            raise SupportAway
        body = {"question": words, "reach": reach, "profession": "other", "topic": "worry"}
        url, headers = f"{self._mentoring}/v1/consultations", {"Idempotency-Key": form}
        try:
            await self._asking("POST", url, holder, body=body, headers=headers)
        except ServiceAway:
            raise SupportAway from None
