"""One question to a service behind the door, on behalf of whoever is at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.web.settings import Settings
from shared.kernel.refusal import Refusal
from shared.observability.tracing import current_traceparent
from shared.web.refusals import TooManyRequests
from shared.web.visitor import introduced

_PATIENCE = httpx.Timeout(15.0, connect=3.0)


class ServiceAway(Refusal):
    """A service did not answer."""

    kind = "service-unreachable"
    sv = "Vi når inte bokningen just nu."
    en = "We cannot reach the booking right now."


class SaidNo(Refusal):
    """A service refused, in its own words, already in the visitor's language.

    `why` is its problem's kind, `status` the answer's; `errors` says which fields are wrong.
    """

    kind = "said-no"
    sv = en = "{sentence}"

    def __init__(
        self,
        sentence: str,
        why: str = "",
        status: int = 409,
        errors: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(sentence=sentence)
        self.sentence, self.why, self.status, self.errors = sentence, why, status, errors


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks: the link's secret or the token that they have, the language, their address."""

    link_secret: str = field(repr=False)
    language: str
    address: str
    bearer: str = field(default="", repr=False)


class Asking:
    """Asks over the door's pool of connections, and says for whom."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._client, self._secret = client, settings.front_door_secret

    async def __call__(
        self,
        method: str,
        url: str,
        holder: Holder,
        *,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The answer.

        Raises:
            ServiceAway: nobody answers, or not now.
            TooManyRequests: this address has asked too often.
            SaidNo: any other refusal.
        """
        sent = {
            **({"Link-Secret": holder.link_secret} if holder.link_secret else {}),
            **({"Authorization": f"Bearer {holder.bearer}"} if holder.bearer else {}),
            "Accept-Language": holder.language,
            **introduced(holder.address, self._secret),
            **(headers or {}),
        }
        if trace := current_traceparent():
            sent["traceparent"] = trace
        try:
            answer = await self._client.request(
                method, url, json=body, data=form, headers=sent, timeout=_PATIENCE
            )
        except httpx.HTTPError as error:
            raise ServiceAway from error
        check(answer)
        return answer


def check(answer: httpx.Response) -> None:
    """Raises ServiceAway or SaidNo, unless it is no refusal."""
    if not answer.is_error:
        return
    if answer.status_code == 429:
        raise TooManyRequests
    if answer.status_code >= 500:
        raise ServiceAway
    said = _problem(answer)
    why = str(said.get("type", "")).rpartition("/")[2]
    errors = [each for each in said.get("errors", ()) if isinstance(each, dict)]
    raise SaidNo(str(said.get("detail", "")), why, answer.status_code, errors)


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
