"""How often one address may send a form that anybody can send: enough for a school, not a flood.

A school is one address for all its classes. Counted in memory, by each process for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from services.web.settings import Settings
from shared.web.rate_limit import TokenBuckets
from shared.web.refusals import TooManyRequests
from shared.web.visitor import visitor_of


@dataclass(frozen=True, slots=True)
class FormLimits:
    """A bucket per address for bookings, and one for those who write to somebody."""

    bookings: TokenBuckets
    support: TokenBuckets

    @classmethod
    def of(cls, settings: Settings) -> FormLimits:
        """As the settings say."""
        return cls(
            TokenBuckets(settings.bookings_burst, settings.bookings_per_minute / 60),
            TokenBuckets(settings.support_burst, settings.support_per_hour / 3600),
        )


def take(buckets: TokenBuckets, request: Request) -> None:
    """Raises TooManyRequests when the address has sent too many."""
    if not buckets.take(visitor_of(request)):
        raise TooManyRequests
