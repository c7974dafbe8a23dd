"""Early warnings: posted by a member, approved, edited or declined by an editor, withdrawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.publishing.feeds.domain import bulletin as bulletins
from services.publishing.feeds.domain.bulletin import Bulletin, Warned
from services.publishing.feeds.domain.bulletin_words import Span
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.domain.refusals import TooManyBulletins
from services.publishing.feeds.storage.bulletins import Bulletins
from services.publishing.feeds.storage.redactions import Redactions
from shared.contracts.event import News
from shared.contracts.publishing import BulletinPublished, BulletinWithdrawn
from shared.delivery.outbox import Outbox
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound, VersionConflict
from shared.mongo.client import Session

Transact = Callable[[Callable[[Session], Awaitable[Any]]], Awaitable[Any]]
Also = Callable[[Session, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class PostBulletins:
    """Nothing of a person stands in one; who posted it is told to nobody but editors."""

    bulletins: Bulletins
    redactions: Redactions
    outbox: Outbox
    transact: Transact
    clock: Clock

    async def post(
        self, partner: Partner, says: Warned, confirmed: Collection[Span], also: Also, *, by: Actor
    ) -> Bulletin:
        """It waits for an editor. Raises TooManyBulletins, and as `bulletin.posted` does."""
        now = self.clock.now()
        lately = await self.bulletins.posted_since(partner.id, now - timedelta(days=1), by=by)
        if lately >= bulletins.A_DAY:
            raise TooManyBulletins(most=bulletins.A_DAY)
        new = bulletins.posted(new_id(), partner.id, says, confirmed, now)
        return await self._saved(new, also, by=by)

    async def approve(
        self, bulletin_id: str, says: Warned | None, seen: int, also: Also, *, by: Actor
    ) -> Bulletin:
        """Members get it, as it stands or as edited. Raises as `bulletin.approved` does."""
        known = await self._seen(bulletin_id, seen, by)
        later = bulletins.approved(known, by.id, self.clock.now(), says)
        return await self._saved(later, also, _published(later), by=by)

    async def decline(
        self, bulletin_id: str, reason: str, seen: int, also: Also, *, by: Actor
    ) -> Bulletin:
        """Nobody gets it; the poster reads why. Raises BulletinIsDecided."""
        known = await self._seen(bulletin_id, seen, by)
        later = bulletins.declined(known, by.id, reason, self.clock.now())
        return await self._saved(later, also, by=by)

    async def withdraw(
        self, bulletin_id: str, also: Also, *, by: Actor, partner_id: str | None = None
    ) -> Bulletin:
        """Taken back by its partner, or by an editor: members learn it, and its words go.

        Raises:
            NotFound: no such bulletin, or another partner's.
            BulletinIsDecided: it was declined or withdrawn before.
        """
        known = await self.bulletins.find(bulletin_id, by=by)
        if known is None or partner_id not in (None, known.partner_id):
            raise NotFound
        later = bulletins.withdrawn(known, self.clock.now())
        told = later.sequence > known.sequence
        news = News(BulletinWithdrawn(bulletin_id=later.id), later.id, later.sequence)
        kept = await self._saved(later, also, news if told else None, by=by, empties=told)
        if told:
            await self.outbox.empty([later.id])
        return kept

    async def _seen(self, bulletin_id: str, seen: int, by: Actor) -> Bulletin:
        known = await self.bulletins.find(bulletin_id, by=by)
        if known is None:
            raise NotFound
        if known.version != seen:
            raise VersionConflict
        return known

    async def _saved(
        self,
        one: Bulletin,
        also: Also,
        news: News | None = None,
        *,
        by: Actor,
        empties: bool = False,
    ) -> Bulletin:
        async def work(session: Session) -> Bulletin:
            kept = await self.bulletins.save(session, one, by=by)
            if empties:
                await self.redactions.words_of(session, one.id)
            if news is not None:
                await self.outbox.tell(session, news)
            await also(session, kept)
            return kept

        kept: Bulletin = await self.transact(work)
        return kept


def _published(one: Bulletin) -> News:
    says = one.says
    told = BulletinPublished(
        bulletin_id=one.id,
        kind=says.kind,
        area=says.area,
        begins=says.begins,
        ends=says.ends,
        trend=says.trend,
        text=says.text,
    )
    return News(told, one.id, one.sequence)
