"""46elks calls back: form posts, repeated until answered 200–204 (46elks.se/docs).

Whatever stands in an answer is sent to the person, so the answer is 204 and empty, and it is given
after the durable write.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.notifications.use_cases.keep_card import e164
from services.notifications.use_cases.take_reply import TakeReply
from services.notifications.use_cases.take_report import TakeReport
from shared.kernel.refusal import NotFound, Refusal
from shared.web.forms import FormFields
from shared.web.permissions import open_to_all

_WHY = "the provider's callback: its path holds an unguessable secret"
_LONGEST_ID = 100
_REPORT = {"id": "s70df59406a1b4643b96f3f91e0bfb7b0", "status": "delivered"}
_REPLY = {"id": "sf8425555e5d8db61dda7a7b3f1b91bdb", "from": "+46701740605", "message": "JA 7"}


class CallbackUnreadable(Refusal):
    """A field that the provider always sends is missing."""

    kind = "callback-unreadable"
    sv = "Formuläret saknar ett fält."
    en = "The form lacks a field."


def routes(report: TakeReport, reply: TakeReply, secret: str) -> APIRouter:
    """`/v1/callbacks/46elks/{secret}/delivery|incoming`."""
    router = APIRouter(prefix="/v1/callbacks/46elks/{secret}", tags=["provider"])
    open_ = [open_to_all(_WHY, limited=False)]

    @router.post(
        "/delivery",
        status_code=204,
        response_class=Response,
        description="Leverantören berättar hur ett sms gick.",
        openapi_extra=_form(_REPORT),
        dependencies=open_,
    )
    async def delivered(
        given: Annotated[str, Path(alias="secret", max_length=200, description="Hemlighet.")],
        delivery: Annotated[str, Query(max_length=100, description="Vårt utskicks id.")],
        form: FormFields,
    ) -> Response:
        _check(form, given, secret, ("id", "status"))
        await report(delivery, form["id"], form["status"])
        return Response(status_code=204)

    @router.post(
        "/incoming",
        status_code=204,
        response_class=Response,
        description="Någon har svarat på ett sms.",
        openapi_extra=_form(_REPLY),
        dependencies=open_,
    )
    async def incoming(
        given: Annotated[str, Path(alias="secret", max_length=200, description="Hemlighet.")],
        form: FormFields,
    ) -> Response:
        _check(form, given, secret, ("id", "from", "message"))
        phone = e164(form["from"])
        if phone is not None:
            await reply(form["id"], phone, form["message"])
        return Response(status_code=204)

    return router


def _check(form: Mapping[str, str], given: str, secret: str, needed: tuple[str, ...]) -> None:
    if not secrets.compare_digest(given.encode(), secret.encode()):
        raise NotFound
    if any(name not in form for name in needed) or not 0 < len(form["id"]) <= _LONGEST_ID:
        raise CallbackUnreadable


def _form(example: Mapping[str, str]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": list(example),
        "properties": {name: {"type": "string"} for name in example},
        "example": dict(example),
    }
    content = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}
