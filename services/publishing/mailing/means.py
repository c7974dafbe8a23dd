"""What a mailer works with, put together by whoever starts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.publishing.domain.limits import Key, Limit
from services.publishing.mailing.allowance import Moments
from services.publishing.mailing.connection import MailServer
from services.publishing.mailing.ports import (
    Contents,
    Ledgers,
    Readers,
    Steering,
    Trouble,
)
from services.publishing.mailing.scribes import Writes


@dataclass(frozen=True, slots=True)
class Means:
    """What a mailer works with; `limit_of` is what the house allows."""

    ledgers: Ledgers
    contents: Contents
    readers: Readers
    steering: Steering
    trouble: Trouble
    moments: Moments
    writes: Writes
    server: MailServer
    connections: int
    limit_of: Callable[[Key], Limit | None]
