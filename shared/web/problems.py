"""Every no leaves as `application/problem+json` (RFC 9457), and nothing that was sent is repeated.

`type` is stable and made of the refusal's kind; `title` and `detail` are in the asker's language;
`instance` names this one answer so that it can be found in the log; `facts` are our own numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from shared.kernel.refusal import Refusal
from shared.observability.cause import current_cause
from shared.web.denials import recorded
from shared.web.language import language_of
from shared.web.refusals import HEADERS, STATUSES, NotJson
from shared.web.route_table import RouteTable
from shared.web.status_words import words_of
from shared.web.validation import complaints_of, field_names, is_wrong_media_type

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "https://safespace.example/problems/"


def problem(
    request: HTTPConnection,
    status: int,
    *,
    kind: str | None = None,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """The answer. Words come from the status where they are not given."""
    language, words = language_of(request), words_of(status)
    body = {
        "type": TYPE_PREFIX + (kind or words.kind),
        "title": words.title(language),
        "status": status,
        "detail": detail or words.sentence(language),
        "instance": f"urn:uuid:{current_cause().correlation_id}",
        **{name: value for name, value in more.items() if value},
    }
    return Response(
        json.dumps(body, ensure_ascii=False, default=_as_text),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": language, "Cache-Control": "no-store", **(headers or {})},
    )


def refused(
    request: HTTPConnection, refusal: Refusal, statuses: Mapping[type[Refusal], int]
) -> Response:
    """A refusal as an answer: the nearest class that has a status, else 409."""
    ours = type(refusal).__mro__
    status = next((statuses[known] for known in ours if known in statuses), 409)
    headers = next((HEADERS[known] for known in ours if known in HEADERS), {})
    return problem(
        request,
        status,
        kind=refusal.kind,
        detail=refusal.says(language_of(request)),
        headers={name: text.format(**refusal.facts) for name, text in headers.items()},
        facts=refusal.facts,
    )


def install(app: FastAPI, table: RouteTable, refusals: Mapping[type[Refusal], int]) -> None:
    """Give the app its ways to say no; `refusals` are the service's own statuses."""
    ways = _Ways(app, table, {**STATUSES, **refusals})
    app.add_exception_handler(Refusal, ways.on_refusal)
    app.add_exception_handler(HTTPException, ways.on_http)
    app.add_exception_handler(RequestValidationError, ways.on_validation)


class _Ways:
    """The handlers. Starlette types them by `Exception`; each is registered for one class."""

    def __init__(
        self, app: FastAPI, table: RouteTable, statuses: Mapping[type[Refusal], int]
    ) -> None:
        self._app = app
        self._table = table
        self._statuses = statuses

    @cached_property
    def _known_names(self) -> frozenset[str]:
        return field_names(self._app.openapi())

    async def on_refusal(self, request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)  # noqa: S101
        template = self._table.template(request.scope)
        said = await recorded(self._app.state.denials, request, template, refusal)
        return refused(request, said, self._statuses)

    async def on_http(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(self._table.methods_at(request.url.path))
        return problem(request, error.status_code, headers=headers)

    async def on_validation(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        if is_wrong_media_type(error):
            return problem(request, 415)
        if any(complaint["type"] == "json_invalid" for complaint in error.errors()):
            return refused(request, NotJson(), self._statuses)
        complaints = complaints_of(error.errors(), self._known_names, language_of(request))
        return problem(request, 422, errors=complaints)


def _as_text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)
