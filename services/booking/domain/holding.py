"""Internal holds: somebody in the house needs a room. Who and why is not for everybody to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.booking.domain.activity import ensure_line
from services.booking.domain.room_day import Claim
from services.booking.domain.room_rules import HoldIsPast, HoldTooLong

LEAST, MOST = timedelta(minutes=5), timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Hold:
    """A room held for an interval. All holds are alike, whoever in the house asked for them."""

    id: str
    room_id: str
    room: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    purpose: str = ""
    version: int = 1

    @property
    def claim(self) -> Claim:
        """As it stands in the days of the room."""
        return Claim(self.id, "hold", self.starts_at, self.ends_at, self.purpose)


def ensure_may_be_held(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raises HoldTooLong or HoldIsPast."""
    if not LEAST <= ends_at - starts_at <= MOST:
        raise HoldTooLong(least=LEAST // timedelta(minutes=1), most=MOST // timedelta(hours=1))
    if starts_at <= now:
        raise HoldIsPast


def ensure_purpose(purpose: str) -> str:
    """One short line, or nothing; raises TextTooLong."""
    return ensure_line(purpose)
