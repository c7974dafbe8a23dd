"""SMS through 46elks' HTTP API (46elks.se/docs): `POST /a1/sms` and `GET /a1/sms`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from services.notifications.domain.delivery import Delivery, reported
from services.notifications.domain.recipient_card import Contact
from services.notifications.domain.reconciling import SKEW, Entry
from services.notifications.use_cases.ports import Handed, Letter

_BUSY = frozenset({429, 503})
"""Said before anything was accepted. Other 5xx leave it open, so they are looked into."""
_OUR_FAULT = frozenset({401, 402, 403})
"""Password, credit or a blocked account: it may work later."""
_PAGES = 20
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def elks_client(url: str, user: str, password: str) -> httpx.AsyncClient:
    """Connections are kept, but not for longer than the other side keeps them."""
    return httpx.AsyncClient(
        base_url=url,
        auth=(user, password),
        timeout=httpx.Timeout(10.0, connect=3.0, pool=5.0),
        limits=httpx.Limits(max_connections=32, max_keepalive_connections=32, keepalive_expiry=3.0),
        trust_env=False,
    )


class Elks:
    """One account. `sender` is E.164, so that people can answer."""

    def __init__(self, client: httpx.AsyncClient, *, sender: str, callback_url: str) -> None:
        self._client, self._sender, self._callback_url = client, sender, callback_url

    async def send(self, delivery: Delivery, contact: Contact, letter: Letter) -> Handed:
        """Hand one SMS over. `dontlog` keeps its text out of the provider's books."""
        form = {
            "from": self._sender,
            "to": contact.phone or "",
            "message": letter.sms,
            "whendelivered": f"{self._callback_url}?{urlencode({'delivery': delivery.id})}",
            "dontlog": "message",
        }
        try:
            answer = await self._client.post("/a1/sms", data=form)
        except _NEVER_SENT as error:
            return Handed("not-now", why=type(error).__name__)
        except httpx.TransportError as error:
            return Handed("unknown", why=type(error).__name__)
        return _read(answer)

    async def sent_to(self, phone: str, since: datetime) -> Sequence[Entry] | None:
        """What the provider has accepted to this number since then; None if it does not say."""
        after = _elks_time(since - SKEW - timedelta(seconds=1))
        asked = {"to": phone, "end": after, "limit": "100"}
        found: list[Entry] = []
        try:
            for _ in range(_PAGES):
                answer = await self._client.get("/a1/sms", params=asked)
                if answer.status_code != httpx.codes.OK:
                    return None
                page = answer.json()
                found += [_entry(row) for row in page["data"] if _is_outgoing(row)]
                if not page.get("next"):
                    return found
                asked["start"] = page["next"]
        except (httpx.TransportError, ValueError, KeyError, TypeError):
            return None
        return None


def _read(answer: httpx.Response) -> Handed:
    status = answer.status_code
    if status == httpx.codes.OK:
        try:
            body = answer.json()
            state = reported(str(body.get("status"))) or "accepted"
            return Handed("taken", provider_id=str(body["id"]), status=state)
        except (ValueError, KeyError, AttributeError):
            return Handed("unknown", why="unreadable-answer")
    why = f"provider-{status}"
    if status in _BUSY or status in _OUR_FAULT:
        return Handed("not-now", why=why)
    if 400 <= status < 500 and status != httpx.codes.REQUEST_TIMEOUT:
        return Handed("refused", why=why)
    return Handed("unknown", why=why)


def _is_outgoing(row: Mapping[str, Any]) -> bool:
    return str(row.get("direction", "outgoing")).startswith("outgoing")


def _entry(row: Mapping[str, Any]) -> Entry:
    created = datetime.fromisoformat(str(row["created"]).removesuffix("Z")).replace(tzinfo=UTC)
    return Entry(str(row["id"]), created, str(row.get("status", "created")))


def _elks_time(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
