"""What a reader of newsletters can see and do, asked of publishing: by a link's stamp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.web.asking import Asking, Holder, SaidNo, ServiceAway
from services.web.settings import Settings
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound, Refusal

LEAVE = {"press": "leave"}


class NewslettersAway(Refusal):
    """Publishing did not answer."""

    kind = "newsletters-unreachable"
    sv = "Vi når inte nyhetsbreven just nu."
    en = "We cannot reach the newsletters right now."


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class OpenList(_Answer):
    """A list that anybody can choose, and the words that they agree to, by language."""

    id: str
    names: dict[str, str]
    about: dict[str, str] = {}
    consent: dict[str, str] = {}


class OptIn(_Answer):
    """What one press confirms."""

    state: Literal["pending", "confirmed"]
    lists: list[str]


class Place(_Answer):
    """Which list a link to leave is about, and how they stand on it."""

    list_id: str
    names: dict[str, str]
    state: Literal["pending", "confirmed", "left", "lapsed"]


class Preferences(_Answer):
    """What they get, what waits for a yes, and what there is to choose."""

    lists: list[str]
    waiting: list[str]
    language: str
    to_choose: list[OpenList]
    version: int


class IssueLine(_Answer):
    """One newsletter in the archive."""

    id: str
    language: str
    languages: list[str]
    title: str
    published_at: AwareDatetime


class Issue(IssueLine):
    """The whole of it; `html` is publishing's own, without scripts or images from elsewhere."""

    direction: Literal["ltr", "rtl"]
    html: str


class Issues(_Answer):
    """A page of the archive."""

    items: list[IssueLine]
    total: int
    limit: int
    offset: int


class NewsletterApi:
    """Asks on behalf of whoever is at the door. Without publishing behind it, nothing is there."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._asking = Asking(client, settings)
        self._at = settings.publishing_url.rstrip("/")

    def url(self, path: str) -> str:
        """Where a path of publishing's is. Raises NotFound when there is no publishing."""
        if not self._at:
            raise NotFound
        return self._at + path

    async def open_lists(self, holder: Holder) -> Sequence[OpenList]:
        """What can be signed up for."""
        answer = await self._ask("GET", "/v1/open-lists", holder)
        return [OpenList.model_validate(each) for each in answer.json()["items"]]

    async def sign_up(
        self, holder: Holder, *, email: str, lists: Sequence[str], language: str, name: str
    ) -> None:
        """Ask for newsletters. Raises SaidNo when what was written cannot be used."""
        body = {"email": email, "lists": list(lists), "language": language, "name": name}
        headers = {"Idempotency-Key": new_id()}
        await self._ask("POST", "/v1/sign-ups", holder, body=body, headers=headers)

    async def opt_in(self, holder: Holder, *, press: bool) -> OptIn:
        """What the link asks, or has confirmed. Raises SaidNo for a link that is over."""
        method, path = ("POST", "/v1/my-opt-in/confirmation") if press else ("GET", "/v1/my-opt-in")
        return OptIn.model_validate((await self._ask(method, path, holder)).json())

    async def place(self, holder: Holder) -> Place:
        """Which list it is about. Raises SaidNo for a link that is not whole."""
        return Place.model_validate((await self._ask("GET", "/v1/my-place", holder)).json())

    async def leave(self, holder: Holder, fields: Mapping[str, str]) -> Place:
        """Hand on what was pressed; without a press it only shows. Raises SaidNo."""
        answer = await self._ask("POST", "/v1/my-place/leaving", holder, form=fields)
        return Place.model_validate(answer.json())

    async def preferences(self, holder: Holder) -> Preferences:
        """As it stands. Raises SaidNo for a link that is not whole."""
        answer = await self._ask("GET", "/v1/my-preferences", holder)
        return Preferences.model_validate(answer.json())

    async def choose(
        self,
        holder: Holder,
        *,
        lists: Sequence[str],
        language: str,
        never_again: bool,
        version: str,
    ) -> Preferences:
        """Everything at once. Raises SaidNo, also when it was changed meanwhile."""
        body = {"lists": list(lists), "language": language, "never_again": never_again}
        headers = {"If-Match": f'"{version}"'}
        answer = await self._ask("PUT", "/v1/my-preferences", holder, body=body, headers=headers)
        return Preferences.model_validate(answer.json())

    async def languages(self, holder: Holder, list_id: str) -> Sequence[str]:
        """Languages of a list's archive. Raises NotFound."""
        answer = await self._ask("GET", f"/v1/archives/{list_id}", holder)
        languages: list[str] = answer.json()["languages"]
        return languages

    async def issues(self, holder: Holder, list_id: str, language: str, offset: int) -> Issues:
        """A page of the archive. Raises NotFound."""
        path = f"/v1/archives/{list_id}/{language}?limit=20&offset={offset}"
        return Issues.model_validate((await self._ask("GET", path, holder)).json())

    async def issue(self, holder: Holder, list_id: str, language: str, issue_id: str) -> Issue:
        """One of them. Raises NotFound; SaidNo for one that was taken away."""
        path = f"/v1/archives/{list_id}/{language}/issues/{issue_id}"
        return Issue.model_validate((await self._ask("GET", path, holder)).json())

    async def _ask(self, method: str, path: str, holder: Holder, **more: Any) -> httpx.Response:
        try:
            return await self._asking(method, self.url(path), holder, **more)
        except ServiceAway:
            raise NewslettersAway from None
        except SaidNo as no:
            if no.why == NotFound.kind:
                raise NotFound from no
            raise
