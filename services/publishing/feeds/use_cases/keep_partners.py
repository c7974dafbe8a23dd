"""Partners are made, changed and ended by staff; keys by staff and by themselves."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.publishing.feeds.domain import keys, partner
from services.publishing.feeds.domain.filters import Filter
from services.publishing.feeds.domain.keys import Environment
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.storage.log import FeedLog
from services.publishing.feeds.storage.partners import Partners
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound, VersionConflict
from shared.mongo.client import Session

Transact = Callable[[Callable[[Session], Awaitable[Any]]], Awaitable[Any]]
Also = Callable[[Session, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a partner is to be."""

    title: str
    scopes: frozenset[str]
    only: Filter
    networks: Sequence[str] = ()
    client: str | None = None
    per_minute: int = 600


@dataclass(frozen=True, slots=True)
class KeepPartners:
    """Making one opens everything at once: the history, and what comes; nothing is started anew."""

    partners: Partners
    log: FeedLog
    transact: Transact
    environment: Environment

    async def one(self, name: str) -> Partner:
        """One partner, by its short name. Raises NotFound."""
        found = await self.partners.by_name(name)
        if found is None:
            raise NotFound
        return found

    async def add(self, name: str, wanted: Wanted, also: Also, *, by: str) -> Partner:
        """A new partner, without a key yet. Raises NotASubscriber, NameIsTaken."""
        new = Partner(
            id=new_id(),
            name=name,
            title=wanted.title,
            scopes=wanted.scopes,
            only=wanted.only,
            networks=tuple(wanted.networks),
            client=wanted.client,
            per_minute=wanted.per_minute,
        )
        return await self._saved(partner.joined(new, real_now()), also, did="made", by=by)

    async def change(self, name: str, wanted: Wanted, seen: int, also: Also, *, by: str) -> Partner:
        """What it may do from now on. Raises NotFound, VersionConflict, NotASubscriber."""
        known = await self.one(name)
        if known.version != seen:
            raise VersionConflict
        later = partner.changed(
            known,
            position=await self.log.head(),
            title=wanted.title,
            scopes=wanted.scopes,
            only=wanted.only,
            networks=wanted.networks,
            client=wanted.client,
            per_minute=wanted.per_minute,
        )
        return await self._saved(later, also, did="changed", by=by)

    async def end(self, name: str, also: Also, *, by: str) -> Partner:
        """Nothing of it works from now on. Raises NotFound."""
        known = await self.one(name)
        return await self._saved(partner.ended(known, real_now()), also, did="ended", by=by)

    async def new_key(
        self, known: Partner, expires_at: datetime | None, also: Also, *, by: str
    ) -> tuple[Partner, str]:
        """A key more, and its text: this is the only time that anybody sees it.

        `also` is given both.

        Raises:
            TwoKeysAlready, PartnerHasLeft: see each.
        """
        text = keys.key_text(self.environment, secrets.token_bytes(40))
        later = partner.with_key(known, text, real_now(), expires_at=expires_at)

        async def with_text(session: Session, kept: Any) -> None:
            await also(session, (kept, text))

        return await self._saved(later, with_text, did="key-made", by=by), text

    async def revoke_key(self, known: Partner, key_id: str, also: Also, *, by: str) -> Partner:
        """It opens nothing from this moment on. Raises NotFound."""
        later = partner.without_key(known, key_id, real_now())
        return await self._saved(later, also, did="key-revoked", by=by)

    async def _saved(self, one: Partner, also: Also, *, did: str, by: str) -> Partner:
        async def work(session: Session) -> Partner:
            kept = await self.partners.save(session, one, did=did, by=by)
            await also(session, kept)
            return kept

        kept: Partner = await self.transact(work)
        return replace(kept)
