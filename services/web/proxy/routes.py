"""`/api/<service>/v1/…` and the callbacks of the SMS provider."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Request, Response

from services.web.proxy.handing_on import HandingOn, Onward
from services.web.proxy.paths import rest_after
from services.web.settings import Settings
from shared.kernel.refusal import NotFound
from shared.web.body_guard import MIB, big_body
from shared.web.permissions import passed_on

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_KINDS = frozenset({"delivery", "incoming"})
_LARGEST = 6 * MIB


def routes(settings: Settings, hand_on: HandingOn) -> APIRouter:
    """Both ways in."""
    desk = APIRouter(include_in_schema=False)

    @desk.api_route(
        "/api/{service}/v1/{rest:path}",
        methods=_METHODS,
        dependencies=[
            passed_on("each service decides for itself, by the token that comes along"),
            big_body(_LARGEST),
        ],
    )
    async def api(service: str, rest: str, request: Request) -> Response:
        """An API of a service; not its health, not its numbers, not its callbacks."""
        address = settings.services.get(service)
        if address is None or rest.startswith("callbacks"):
            raise NotFound
        prefix = f"/api/{service}/v1/"
        return await hand_on(request, f"{address}/v1/{rest_after(request, prefix)}")

    @desk.post(
        "/callbacks/46elks/{secret}/{rest:path}",
        dependencies=[passed_on("whoever knows the unguessable secret in the address")],
    )
    async def callback(secret: str, rest: str, request: Request) -> Response:
        """The SMS provider tells of a delivery or an answer."""
        known = settings.callback_secret.get_secret_value()
        if not secrets.compare_digest(secret.encode(), known.encode()):
            raise NotFound
        if rest.split("/", maxsplit=1)[0] not in _KINDS:
            raise NotFound
        prefix = f"/callbacks/46elks/{secret}/"
        onward = f"/v1/callbacks/46elks/{secret}/{rest_after(request, prefix)}"
        answer = await hand_on(request, settings.notifications_url.rstrip("/") + onward)
        # Whatever stands in an answer is sent to the person as an SMS: so nothing ever does.
        taken = 200 <= answer.status_code < 300
        if isinstance(answer, Onward):
            await answer.close()
        return Response(status_code=204 if taken else answer.status_code)

    return desk
