"""Newsletters: the list, beginning one, and one with its languages, readers and mailings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.api_paths import plain
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.beside import Line, Stands
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import faults
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.staff.putting_back import Removed
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("publishing:newsletters.read")]
Writer = Annotated[Staff, opens("publishing:newsletters.write")]
STATES = ("draft", "published", "redacted")
LANGUAGES = ("sv", "en", "ar", "fa", "so", "ti", "uk")
"""Those that readers of the centre have asked for; the API takes any."""
BECAUSE = ("personal-data", "wrong", "consent-withdrawn", "other")
_AT = "/console/newsletters"
_ALL: Mapping[str, Any] = MappingProxyType({"all": []})
_DONE = frozenset({"aimed", "tested", "kept", "redacted"})


@dataclass(frozen=True, slots=True)
class Letters:
    """What the pages of newsletters ask and show."""

    pages: StaffPages
    apis: StaffApis

    async def read(self, staff: Staff, newsletter_id: str) -> Answer:
        """One newsletter."""
        return await self.apis.get(staff, "publishing", f"/v1/newsletters/{newsletter_id}")

    async def lists(self, staff: Staff) -> dict[str, Any]:
        """All lists, by id."""
        found = await self.apis.get(staff, "publishing", "/v1/lists")
        return {each["id"]: each for each in found.data["items"]}

    async def segments(self, staff: Staff) -> list[Mapping[str, Any]]:
        """The saved ones; none while they cannot be read."""
        found = await self._part(staff, "/v1/segments", limit=100)
        return list(found.value.data["items"]) if found.value else []

    async def overview(self, request: Request, staff: Staff, no: SaidNo | None = None) -> Response:
        """All of them, the newest first."""
        asked = shown(request, filters=("state", "list"))
        state = asked.filters.get("state", "")
        query = {
            "state": state if state in STATES else "",
            "list": asked.filters.get("list", ""),
            "limit": asked.limit,
            "offset": asked.offset,
        }
        found, lists = await asyncio.gather(
            self.apis.get(staff, "publishing", "/v1/newsletters", **query), self.lists(staff)
        )
        return self.pages.show(
            request,
            staff,
            "letters/newsletters.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            shown=asked,
            found=found.data,
            lists=lists,
            states=STATES,
            once=new_id(),
        )

    async def one(
        self,
        request: Request,
        staff: Staff,
        newsletter_id: str,
        no: SaidNo | None = None,
        wrote: Mapping[str, str] | None = None,
        removed: Removed | None = None,
    ) -> Response:
        """The page of one, again with what is wrong when something is."""
        letter, lists, previews, mailings, segments = await asyncio.gather(
            self.read(staff, newsletter_id),
            self.lists(staff),
            self._part(staff, f"/v1/newsletters/{newsletter_id}/previews"),
            self._part(staff, "/v1/mailings", newsletter_id=newsletter_id, limit=20),
            self.segments(staff),
        )
        words, done = self.pages.words(request), request.query_params.get("done", "")
        return self.pages.show(
            request,
            staff,
            "letters/newsletter.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            errors=faults(no, ("to",)) if no else (),
            wrote=dict(wrote or {}),
            done=words(f"staff_letters_done_{done}") if done in _DONE and not no else "",
            removed=removed,
            letter=letter.data,
            name=called(words, letter.data),
            version=letter.version,
            on=lists.get(letter.data["list_id"]),
            previews={e["language"]: e for e in previews.value.data["items"]}
            if previews.value
            else {},
            mailings=mailings,
            segments=segments,
            languages=[each for each in LANGUAGES if each not in letter.data["texts"]],
            because=BECAUSE,
            once=new_id(),
        )

    async def _part(self, staff: Staff, path: str, **query: Any) -> Any:
        return await self.apis.part(self.apis.get(staff, "publishing", path, **query))


def routes(letters: Letters) -> APIRouter:
    """`/console/newsletters` and one of them."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _seeing(desk, letters)
    _aiming(desk, letters)
    _testing(desk, letters)
    _redacting(desk, letters)
    return desk


def _seeing(desk: APIRouter, letters: Letters) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """Filtered by state and list."""
        return await letters.overview(request, staff)

    @desk.post("")
    async def begun(request: Request, staff: Writer, form: StaffForm) -> Response:
        """A new one, to a list."""
        body, once = {"list_id": form.get("list_id", "")}, form.get("once", "")
        try:
            made = await letters.apis.send(
                staff, "POST", "publishing", "/v1/newsletters", body=body, once=once
            )
        except SaidNo as no:
            return await letters.overview(request, staff, no)
        return RedirectResponse(f"{_AT}/{made.data['id']}/texts/sv", 303)

    @desk.get("/{newsletter_id}")
    async def one(request: Request, staff: Reader, newsletter_id: str) -> Response:
        """Its languages, its readers, and how it was sent."""
        return await letters.one(request, staff, newsletter_id)


def _aiming(desk: APIRouter, letters: Letters) -> None:
    @desk.post("/{newsletter_id}/segment")
    async def aimed(
        request: Request, staff: Writer, form: StaffForm, newsletter_id: str
    ) -> Response:
        """To everybody on the list, or to a saved part of them."""
        chosen = form.get("segment", "")
        segment: Mapping[str, Any] = {}

        async def beside() -> Stands:
            words, now = letters.pages.words(request), await letters.read(staff, newsletter_id)
            saved = await letters.segments(staff)
            theirs, mine = (
                reached(words, each, saved) for each in (now.data["segment"], segment or _ALL)
            )
            return stands(words, now, [(words("staff_letters_who"), theirs, mine)])

        try:
            if chosen:
                path = f"/v1/segments/{plain(chosen)}"
                segment = (await letters.apis.get(staff, "publishing", path)).data["segment"]
            await letters.apis.send(
                staff,
                "PUT",
                "publishing",
                f"/v1/newsletters/{newsletter_id}/segment",
                body={"segment": segment},
                version=form.get("version", ""),
                beside=beside,
            )
        except SaidNo as no:
            return await letters.one(request, staff, newsletter_id, no)
        return RedirectResponse(f"{_AT}/{newsletter_id}?done=aimed", 303)


def _testing(desk: APIRouter, letters: Letters) -> None:
    @desk.post("/{newsletter_id}/test-letters")
    async def tested(
        request: Request,
        staff: Annotated[Staff, opens("publishing:addresses.read")],
        form: StaffForm,
        newsletter_id: str,
    ) -> Response:
        """To somebody who subscribes already, as it would be sent now."""
        to = form.get("to", "").replace(",", " ").split()
        try:
            await letters.apis.send(
                staff,
                "POST",
                "publishing",
                f"/v1/newsletters/{newsletter_id}/test-letters",
                body={"language": form.get("language", ""), "to": to},
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await letters.one(request, staff, newsletter_id, no, {"to": form.get("to", "")})
        return RedirectResponse(f"{_AT}/{newsletter_id}?done=tested", 303)


def _redacting(desk: APIRouter, letters: Letters) -> None:
    @desk.post("/{newsletter_id}/redaction")
    async def redacted(
        request: Request, staff: Writer, form: StaffForm, newsletter_id: str
    ) -> Response:
        """Out of the archive and the feed, for good; it must be said that this is meant."""
        words = letters.pages.words(request)
        if form.get("sure") != "yes":
            no = SaidNo(words("staff_letters_say_sure"), status=422)
            return await letters.one(request, staff, newsletter_id, no)

        async def beside() -> Stands:
            now = await letters.read(staff, newsletter_id)
            state = words(f"staff_letters_state_{now.data['state']}")
            texts = now.data["texts"].items()
            lines: list[Line] = [
                (words("staff_desks_state"), state, words("staff_letters_redact")),
                *((words.own_name(tag), text["subject"], "–") for tag, text in texts),
            ]
            return replace(stands(words, now, lines), yes=words("staff_letters_redact"))

        try:
            await letters.apis.send(
                staff,
                "POST",
                "publishing",
                f"/v1/newsletters/{newsletter_id}/redaction",
                body={"because": form.get("because", "")},
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await letters.one(request, staff, newsletter_id, no)
        return RedirectResponse(f"{_AT}/{newsletter_id}?done=redacted", 303)


def stands(words: StaffWords, now: Answer, lines: Sequence[Line]) -> Stands:
    """The newsletter as it is now beside what was wished."""
    at = f"{_AT}/{now.data['id']}"
    return Stands(over=called(words, now.data), version=now.version, lines=lines, back=at)


def reached(
    words: StaffWords, segment: Mapping[str, Any], saved: Sequence[Mapping[str, Any]]
) -> str:
    """Whom a newsletter goes to: everybody, a saved segment by its name, or another question."""
    if segment == _ALL:
        return words("staff_letters_everybody")
    named = (each["name"] for each in saved if each["segment"] == segment)
    return next(named, words("staff_segments_other"))


def called(words: StaffWords, letter: Mapping[str, Any]) -> str:
    """What a newsletter is called: its subject in the reader's language, or the nearest."""
    subjects = {tag: text["subject"] for tag, text in letter["texts"].items()}
    return words.among(subjects).text or words("staff_letters_nameless")
