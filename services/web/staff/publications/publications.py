"""Publications: which there are, their editions, and releasing the draft as the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.api_paths import plain
from services.web.staff.asking import Part, StaffApis
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from shared.kernel.ids import new_id
from shared.kernel.refusal import VersionConflict

Reader = Annotated[Staff, opens("publishing:publications.read")]
Writer = Annotated[Staff, opens("publishing:publications.write")]
_AT = "/console/publications"


@dataclass(frozen=True, slots=True)
class Publications:
    """What the pages of publications ask and show."""

    pages: StaffPages
    apis: StaffApis

    async def one(
        self,
        request: Request,
        staff: Staff,
        name: str,
        no: SaidNo | None = None,
        wrote: Mapping[str, str] | None = None,
    ) -> Response:
        """One with its editions and its draft, again with what is wrong when something is."""
        known, editions = await asyncio.gather(
            self.apis.get(staff, "publishing", f"/v1/publications/{plain(name)}"),
            self.part(staff, f"/v1/library/{plain(name)}"),
        )
        languages = sorted(known.data["draft"]["texts"])
        preview = None
        if languages:
            path = f"/v1/publications/{name}/draft/preview"
            preview = await self.part(staff, path, language=languages[0])
        out = editions.value.data["items"] if editions.value else []
        fetched = await asyncio.gather(*(self._fetched(staff, name, e["edition"]) for e in out))
        words, done = self.pages.words(request), request.query_params.get("done") == "released"
        return self.pages.show(
            request,
            staff,
            "publications/publication.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            wrote=dict(wrote or {}),
            done=words("staff_publications_released") if done and not no else "",
            publication=known.data,
            version=known.version,
            editions=list(zip(out, fetched, strict=True)),
            languages=languages,
            preview=preview,
            once=new_id(),
        )

    async def part(self, staff: Staff, path: str, **query: Any) -> Part[Any]:
        """What may fail alone; a publication without an edition is not in the library."""
        return await self.apis.part(self.apis.get(staff, "publishing", path, **query))

    async def _fetched(self, staff: Staff, name: str, edition: str) -> Part[Any]:
        return await self.part(staff, f"/v1/publications/{name}/editions/{edition}/downloads")


def routes(publications: Publications) -> APIRouter:
    """`/console/publications` and one of them."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    pages, apis = publications.pages, publications.apis

    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """By address."""
        asked = shown(request, filters=())
        query = {"limit": asked.limit, "offset": asked.offset}
        found = await apis.get(staff, "publishing", "/v1/publications", **query)
        return pages.show(
            request, staff, "publications/publications.html", shown=asked, found=found.data
        )

    @desk.get("/{name}")
    async def one(request: Request, staff: Reader, name: str) -> Response:
        """Its editions, and how the draft stands."""
        return await publications.one(request, staff, name)

    @desk.post("/{name}/editions")
    async def release(request: Request, staff: Writer, form: StaffForm, name: str) -> Response:
        """The draft, as it was seen, becomes an edition."""
        said = {key.removeprefix("changes_"): text.strip() for key, text in form.items()
                if key.startswith("changes_") and text.strip()}  # fmt: skip
        try:
            await apis.send(
                staff,
                "POST",
                "publishing",
                f"/v1/publications/{plain(name)}/editions",
                body={"edition": form.get("edition", ""), "changes": said},
                version=form.get("version", ""),
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await publications.one(request, staff, name, no, form)
        except VersionConflict:
            late = SaidNo(pages.words(request)("staff_publications_changed"), status=412)
            return await publications.one(request, staff, name, late, form)
        return RedirectResponse(f"{_AT}/{name}?done=released", 303)

    return desk
