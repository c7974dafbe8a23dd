"""Publications and printed copies, asked of publishing for whoever is at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlencode

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.web.asking import Asking, Holder, SaidNo, ServiceAway
from services.web.settings import Settings
from shared.kernel.refusal import NotFound, Refusal


class LibraryAway(Refusal):
    """Publishing did not answer."""

    kind = "publications-unreachable"
    sv = "Vi når inte publikationerna just nu."
    en = "We cannot reach the publications right now."


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Released(_Answer):
    """A publication, and its newest edition."""

    id: str
    kind: Literal["brochure", "handbook"]
    latest: str
    titles: dict[str, str]


class EditionLine(_Answer):
    """One of its editions; titles and what was new by language."""

    edition: str
    titles: dict[str, str]
    changes: dict[str, str]
    released_at: AwareDatetime


class Heading(_Answer):
    """A line of the table of contents."""

    level: int
    anchor: str
    title: str


class Edition(_Answer):
    """An edition in one language; `html` is publishing's own, without scripts."""

    id: str
    kind: Literal["brochure", "handbook"]
    edition: str
    language: str
    languages: list[str]
    direction: Literal["ltr", "rtl"]
    title: str
    summary: str
    changes: str
    released_at: AwareDatetime
    headings: list[Heading]
    html: str


class Piece(_Answer):
    """Part of an excerpt."""

    text: str
    hit: bool


class Found(_Answer):
    """A section that holds the words."""

    anchor: str
    heading: str
    excerpt: list[Piece]


class Item(_Answer):
    """Printed copies that can be ordered."""

    publication: str
    language: str
    edition: str
    free: int
    limit: int

    @property
    def key(self) -> str:
        """As the form names it."""
        return f"{self.publication}/{self.language}"


class Placed(_Answer):
    """An order that was taken."""

    number: str
    link_secret: str


class Order(_Answer):
    """An order as the school sees it."""

    number: str
    publication: str
    language: str
    edition: str
    copies: int
    state: Literal["received", "packed", "sent", "delivered", "cancelled"]
    ordered_at: AwareDatetime


class LibraryApi:
    """Asks on behalf of whoever is at the door. Without publishing behind it, nothing is there."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._asking = Asking(client, settings)
        self._at = settings.publishing_url.rstrip("/")

    def url(self, path: str) -> str:
        """Where a path of publishing's is. Raises NotFound when there is no publishing."""
        if not self._at:
            raise NotFound
        return self._at + path

    async def released(self, holder: Holder) -> Sequence[Released]:
        """Everything that was released, at most a hundred."""
        answer = await self._ask("GET", "/v1/library?limit=100", holder)
        return [Released.model_validate(each) for each in answer.json()["items"]]

    async def editions(self, holder: Holder, publication: str) -> Sequence[EditionLine]:
        """All of a publication's, the newest first. Raises NotFound."""
        answer = await self._ask("GET", f"/v1/library/{publication}", holder)
        return [EditionLine.model_validate(each) for each in answer.json()["items"]]

    async def edition(
        self, holder: Holder, publication: str, edition: str, language: str
    ) -> Edition:
        """One edition in the language, or the nearest. Raises NotFound."""
        path = f"/v1/library/{publication}/{edition}?{urlencode({'language': language})}"
        return Edition.model_validate((await self._ask("GET", path, holder)).json())

    async def search(
        self, holder: Holder, publication: str, edition: str, language: str, words: str
    ) -> Sequence[Found]:
        """Sections with all the words, the best first."""
        asked = urlencode({"language": language, "q": words[:100]})
        path = f"/v1/library/{publication}/{edition}/search?{asked}"
        found = (await self._ask("GET", path, holder)).json()["items"]
        return [Found.model_validate(each) for each in found]

    async def items(self, holder: Holder) -> Sequence[Item]:
        """What is printed."""
        answer = await self._ask("GET", "/v1/print-items", holder)
        return [Item.model_validate(each) for each in answer.json()["items"]]

    async def order(self, holder: Holder, wish: Mapping[str, Any], form: str) -> Placed:
        """Order; the same form is the same order. Raises SaidNo."""
        headers = {"Idempotency-Key": form}
        answer = await self._ask("POST", "/v1/print-orders", holder, body=wish, headers=headers)
        return Placed.model_validate(answer.json())

    async def my_order(self, holder: Holder) -> Order:
        """The order whose link they hold. Raises NotFound."""
        return Order.model_validate((await self._ask("GET", "/v1/my-print-order", holder)).json())

    async def cancel(self, holder: Holder) -> Order:
        """Take it back. Raises SaidNo when it is packed already."""
        answer = await self._ask("POST", "/v1/my-print-order/cancellation", holder)
        return Order.model_validate(answer.json())

    async def _ask(self, method: str, path: str, holder: Holder, **more: Any) -> httpx.Response:
        try:
            return await self._asking(method, self.url(path), holder, **more)
        except ServiceAway:
            raise LibraryAway from None
        except SaidNo as no:
            if no.why in (NotFound.kind, "not-a-version"):
                raise NotFound from no
            raise
