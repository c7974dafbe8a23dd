"""A new occasion that can be booked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from services.booking.domain.activity import ensure_line, ensure_title, kind_of
from services.booking.domain.facts import OccasionPublished
from services.booking.domain.limits import ensure_capacity, ensure_leaders, ensure_length
from services.booking.domain.occasion import Decided, Occasion
from shared.kernel.ids import ActivityId, OccasionId
from shared.kernel.wall_clock import ensure_exists_once


def publish(
    occasion_id: OccasionId,
    *,
    activity_id: ActivityId,
    title: str,
    kind: str,
    audience: str,
    starts_local: datetime,
    zone: str,
    minutes: int,
    room: str,
    capacity: int,
    leaders: Iterable[str] = (),
    flags: Iterable[str] = (),
) -> Decided:
    """A new occasion. `starts_local` is naive; a past time is allowed, as history is imported too.

    Raises TextMissing, TextTooLong, UnknownActivityKind, UnknownTimeZone, TimeDoesNotExist,
    TimeIsAmbiguous, LengthOutOfRange or CapacityOutOfRange.
    """
    ensure_exists_once(starts_local, zone)
    occasion = Occasion(
        id=occasion_id,
        activity_id=activity_id,
        title=ensure_title(title),
        kind=kind_of(kind),
        audience=ensure_line(audience),
        starts_local=starts_local,
        zone=zone,
        minutes=ensure_length(minutes),
        room=ensure_line(room),
        capacity=ensure_capacity(capacity),
        leaders=ensure_leaders(leaders),
        flags=tuple(flags),
        sequence=1,
    )
    return occasion, (OccasionPublished(occasion_id=occasion_id, sequence=1),)
