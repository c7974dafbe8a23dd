"""What the newsletters' use cases need from outside, stated once; `storage` fulfils it.

Whatever a store tells, it tells somebody: `by`.
"""
# ruff: noqa: D102 - what each method does is said where it is fulfilled

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from services.publishing.domain.images import Image
from services.publishing.domain.newsletter import Because, Newsletter, State
from services.publishing.domain.newsletter_list import NewsletterList
from services.publishing.domain.occasions import Occasion
from services.publishing.mailing.block_words import Card
from services.publishing.use_cases.ports import Session
from services.publishing.use_cases.subscriber_ports import Lists
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound

Also: TypeAlias = Callable[[Session, Newsletter], Awaitable[None]]
"""What is done with the result, in the transaction of its effect."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A newsletter in the archive, in one language; `languages` are those it was sent in."""

    id: str
    list_id: str
    language: str
    languages: tuple[str, ...]
    subject: str
    markdown: str
    published_at: datetime


class Newsletters(Protocol):
    """Newsletters, whole."""

    async def read(
        self, newsletter_id: str, session: Session = None, *, by: Actor
    ) -> Newsletter: ...

    async def listed(
        self, list_id: str | None, state: State | None, *, limit: int, offset: int, by: Actor
    ) -> tuple[Sequence[Newsletter], int]: ...

    async def save(self, session: Session, newsletter: Newsletter, *, by: Actor) -> Newsletter: ...


class PartnersFeed(Protocol):
    """What partners were told of newsletters."""

    async def all_of(
        self, session: Session, subject: str, because: Because, *, by: Actor
    ) -> int: ...


class Archive(Protocol):
    """What was published and not redacted."""

    async def issues(
        self, list_id: str, language: str, *, limit: int, offset: int, by: Actor
    ) -> tuple[Sequence[Issue], int]: ...

    async def issue(self, newsletter_id: str, language: str, *, by: Actor) -> Issue: ...

    async def languages(self, list_id: str, *, by: Actor) -> Sequence[str]: ...

    async def changed_at(self, list_id: str, *, by: Actor) -> datetime | None: ...


class Occasions(Protocol):
    """What booking told of."""

    async def between(
        self, after: datetime, until: datetime, *, by: Actor
    ) -> Sequence[Occasion]: ...

    async def keep(self, session: Session, occasion: Occasion, *, by: Actor) -> bool: ...


class Cards(Protocol):
    """Publications, as a newsletter shows them."""

    async def cards(
        self, names: Sequence[str], language: str, *, by: Actor
    ) -> Mapping[str, Card]: ...


class Images(Protocol):
    """Images that newsletters show."""

    async def add(self, image: Image, *, by: Actor) -> None: ...

    async def read(self, image_id: str, *, by: Actor) -> Image: ...

    async def known(self, image_ids: Sequence[str], *, by: Actor) -> frozenset[str]: ...


async def the_list(lists: Lists, list_id: str, *, by: Actor) -> NewsletterList:
    """The list. Raises NotFound."""
    known = await lists.find(list_id, by=by)
    if known is None:
        raise NotFound
    return known
