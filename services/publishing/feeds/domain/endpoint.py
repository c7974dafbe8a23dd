"""A webhook: where a partner wants entries sent, signed how, and whether it still answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from services.publishing.feeds.domain.addresses import webhook_url
from services.publishing.feeds.domain.filters import EVERYTHING, Filter
from services.publishing.feeds.domain.line import Line
from services.publishing.feeds.domain.refusals import OffByStaff
from services.publishing.feeds.domain.signatures import OVERLAP, Secret, rotated

MOST = 5
"""Webhooks of one partner."""

Why = Literal["gone", "never-answers", "by-partner", "by-staff"]
BY_STAFF: Why = "by-staff"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`thin`: what happened without the data, to be fetched by whoever still may.

    `since`: the position after which it is owed everything that it wants. `version` counts changes
    by people; the line moves without it. `off_by`: who of our staff switched it off. `switched_on`:
    its version since when it is on again.
    """

    id: str
    partner_id: str
    url: str
    secrets: tuple[Secret, ...] = field(repr=False)
    only: Filter = EVERYTHING
    thin: bool = True
    since: int = 0
    line: Line = field(default_factory=Line)
    off: Why | None = None
    off_at: datetime | None = None
    off_by: str = ""
    switched_on: int = 0
    made_at: datetime | None = None
    version: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", webhook_url(self.url))


def with_secret(endpoint: Endpoint, new: Secret, now: datetime) -> Endpoint:
    """Signed with the new one too, and for a day with those before it."""
    return replace(endpoint, secrets=rotated(endpoint.secrets, new, now, OVERLAP))


def switched_off(endpoint: Endpoint, why: Why, now: datetime, by: str = "") -> Endpoint:
    """Nothing is sent any more; the place in the log is kept. Staff's word stands over others'."""
    if endpoint.off is not None and (why != BY_STAFF or endpoint.off == BY_STAFF):
        return endpoint
    return replace(endpoint, off=why, off_at=now, off_by=by)


def switched_on(endpoint: Endpoint) -> Endpoint:
    """It goes on where it stopped, with everything that is open due at once."""
    if endpoint.off is None:
        return endpoint
    on_since = endpoint.version + 1
    return replace(endpoint, off=None, off_at=None, off_by="", switched_on=on_since)


def ensure_is_the_partners(endpoint: Endpoint) -> None:
    """Refuse a partner what would undo that staff switched it off.

    Raises:
        OffByStaff: they did.
    """
    if endpoint.off == BY_STAFF:
        raise OffByStaff


def ensure_may_be_called(url: str, others: Iterable[Endpoint]) -> None:
    """Refuse a host that staff have switched off for this partner, under another address too.

    Raises:
        OffByStaff: they did.
    """
    stopped = {urlsplit(one.url).hostname for one in others if one.off == BY_STAFF}
    if urlsplit(url).hostname in stopped:
        raise OffByStaff
