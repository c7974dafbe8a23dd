"""Asking the services' APIs, as a demo person of the local copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from deploy.cli.running_copy import NoCopy, RunningCopy
from deploy.cli.screen import Stopped
from shared.kernel.ids import new_id

DEMO_GRANT = "urn:safespace:params:oauth:grant-type:demo"
_PAGE = 100
_PATIENCE = httpx.Timeout(30.0, connect=3.0)


class Refused(Stopped):
    """A service said no, in its own words (RFC 9457)."""

    def __init__(self, answer: httpx.Response) -> None:
        self.problem = _problem(answer)
        kind = str(self.problem.get("type", "")).rpartition("/")[2] or "refused"
        sentence = str(self.problem.get("detail") or self.problem.get("title") or "")
        said = sentence or f"HTTP {answer.status_code}"
        super().__init__(said, said, kind=kind)
        self.status = answer.status_code


class Asker:
    """Asks one service, signed in as one person."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def get(self, path: str, **query: Any) -> Any:
        """The JSON answer. Raises Refused, NoCopy."""
        asked = {name: value for name, value in query.items() if value is not None}
        return self._json("GET", path, params=asked)

    def octets(self, path: str, **query: Any) -> bytes:
        """An answer that is no JSON. Raises Refused, NoCopy."""
        return self._answer("GET", path, params=query).content

    def post(self, path: str, body: Any = None, *, seen: int | None = None, **query: Any) -> Any:
        """Ask for something to be done, once, to the version `seen`. Raises Refused, NoCopy."""
        headers = {"Idempotency-Key": new_id()}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return self._json("POST", path, json=body, params=query, headers=headers)

    def put(self, path: str, body: Any, *, seen: int) -> Any:
        """Write it over the version `seen`. Raises Refused, NoCopy."""
        return self._json("PUT", path, json=body, headers={"If-Match": f'"{seen}"'})

    def send(self, path: str, content: bytes) -> Any:
        """Octets as they are. Raises Refused, NoCopy."""
        return self._json("POST", path, content=content)

    def all(self, path: str, *, most: int = 0, **query: Any) -> list[dict[str, Any]]:
        """Every item of a collection, page after page; the first `most` unless that is 0."""
        items: list[dict[str, Any]] = []
        while True:
            left = most - len(items) if most else _PAGE
            page = self.get(path, **query, limit=min(left, _PAGE), offset=len(items))
            items += page["items"]
            if not page["items"] or len(items) >= (most or page["total"]):
                return items

    def _json(self, method: str, path: str, **more: Any) -> Any:
        answer = self._answer(method, path, **more)
        return answer.json() if answer.content else None

    def _answer(self, method: str, path: str, **more: Any) -> httpx.Response:
        with nobody_home():
            answer = self.client.request(method, path, **more)
        if answer.is_error:
            raise Refused(answer)
        return answer


@contextmanager
def asking(copy: RunningCopy, service: str, who: str, language: str = "sv") -> Iterator[Asker]:
    """A signed-in asker. `who` is a demo person's username or role."""
    token = token_for(copy, who, service)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
    with httpx.Client(
        base_url=copy.services[service], headers=headers, timeout=_PATIENCE, trust_env=False
    ) as client:
        yield Asker(client)


def token_for(copy: RunningCopy, who: str, audience: str) -> str:
    """An access token for one audience, from the local identity provider."""
    form = {"grant_type": DEMO_GRANT, "username": who, "audience": audience}
    with nobody_home(), httpx.Client(timeout=_PATIENCE, trust_env=False) as client:
        answer = client.post(f"{copy.identity}/token", data=form)
    if answer.is_error:
        why = _problem(answer).get("error", "")
        if why == "invalid_target":
            raise Stopped(
                "Det finns ingen tjänst med det namnet.",
                "There is no service of that name.",
                kind="unknown-audience",
            )
        raise Stopped(
            "Det finns ingen demoperson eller roll med det namnet. Se vilka: safespace people",
            "There is no demo person or role of that name. See whom: safespace people",
            kind="unknown-person",
        )
    return str(answer.json()["access_token"])


@contextmanager
def nobody_home() -> Iterator[None]:
    """A copy that was killed leaves its note behind: then nobody answers."""
    try:
        yield
    except httpx.ConnectError as error:
        raise NoCopy from error
    except httpx.TimeoutException as error:
        raise Stopped(
            "Tjänsten svarade inte i tid. Se hur den mår med: safespace doctor",
            "The service did not answer in time. See how it is with: safespace doctor",
            kind="no-answer-in-time",
        ) from error
    except httpx.HTTPError as error:
        raise Stopped(
            "Förbindelsen med tjänsten bröts. Försök igen.",
            "The connection to the service broke. Try again.",
            kind="connection-broken",
        ) from error


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
