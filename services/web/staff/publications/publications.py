"""Publications: which there are, a new one, and one with its editions and its draft."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.api_paths import plain
from services.web.staff.asking import Answer, Part, StaffApis
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import faults
from services.web.staff.frame import StaffPages
from services.web.staff.letters.newsletters import LANGUAGES
from services.web.staff.listing import shown
from services.web.staff.putting_back import Removed
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("publishing:publications.read")]
Writer = Annotated[Staff, opens("publishing:publications.write")]
KINDS = ("brochure", "handbook")
_AT = "/console/publications"
_DONE = frozenset({"released"})


@dataclass(frozen=True, slots=True)
class Publications:
    """What the pages of publications ask and show."""

    pages: StaffPages
    apis: StaffApis

    async def read(self, staff: Staff, name: str) -> Answer:
        """One with its draft."""
        return await self.apis.get(staff, "publishing", f"/v1/publications/{plain(name)}")

    async def overview(
        self,
        request: Request,
        staff: Staff,
        no: SaidNo | None = None,
        wrote: Mapping[str, str] | None = None,
    ) -> Response:
        """All of them, by address."""
        asked = shown(request, filters=())
        query = {"limit": asked.limit, "offset": asked.offset}
        found = await self.apis.get(staff, "publishing", "/v1/publications", **query)
        return self.pages.show(
            request,
            staff,
            "publications/publications.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            errors=faults(no, ("id",)) if no else (),
            wrote=dict(wrote or {}),
            shown=asked,
            found=found.data,
            kinds=KINDS,
            once=new_id(),
        )

    async def one(
        self,
        request: Request,
        staff: Staff,
        name: str,
        no: SaidNo | None = None,
        wrote: Mapping[str, str] | None = None,
        removed: Removed | None = None,
    ) -> Response:
        """One with its editions and its draft, again with what is wrong when something is."""
        known, editions = await asyncio.gather(
            self.read(staff, name), self.part(staff, f"/v1/library/{plain(name)}")
        )
        texts = known.data["draft"]["texts"]
        preview = None
        if texts:
            path = f"/v1/publications/{name}/draft/preview"
            preview = await self.part(staff, path, language=min(texts))
        out = editions.value.data["items"] if editions.value else []
        fetched = await asyncio.gather(*(self._fetched(staff, name, e["edition"]) for e in out))
        words, done = self.pages.words(request), request.query_params.get("done", "")
        return self.pages.show(
            request,
            staff,
            "publications/publication.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            wrote=dict(wrote or {}),
            done=words(f"staff_publications_done_{done}") if done in _DONE and not no else "",
            removed=removed,
            publication=known.data,
            name=self.called(words, known.data),
            version=known.version,
            editions=list(zip(out, fetched, strict=True)),
            stands=how_it_stands(words, known.data),
            begin=[tag for tag in LANGUAGES if tag not in texts],
            preview=preview,
            once=new_id(),
        )

    @staticmethod
    def called(words: StaffWords, known: Mapping[str, Any]) -> str:
        """Its title, as it was released or as the draft has it; else its address."""
        drafted = {tag: text["title"] for tag, text in known["draft"]["texts"].items()}
        return words.among(known["titles"] or drafted).text or known["id"]

    async def part(self, staff: Staff, path: str, **query: Any) -> Part[Any]:
        """What may fail alone; a publication without an edition is not in the library."""
        return await self.apis.part(self.apis.get(staff, "publishing", path, **query))

    async def _fetched(self, staff: Staff, name: str, edition: str) -> Part[Any]:
        return await self.part(staff, f"/v1/publications/{name}/editions/{edition}/downloads")


def how_it_stands(words: StaffWords, known: Mapping[str, Any]) -> dict[str, str]:
    """Each language of the draft: its title, and how long its text is."""
    return {
        tag: words(
            "staff_publications_stands",
            title=text["title"],
            count=words.figure(len(text["markdown"])),
        )
        for tag, text in sorted(known["draft"]["texts"].items())
    }


def routes(publications: Publications) -> APIRouter:
    """`/console/publications` and one of them."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)

    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """By address."""
        return await publications.overview(request, staff)

    @desk.post("")
    async def begun(request: Request, staff: Writer, form: StaffForm) -> Response:
        """A new one, under the address that it has for ever; its Swedish text comes next."""
        body = {"id": form.get("id", "").strip(), "kind": form.get("kind", "")}
        once = form.get("once", "")
        try:
            made = await publications.apis.send(
                staff, "POST", "publishing", "/v1/publications", body=body, once=once
            )
        except SaidNo as no:
            return await publications.overview(request, staff, no, form)
        return RedirectResponse(f"{_AT}/{made.data['id']}/texts/sv", 303)

    @desk.get("/{name}")
    async def one(request: Request, staff: Reader, name: str) -> Response:
        """Its editions, and how the draft stands."""
        return await publications.one(request, staff, name)

    return desk
