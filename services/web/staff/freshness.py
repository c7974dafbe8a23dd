"""How long a proof of who somebody is counts for what an unattended screen must not give away."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.kernel.clock import real_now

FRESH = timedelta(minutes=15)
"""For opening such a page."""
STILL_FRESH = timedelta(minutes=45)
"""For sending a form of such a page, which takes a while to write."""


def is_fresh(proved_at: datetime | None, *, within: timedelta = FRESH) -> bool:
    """Whether it was a short while ago; what nobody knows was not."""
    return proved_at is not None and real_now() - proved_at <= within
