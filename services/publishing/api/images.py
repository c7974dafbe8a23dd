"""`/v1/images`: added by editors, seen by anybody who reads the archive."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.publishing.api.newsletter_models import ImageOut
from services.publishing.domain.images import LARGEST
from services.publishing.use_cases.keep_image import KeepImage
from services.publishing.use_cases.newsletters import Images
from shared.kernel.actor import Actor
from shared.web.body_guard import MIB, big_body
from shared.web.examples import documented
from shared.web.permissions import needs, open_to_all

_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Bilden som den är: PNG eller JPEG, högst 2 MiB.",
        "content": {"image/png": _BINARY, "image/jpeg": _BINARY},
    }
}
_FOR_EVER = "public, max-age=31536000, immutable"


def routes(images: Images, keep: KeepImage) -> APIRouter:
    """Both."""
    router = APIRouter(tags=["images"])

    @router.post(
        "/v1/images",
        status_code=201,
        summary="Lägg till en bild",
        description=KeepImage.__doc__ or "",
        responses=documented(ImageOut, 201, "Bilden finns; samma bild igen är samma."),
        openapi_extra=_SENT,
        dependencies=[big_body(LARGEST + MIB)],
    )
    async def added(
        request: Request, actor: Annotated[Actor, needs("newsletters.write")]
    ) -> ImageOut:
        return ImageOut.of(await keep(await request.body(), by=actor))

    @router.get(
        "/v1/images/{image_id}",
        summary="En bild",
        description="Bilden. Den ändras aldrig: en annan bild har ett annat id. The image itself.",
        response_class=Response,
        responses={
            200: {
                "description": "Bilden.",
                "content": {"image/png": _BINARY, "image/jpeg": _BINARY},
            }
        },
    )
    async def read(
        image_id: str, actor: Annotated[Actor, open_to_all("what the archive shows")]
    ) -> Response:
        found = await images.read(image_id, by=actor)
        ending = found.media_type.removeprefix("image/")
        headers = {
            "Cache-Control": _FOR_EVER,
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": f'inline; filename="{found.id}.{ending}"',
        }
        return Response(found.content, media_type=found.media_type, headers=headers)

    return router
