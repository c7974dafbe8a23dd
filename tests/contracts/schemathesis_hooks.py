"""Whoever schemathesis is while it tries: its runs are longer than a token lasts."""

from __future__ import annotations

import os
from typing import Any

import httpx
import schemathesis

_FOR_SECONDS = 300


@schemathesis.auth(refresh_interval=_FOR_SECONDS)
class FreshToken:
    """Asks the copy's identity provider, as `TRIED_AS` says (see `test_openapi.tried`)."""

    def get(self, _case: Any, _context: Any) -> str:
        who = dict(part.split("=", 1) for part in os.environ["TRIED_AS"].split("&"))
        form = {"grant_type": "urn:safespace:params:oauth:grant-type:demo", **who}
        answer = httpx.post(os.environ["TRIED_TOKENS"], data=form, timeout=60)
        return str(answer.raise_for_status().json()["access_token"])

    def set(self, case: Any, data: str, _context: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
