"""The four APIs, asked as the person who is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import httpx

from services.web.asking import Asking, Holder, SaidNo, ServiceAway, check
from services.web.settings import Settings
from services.web.staff.api_paths import api_path
from services.web.staff.beside import Beside, CameLate
from services.web.staff.door import FreshSignInNeeded, SignInNeeded, Staff
from services.web.staff.freshness import is_fresh
from services.web.staff.openid import SignInAway
from services.web.staff.tokens import ApiTokens
from services.web.storage.staff_sessions import StaffSessions
from shared.kernel.ids import new_id
from shared.kernel.refusal import Forbidden, NotFound, Refusal, StepUpNeeded, VersionConflict
from shared.web.refusals import IdempotencyKeyReused

T = TypeVar("T")
_LONG = httpx.Timeout(600.0, connect=3.0)
_SENT_ALREADY = {
    "sv": "Formuläret är redan skickat, med något annat i. Öppna sidan på nytt och fyll i igen.",
    "en": "The form was sent already, with something else in it. Open the page again.",
}
_JUST_NOW = timedelta(minutes=1)
"""No API wants a newer proof: whoever is refused with this one was not told of it."""
_PARTS: Mapping[str, tuple[str, str]] = {
    "booking": ("bokningen", "booking"),
    "mentoring": ("mentorskapet", "mentoring"),
    "notifications": ("meddelandena", "messages"),
    "publishing": ("utgivningen", "publishing"),
}


class PartAway(ServiceAway):
    """One service does not answer; the others do."""

    kind = "part-away"
    sv = "Vi når inte {part_sv} just nu. Inget är ändrat. Försök igen om en stund."
    en = "We cannot reach {part_en} right now. Nothing has changed. Try again in a moment."

    def __init__(self, service: str) -> None:
        sv, en = _PARTS.get(service, (service, service))
        super().__init__(part_sv=sv, part_en=en)


class ProofNotHandedOn(Refusal):
    """Somebody has just proved who they are, and the service was not told: again will not help."""

    kind = "proof-not-handed-on"
    sv = "Inloggningen säger inte vidare att du nyss loggade in. Be driften se över den."
    en = "The sign-in does not hand on that you just signed in. Ask operations to look at it."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered; `version` is its ETag, for If-Match."""

    data: Any
    version: str = ""


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A part of a page: its value, or the refusal that it stands without."""

    value: T | None = None
    refusal: Refusal | None = None


class StaffApis:
    """Asks with a token made for that API and that person.

    Every question may raise SignInNeeded, FreshSignInNeeded (the service wants a newer proof of who
    asks), PartAway, Forbidden, NotFound, VersionConflict (somebody else was faster), or SaidNo with
    the service's own sentence.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        settings: Settings,
        tokens: ApiTokens,
        sessions: StaffSessions,
    ) -> None:
        self._client, self._asking = client, Asking(client, settings)
        self._at, self._tokens, self._sessions = settings.services, tokens, sessions

    async def get(self, staff: Staff, service: str, path: str, **query: Any) -> Answer:
        """Read something. Parameters that are None or empty are left out."""
        asked = [(name, each) for name, value in query.items() for each in _values(value)]
        return await self._ask(
            staff, "GET", service, f"{path}?{urlencode(asked)}" if asked else path
        )

    async def send(
        self,
        staff: Staff,
        method: str,
        service: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        version: str = "",
        beside: Beside | None = None,
        once: str = "",
    ) -> Answer:
        """Change something: `version` is what was seen, `once` what the form was made with.

        `beside` says what stands there now when that is another version: then CameLate becomes a
        page with both. Only a row among many, which says itself how it went, goes without.
        """
        headers = {
            "Idempotency-Key": once or new_id(),
            **({"If-Match": version} if version else {}),
        }
        try:
            return await self._ask(staff, method, service, path, body=body, headers=headers)
        except VersionConflict as late:
            if beside is None:
                raise
            raise CameLate(await beside()) from late

    async def part(self, asked: Awaitable[T]) -> Part[T]:
        """Ask for a part of a page that may fail alone. Whoever is signed out is told at once."""
        try:
            return Part(value=await asked)
        except (SignInNeeded, FreshSignInNeeded):
            raise
        except Refusal as refusal:
            return Part(refusal=refusal)

    async def bearer(self, staff: Staff, service: str) -> str:
        """The token for one API; for streams and uploads that are handed on."""
        try:
            return await self._tokens.token(staff.session, service)
        except SignInAway as away:
            raise PartAway(service) from away

    async def upload(
        self, staff: Staff, service: str, path: str, content: bytes, kind: str = "text/csv"
    ) -> AsyncIterator[bytes]:
        """A file is sent, of that kind; lines of the answer as they come. Closing it cancels it.

        Raises SaidNo, PartAway, SignInNeeded.
        """
        headers = {
            "Authorization": f"Bearer {await self.bearer(staff, service)}",
            "Accept-Language": staff.language,
            "Content-Type": kind,
        }
        url = self.url(service, path)
        try:
            async with self._client.stream(
                "POST", url, content=content, headers=headers, timeout=_LONG
            ) as answer:
                if answer.is_error:
                    await answer.aread()
                    check(answer)
                async for line in answer.aiter_lines():
                    yield line.encode()
        except (httpx.HTTPError, ServiceAway) as away:
            raise PartAway(service) from away

    async def download(self, staff: Staff, service: str, path: str) -> AsyncIterator[bytes]:
        """What a service hands out piece by piece, as it comes; closing it ends the asking.

        Before the first piece it raises Forbidden, NotFound, SaidNo, PartAway or SignInNeeded.
        """
        headers = {
            "Authorization": f"Bearer {await self.bearer(staff, service)}",
            "Accept-Language": staff.language,
        }
        url = self.url(service, path)
        try:
            async with self._client.stream("GET", url, headers=headers, timeout=_LONG) as answer:
                if answer.is_error:
                    await answer.aread()
                    check(answer)
                async for piece in answer.aiter_bytes():
                    yield piece
        except SaidNo as no:
            raise _ours(no, staff) from no
        except (httpx.HTTPError, ServiceAway) as away:
            raise PartAway(service) from away

    def url(self, service: str, path: str) -> str:
        """Where a path of a service's is. Raises NotFound for none that is here, or no path."""
        if service not in self._at:
            raise NotFound
        return self._at[service] + api_path(path)

    async def _ask(self, staff: Staff, method: str, service: str, path: str, **more: Any) -> Answer:
        url = self.url(service, path)
        holder = Holder("", staff.language, staff.address, await self.bearer(staff, service))
        try:
            answer = await self._asking(method, url, holder, **more)
        except ServiceAway as away:
            raise PartAway(service) from away
        except SaidNo as no:
            if no.status == 401 and no.why != StepUpNeeded.kind:
                await self._sessions.end(staff.person.subject, staff.session.id)
                raise SignInNeeded from no
            raise _ours(no, staff) from no
        data = answer.json() if answer.content else None
        return Answer(data, answer.headers.get("etag", ""))


def _ours(no: SaidNo, staff: Staff) -> Refusal:
    if no.why == StepUpNeeded.kind:
        just_now = is_fresh(staff.session.proved_at, within=_JUST_NOW)
        return ProofNotHandedOn() if just_now else FreshSignInNeeded()
    if no.why == IdempotencyKeyReused.kind:
        return SaidNo(_SENT_ALREADY[staff.language], no.why, no.status)
    if no.status == 403 and no.why != Forbidden.kind:
        return no  # a rule of the service's own, which says what would help
    ours: Mapping[int, type[Refusal]] = {403: Forbidden, 404: NotFound, 412: VersionConflict}
    return ours[no.status]() if no.status in ours else no


def _values(value: Any) -> list[str]:
    many = value if isinstance(value, list | tuple) else [value]
    return [str(each) for each in many if each not in (None, "")]
