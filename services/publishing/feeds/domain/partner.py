"""An organisation that reads our feeds with its own systems, and what it may do there."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address, ip_network

from services.publishing.feeds.domain import keys
from services.publishing.feeds.domain.filters import EVERYTHING, Filter
from services.publishing.feeds.domain.keys import PartnerKey
from services.publishing.feeds.domain.reconciling import Entitlement
from services.publishing.feeds.domain.refusals import (
    KeyDoesNotOpen,
    NotASubscriber,
    PartnerHasLeft,
    ScopeMissing,
    TwoKeysAlready,
)
from shared.kernel.refusal import NotFound

SCOPES = frozenset({"feed:read", "cews:read", "cews:post", "webhooks:manage", "keys:manage"})
KEYS_AT_ONCE = 2
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")
_KEYS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Partner:
    """`name` is the short one by which people speak of it; `title` the organisation's own.

    `networks`: from where its keys may be used; none named means from anywhere. `client`: the
    subject of its OAuth client's tokens. `entitlements`: what it may have, since when.
    """

    id: str
    name: str
    title: str
    scopes: frozenset[str]
    only: Filter = EVERYTHING
    networks: tuple[str, ...] = ()
    client: str | None = None
    per_minute: int = 600
    keys: tuple[PartnerKey, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    made_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0

    def __post_init__(self) -> None:
        if (
            not _NAME.fullmatch(self.name)
            or not 1 <= len(self.title.strip()) <= 120
            or not self.scopes <= SCOPES
            or not all(map(_is_network, self.networks))
            or not 1 <= self.per_minute <= 100_000
        ):
            raise NotASubscriber

    def working_keys(self, now: datetime) -> tuple[PartnerKey, ...]:
        """Those that open something now."""
        return tuple(key for key in self.keys if key.works(now))


def joined(partner: Partner, now: datetime) -> Partner:
    """A new one: it may have everything since the beginning, as far as its scopes go."""
    first = Entitlement(0, partner.scopes, partner.only)
    return replace(partner, entitlements=(first,), made_at=now)


def changed(
    partner: Partner,
    *,
    position: int,
    title: str,
    scopes: Collection[str],
    only: Filter,
    networks: Sequence[str],
    client: str | None,
    per_minute: int,
) -> Partner:
    """What it may do from now on; what was told up to `position` was owed by what held then."""
    _still_here(partner)
    scopes = frozenset(scopes)
    entitlements = partner.entitlements
    if (scopes, only) != (partner.scopes, partner.only):
        earlier = tuple(one for one in entitlements if one.after < position)
        entitlements = (*earlier, Entitlement(position, scopes, only))
    return replace(
        partner,
        title=title,
        scopes=scopes,
        only=only,
        networks=tuple(networks),
        client=client,
        per_minute=per_minute,
        entitlements=entitlements,
    )


def ended(partner: Partner, now: datetime) -> Partner:
    """Nothing of it works from now on."""
    if partner.ended_at is not None:
        return partner
    return replace(partner, ended_at=now, keys=tuple(_revoked(key, now) for key in partner.keys))


def with_key(
    partner: Partner, text: str, now: datetime, *, expires_at: datetime | None = None
) -> Partner:
    """A key more: two may work at once, so that one can be changed for the other.

    Raises:
        TwoKeysAlready, PartnerHasLeft: see each.
    """
    _still_here(partner)
    if len(partner.working_keys(now)) >= KEYS_AT_ONCE:
        raise TwoKeysAlready
    new = PartnerKey(keys.id_of(text), keys.digest_of(text), now, expires_at)
    return replace(partner, keys=(*partner.keys, new)[-_KEYS_KEPT:])


def without_key(partner: Partner, key_id: str, now: datetime) -> Partner:
    """The key opens nothing from now on; again is harmless.

    Raises:
        NotFound: no such key.
    """
    if all(key.id != key_id for key in partner.keys):
        raise NotFound
    later = tuple(_revoked(key, now) if key.id == key_id else key for key in partner.keys)
    return replace(partner, keys=later)


def ensure_may_come_in(partner: Partner, address: str) -> None:
    """Refuse one that has left, or comes from where it may not come from.

    Raises:
        KeyDoesNotOpen: which of them is not told.
    """
    if partner.ended_at is not None or not _is_within(address, partner.networks):
        raise KeyDoesNotOpen


def ensure_key_opens(partner: Partner, text: str, now: datetime) -> None:
    """Refuse a key that is not one of the partner's, or works no longer.

    Raises:
        KeyDoesNotOpen: which of them is not told.
    """
    if not any(keys.opens(key, text, now) for key in partner.keys):
        raise KeyDoesNotOpen


def ensure_scope(partner: Partner, scope: str) -> None:
    """Refuse what the partner was not given.

    Raises:
        ScopeMissing: it names what is missing.
    """
    if scope not in partner.scopes:
        raise ScopeMissing(scope=scope)


def _still_here(partner: Partner) -> None:
    if partner.ended_at is not None:
        raise PartnerHasLeft


def _revoked(key: PartnerKey, now: datetime) -> PartnerKey:
    return key if key.revoked_at is not None else replace(key, revoked_at=now)


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _is_within(address: str, networks: Sequence[str]) -> bool:
    if not networks:
        return True
    try:
        here = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(here, "ipv4_mapped", None) or here
    return any(mapped in ip_network(net) for net in networks)
