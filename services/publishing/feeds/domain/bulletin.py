"""An early warning from one member of the network to the others (CEWS), after an editor's look."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from services.publishing.feeds.domain.bulletin_words import (
    Span,
    ensure_points_at_nobody,
    likely_names,
)
from services.publishing.feeds.domain.refusals import BulletinIsDecided, BulletinMakesNoSense

Kind = Literal["propaganda", "recruitment", "gathering", "threat", "online", "other"]
Trend = Literal["rising", "steady", "falling"]
State = Literal["waiting", "approved", "declined", "withdrawn"]

A_DAY = 20
"""Bulletins that one partner may post within 24 hours."""
LONGEST_TEXT = 1000
LONGEST_AREA = 80
LONGEST_PERIOD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Warned:
    """What is warned of. `area` is a place on a map, never an address; days are inclusive."""

    kind: Kind
    area: str
    begins: date
    ends: date
    trend: Trend
    text: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """`sequence` counts what was told of it."""

    id: str
    partner_id: str
    says: Warned
    state: State = "waiting"
    posted_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""
    edited: bool = False
    sequence: int = 0
    version: int = 0


def posted(
    bulletin_id: str, partner_id: str, says: Warned, confirmed: Collection[Span], now: datetime
) -> Bulletin:
    """It waits for an editor.

    Raises:
        BulletinMakesNoSense, BulletinNotAllowed, NamesToConfirm: see each.
    """
    _ensure_sense(says)
    ensure_points_at_nobody(says.text, confirmed)
    ensure_points_at_nobody(says.area, [Span(1, len(says.area))])
    return Bulletin(bulletin_id, partner_id, says, posted_at=now)


def approved(bulletin: Bulletin, by: str, now: datetime, says: Warned | None = None) -> Bulletin:
    """Members get it, as it stands or as the editor has put it; the same rules hold for both.

    An editor's own eyes are the confirmation that no name in it is a person's.

    Raises:
        BulletinIsDecided, BulletinMakesNoSense, BulletinNotAllowed: see each.
    """
    _ensure_waits(bulletin)
    now_says = says or bulletin.says
    _ensure_sense(now_says)
    ensure_points_at_nobody(now_says.text, likely_names(now_says.text))
    return replace(
        bulletin,
        says=now_says,
        edited=now_says != bulletin.says,
        state="approved",
        decided_by=by,
        decided_at=now,
        sequence=1,
    )


def declined(bulletin: Bulletin, by: str, reason: str, now: datetime) -> Bulletin:
    """Nobody gets it; the poster learns why.

    Raises:
        BulletinIsDecided: see there.
    """
    _ensure_waits(bulletin)
    return replace(bulletin, state="declined", reason=reason, decided_by=by, decided_at=now)


def withdrawn(bulletin: Bulletin, now: datetime) -> Bulletin:
    """Taken back; who had it is told so, and its text goes from the log.

    Raises:
        BulletinIsDecided: it was declined or withdrawn before.
    """
    if bulletin.state not in ("waiting", "approved"):
        raise BulletinIsDecided
    told = bulletin.state == "approved"
    return replace(
        bulletin,
        state="withdrawn",
        sequence=bulletin.sequence + 1 if told else bulletin.sequence,
        decided_at=now,
    )


def _ensure_waits(bulletin: Bulletin) -> None:
    if bulletin.state != "waiting":
        raise BulletinIsDecided


def _ensure_sense(says: Warned) -> None:
    if (
        not timedelta() <= says.ends - says.begins <= LONGEST_PERIOD
        or not 1 <= len(says.text.strip()) <= LONGEST_TEXT
        or not 2 <= len(says.area.strip()) <= LONGEST_AREA
    ):
        raise BulletinMakesNoSense
