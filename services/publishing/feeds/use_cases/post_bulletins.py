"""Early warnings: posted by a member, approved, edited or declined by an editor, withdrawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.publishing.feeds.domain import bulletin as bulletins
from services.publishing.feeds.domain.bulletin import Bulletin, State, Warned
from services.publishing.feeds.domain.bulletin_words import Span
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.domain.refusals import TooManyBulletins
from services.publishing.feeds.storage.bulletins import SHOWN, Bulletins
from services.publishing.feeds.storage.redactions import Redactions
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.audit.sealed import Receipt
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


POST, DECIDE = "cews:post", "bulletins.decide"
"""By which right: a partner's scope, an editor's permission."""


@dataclass(frozen=True, slots=True)
class PostBulletins:
    """Nothing of a person stands in one; who posted it is told to nobody but editors.

    Whatever is done with one is in the audit before it is done, and whoever of our staff reads its
    words is there before they do. Without the audit, nothing is done and nothing is read.
    """

    bulletins: Bulletins
    redactions: Redactions
    outbox: Outbox
    transact: Transact
    clock: Clock
    audit: Audit

    async def post(
        self, partner: Partner, says: Warned, confirmed: Collection[Span], also: Also, *, by: Actor
    ) -> Bulletin:
        """It waits for an editor.

        Raises TooManyBulletins, AuditUnavailable, and as `bulletin.posted` does.
        """
        now = self.clock.now()
        lately = await self.bulletins.posted_since(partner.id, now - timedelta(days=1), by=by)
        if lately >= bulletins.A_DAY:
            raise TooManyBulletins(most=bulletins.A_DAY)
        new = bulletins.posted(new_id(), partner.id, says, confirmed, now)
        await self._record(by, [new.id], (*SHOWN, "posted"), POST)
        return await self._saved(new, also, by=by)

    async def approve(
        self, bulletin_id: str, says: Warned | None, seen: int, also: Also, *, by: Actor
    ) -> Bulletin:
        """Members get it, as it stands or as edited.

        Raises NotFound, VersionConflict, AuditUnavailable, and as `bulletin.approved` does.
        """

        def approved(known: Bulletin) -> Bulletin:
            _ensure_seen(known, seen)
            return bulletins.approved(known, by.id, self.clock.now(), says)

        did = ("approved",) if says is None else ("approved", "edited")
        later = await self._decided(bulletin_id, approved, did, DECIDE, by=by)
        return await self._saved(later, also, _published(later), by=by)

    async def decline(
        self, bulletin_id: str, reason: str, seen: int, also: Also, *, by: Actor
    ) -> Bulletin:
        """Nobody gets it; the poster reads why.

        Raises NotFound, VersionConflict, BulletinIsDecided, AuditUnavailable.
        """

        def declined(known: Bulletin) -> Bulletin:
            _ensure_seen(known, seen)
            return bulletins.declined(known, by.id, reason, self.clock.now())

        later = await self._decided(bulletin_id, declined, ("declined",), DECIDE, by=by)
        return await self._saved(later, also, by=by)

    async def withdraw(
        self, bulletin_id: str, also: Also, *, by: Actor, partner_id: str | None = None
    ) -> Bulletin:
        """Taken back by its partner, or by an editor: members learn it, and its words go.

        Raises:
            NotFound: no such bulletin, or another partner's.
            BulletinIsDecided: it was declined or withdrawn before.
            AuditUnavailable: it could not be recorded.
        """

        def withdrawn(known: Bulletin) -> Bulletin:
            if partner_id not in (None, known.partner_id):
                raise NotFound
            return bulletins.withdrawn(known, self.clock.now())

        rule = DECIDE if partner_id is None else POST
        later = await self._decided(bulletin_id, withdrawn, ("withdrawn",), rule, by=by)
        told = later.sequence > 1
        news = News(BulletinWithdrawn(bulletin_id=later.id), later.id, later.sequence)
        kept = await self._saved(later, also, news if told else None, by=by, empties=told)
        if told:
            await self.outbox.empty([later.id])
        return kept

    async def read(self, bulletin_id: str, *, by: Actor) -> Bulletin:
        """One, by an editor. Raises NotFound, AuditUnavailable."""
        sealed = await self.bulletins.find(bulletin_id, by=by)
        return await self.audit.open(by, sealed, purpose=Purpose.EARLY_WARNING, rule=DECIDE)

    async def page(
        self, state: State | None, *, limit: int, offset: int, by: Actor
    ) -> tuple[list[Bulletin], int]:
        """A page of them, by an editor, and how many there are. Raises AuditUnavailable."""
        sealed, total = await self.bulletins.page(state, limit=limit, offset=offset, by=by)
        purpose = Purpose.EARLY_WARNING
        return await self.audit.open(by, sealed, purpose=purpose, rule=DECIDE), total

    async def _decided(
        self,
        bulletin_id: str,
        decide: Callable[[Bulletin], Bulletin],
        did: Sequence[str],
        rule: str,
        *,
        by: Actor,
    ) -> Bulletin:
        """What becomes of it, once that is in the audit. What is refused was not done."""
        found = await self.bulletins.find(bulletin_id, by=by)
        later = found.map(decide)
        receipt = await self._record(by, found.subjects, (*found.fields, *did), rule)
        return later.opened_by(receipt)

    async def _record(
        self, by: Actor, subjects: Sequence[str], fields: Sequence[str], rule: str
    ) -> Receipt:
        purpose = Purpose.EARLY_WARNING
        return await self.audit.record(
            by, subjects=subjects, fields=fields, purpose=purpose, rule=rule
        )

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


def _ensure_seen(known: Bulletin, seen: int) -> None:
    if known.version != seen:
        raise VersionConflict


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
