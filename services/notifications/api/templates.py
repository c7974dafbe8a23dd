"""The templates, and how they look."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from services.notifications.api.models import PreviewOut, TemplateOut
from services.notifications.use_cases.preview_template import preview_template
from services.notifications.use_cases.templates import templates
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs


def routes(front_door: str) -> APIRouter:
    """`/v1/templates…`. Links in the previews lead to the front door."""
    router = APIRouter(prefix="/v1", tags=["templates"], dependencies=[needs("templates.read")])

    @router.get("/templates", description="Alla mallar med sina variabler.")
    async def all_templates(page: Page) -> Listing[TemplateOut]:
        known = list(templates().values())
        shown = [
            TemplateOut(
                name=each.name,
                about=each.about,
                email=each.email,
                variables=dict(each.variables),
            )
            for each in known[page.offset : page.offset + page.limit]
        ]
        return listing(shown, len(known), page)

    @router.get(
        "/templates/{name}/preview",
        description="Mallen med exempeluppgifter, så som den skickas.",
    )
    async def preview(
        name: Annotated[str, Path(max_length=60, description="Mallens namn.")],
        language: Annotated[Literal["sv", "en"], Query(description="Språk.")] = "sv",
    ) -> PreviewOut:
        made = preview_template(name, language, front_door)
        return PreviewOut(
            name=name,
            language=language,
            sms=made.sms,
            sms_alphabet=made.size.alphabet,
            sms_parts=made.size.parts,
            subject=made.subject,
            text=made.text,
            html=made.html,
            title=made.title,
            body=made.body,
        )

    return router
