"""A partner's webhooks: made, changed, switched, tested, set back; by itself or by staff."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.publishing.feeds.domain import endpoint as endpoints
from services.publishing.feeds.domain.endpoint import MOST, Endpoint
from services.publishing.feeds.domain.entry import seen_with
from services.publishing.feeds.domain.filters import Filter
from services.publishing.feeds.domain.line import Line
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.domain.refusals import EndpointIsOff, FromWhere, TooManyEndpoints
from services.publishing.feeds.domain.signatures import SECRET_BYTES, Scheme, Secret
from services.publishing.feeds.storage.log import FeedLog, Sight
from services.publishing.feeds.storage.webhook_documents import Errand
from services.publishing.feeds.storage.webhooks import Webhooks
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.kernel.refusal import VersionConflict
from shared.mongo.client import Session

Transact = Callable[[Callable[[Session], Awaitable[Any]]], Awaitable[Any]]
Also = Callable[[Session, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class WebhookWanted:
    """Where entries are to go. `history`: also what has happened before."""

    url: str
    only: Filter
    thin: bool = True
    scheme: Scheme = "v1a"
    history: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """A replay that was not asked for yet: `entries` of the log after `after`, up to `upto`."""

    after: int
    upto: int
    entries: int


@dataclass(frozen=True, slots=True)
class KeepWebhooks:
    """Entries sent to an address of yours, signed; one that is away holds up nobody else."""

    webhooks: Webhooks
    log: FeedLog
    transact: Transact

    async def add(self, partner: Partner, wanted: WebhookWanted, also: Also) -> Endpoint:
        """A new one; its secret is shown in the answer, once.

        Raises:
            AddressNotAllowed, OffByStaff, TooManyEndpoints: see each.
        """
        others = await self.webhooks.of_partner(partner.id)
        if len(others) >= MOST:
            raise TooManyEndpoints(most=MOST)
        begins = 0 if wanted.history else await self.log.head()
        new = Endpoint(
            id=new_id(),
            partner_id=partner.id,
            url=wanted.url,
            secrets=(_secret(wanted.scheme),),
            only=wanted.only,
            thin=wanted.thin,
            since=begins,
            line=Line(read_up_to=begins),
            made_at=real_now(),
        )
        endpoints.ensure_may_be_called(new.url, others)
        await self.webhooks.new_key(new.id)

        async def work(session: Session) -> Endpoint:
            kept = await self.webhooks.add(session, new)
            await also(session, kept)
            return kept

        made: Endpoint = await self.transact(work)
        return made

    async def change(
        self, known: Endpoint, *, url: str, only: Filter, thin: bool, seen: int
    ) -> Endpoint:
        """Where, what and how much from now on.

        Raises:
            AddressNotAllowed, OffByStaff, VersionConflict: see each.
        """
        if known.version != seen:
            raise VersionConflict
        endpoints.ensure_is_the_partners(known)
        later = replace(known, url=url, only=only, thin=thin)
        others = await self.webhooks.of_partner(known.partner_id)
        endpoints.ensure_may_be_called(later.url, others)
        return await self._saved(later)

    async def rotate(self, known: Endpoint, scheme: Scheme, also: Also) -> Endpoint:
        """A new secret, first in the list; for a day both sign."""
        return await self._saved(endpoints.with_secret(known, _secret(scheme), real_now()), also)

    async def switch(self, known: Endpoint, *, on: bool, also: Also) -> Endpoint:
        """By its partner. Off: nothing is sent, its place is kept. On: it goes on there.

        Raises:
            OffByStaff: see there.
        """
        if on:
            endpoints.ensure_is_the_partners(known)
            return await self._saved(endpoints.switched_on(known), also)
        return await self._saved(endpoints.switched_off(known, "by-partner", real_now()), also)

    async def switch_for(self, known: Endpoint, *, on: bool, also: Also, by: str) -> Endpoint:
        """The same by staff (`by`): what they switched off, its partner cannot switch on."""
        if on:
            return await self._saved(endpoints.switched_on(known), also)
        off = endpoints.switched_off(known, endpoints.BY_STAFF, real_now(), by)
        return await self._saved(off, also)

    async def remove(self, known: Endpoint) -> None:
        """It is not there any more. Raises OffByStaff: else another one would take its place."""
        endpoints.ensure_is_the_partners(known)

        async def work(session: Session) -> None:
            await self.webhooks.remove(session, known)

        await self.transact(work)

    async def ping(self, known: Endpoint, also: Also) -> Errand:
        """A test call, once, with a signature and nothing in it. Raises EndpointIsOff."""
        return await self._ask(known, Errand(new_id(), known.id, "ping"), also)

    async def resend(self, known: Endpoint, event_id: str, also: Also) -> Errand:
        """One entry again, once. Raises EndpointIsOff, UnknownPosition."""
        await self.log.position_of(event_id)
        return await self._ask(known, Errand(new_id(), known.id, "resend", event_id), also)

    async def replay(
        self, known: Endpoint, *, after: int | None, since: datetime | None, also: Also
    ) -> Errand:
        """Everything after a position, or since a time, again.

        Raises:
            EndpointIsOff: see there.
            FromWhere: neither was said, or both.
        """
        at = await self._from(after, since)
        return await self._ask(known, Errand(new_id(), known.id, "replay", after=at), also)

    async def in_a_replay(
        self, partner: Partner, known: Endpoint, *, after: int | None, since: datetime | None
    ) -> Preview:
        """What a replay from there would send, if it began now. Raises FromWhere."""
        at, upto = await self._from(after, since), await self.log.head()
        sight = Sight(seen_with(partner.scopes), partner.only, known.only)
        return Preview(at, upto, await self.log.count(sight, after=at, upto=upto))

    async def _from(self, after: int | None, since: datetime | None) -> int:
        if (after is None) == (since is None):
            raise FromWhere
        return (after or 0) if since is None else await self.log.before(since)

    async def _ask(self, known: Endpoint, errand: Errand, also: Also) -> Errand:
        if known.off is not None:
            raise EndpointIsOff

        async def work(session: Session) -> None:
            await self.webhooks.errands.ask(session, errand)
            await also(session, errand)

        await self.transact(work)
        return errand

    async def _saved(self, one: Endpoint, also: Also | None = None) -> Endpoint:
        async def work(session: Session) -> Endpoint:
            kept = await self.webhooks.change(session, one)
            if also is not None:
                await also(session, kept)
            return kept

        kept: Endpoint = await self.transact(work)
        return kept


def _secret(scheme: Scheme) -> Secret:
    return Secret(scheme, secrets.token_bytes(SECRET_BYTES))
