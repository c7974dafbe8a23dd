"""Lists are made and changed by editors, and shown to everybody who may subscribe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.publishing.domain.newsletter_list import NewsletterList, Said, changed, new_list
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.subscriber_ports import Also, Lists
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound, VersionConflict


@dataclass(frozen=True, slots=True)
class KeepLists:
    """A list has a name, a description and the words that a subscriber agrees to, per language.

    Other words of consent are a new version: what somebody agreed to stays as it stood.
    """

    lists: Lists
    transact: Transact

    async def add(
        self, list_id: str, said: Said, also: Also[NewsletterList], *, by: Actor
    ) -> NewsletterList:
        """A new list.

        Raises:
            ListExists, NotAListId, ListWordsMissing, UnknownLanguage: see there.
        """
        return await self._saved(new_list(list_id, said), also, by)

    async def change(
        self, list_id: str, said: Said, seen: int, also: Also[NewsletterList], *, by: Actor
    ) -> NewsletterList:
        """The list with other words, if it still is at the version that was seen.

        Raises:
            NotFound, VersionConflict, ListWordsMissing, UnknownLanguage: see there.
        """
        known = await self.one(list_id, by=by)
        if known.version != seen:
            raise VersionConflict
        return await self._saved(changed(known, said), also, by)

    async def one(self, list_id: str, *, by: Actor) -> NewsletterList:
        """One list. Raises NotFound."""
        found = await self.lists.find(list_id, by=by)
        if found is None:
            raise NotFound
        return found

    async def all(self, *, by: Actor) -> Sequence[NewsletterList]:
        """Every list, by id."""
        return await self.lists.all(by=by)

    async def open(self, *, by: Actor) -> Sequence[NewsletterList]:
        """Those that anybody can sign up for."""
        return await self.lists.all(by=by, only_open=True)

    async def _saved(
        self, one: NewsletterList, also: Also[NewsletterList], by: Actor
    ) -> NewsletterList:
        async def work(session: Session) -> NewsletterList:
            kept = replace(one, version=await self.lists.save(session, one, by=by))
            await also(session, kept)
            return kept

        return await self.transact(work)
