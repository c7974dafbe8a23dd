"""`/v1/api-info`: what this API is, after rule VER.06 of Sweden's national REST API profile (DIGG).

The member names are the profile's own, therefore in camelCase.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from shared.kernel.actor import Actor
from shared.web.permissions import open_to_all
from shared.web.settings import WebSettings

API_VERSION = "1.0.0"
API_RELEASED = "2026-11-22"


class ApiInfo(BaseModel):
    """Name, version, date of release, where the description stands, and whether it is in use."""

    apiName: str  # noqa: N815 - the profile's spelling
    apiVersion: str  # noqa: N815
    apiReleased: str  # noqa: N815
    apiDocumentation: str  # noqa: N815
    apiStatus: Literal["active", "deprecated"]  # noqa: N815


def api_info(service: str, settings: WebSettings) -> APIRouter:
    """The one route."""
    router = APIRouter(tags=["api-info"])
    known = ApiInfo(
        apiName=f"safespace-{service}",
        apiVersion=API_VERSION,
        apiReleased=API_RELEASED,
        apiDocumentation=f"{settings.front_door.rstrip('/')}/api/{service}/openapi.json",
        apiStatus="active",
    )
    example = {"application/json": {"example": known.model_dump()}}

    @router.get(
        "/v1/api-info",
        summary="Om detta API",
        description="Namn, version och status för API:et. Name, version and status of the API.",
        responses={200: {"description": "Uppgifter om API:et", "content": example}},
    )
    async def about(
        _: Annotated[Actor, open_to_all("what the API is called is no secret")],
    ) -> ApiInfo:
        return known

    return router
