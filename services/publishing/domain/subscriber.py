"""A subscriber: one address, and where it stands on each list. The address itself is not in here.

One form is one question: lists that were asked for in the same moment are confirmed by one press.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.publishing.domain.address import Address
from services.publishing.domain.bounce_score import Score
from services.publishing.domain.consent import Asked
from services.publishing.domain.links import key_of
from services.publishing.domain.segments import Facts, Field
from services.publishing.domain.subscription import (
    ASK_AGAIN_AFTER,
    CONFIRM_WITHIN,
    Leaving,
    NothingToConfirm,
    Subscription,
    ask,
    confirm,
    leave,
)
from shared.kernel.joiners import filtered
from shared.kernel.refusal import Refusal

GONE_AFTER = timedelta(days=365)
"""Who is on no list for a year is forgotten: nothing needs their address any more."""
SHOWN = ("address", "name")
"""What a reading of somebody's address shows."""
NO_TROUBLE = Score()
LONGEST_NAME = 80


class NameTooLong(Refusal):
    """A name is one line."""

    kind = "name-too-long"
    sv = "Namnet får ha högst {limit} tecken."
    en = "The name may have at most {limit} characters."


@dataclass(frozen=True, slots=True)
class Subscriber:
    """`on` is by list id; `trouble` is what bounces hold against the address.

    `last_letter_at` is when the newest single letter to them goes, or went.
    """

    id: uuid.UUID
    language: str
    on: Mapping[str, Subscription] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    municipality: str = ""
    role: str = ""
    trouble: Score = NO_TROUBLE
    last_letter_at: datetime | None = None
    version: int = 0

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The lists that they get."""
        return tuple(sorted(name for name, each in self.on.items() if each.state == "confirmed"))

    def facts(self, list_id: str) -> Facts | None:
        """What a segment of a list may ask; None when they are not on it."""
        place = self.on.get(list_id)
        if place is None or place.state != "confirmed" or place.consent is None:
            return None
        fields: dict[Field, frozenset[str]] = {
            "list": frozenset(self.confirmed),
            "language": frozenset({self.language}),
            "tag": self.tags,
            "municipality": frozenset({self.municipality} - {""}),
            "role": frozenset({self.role} - {""}),
        }
        return Facts(str(self.id), fields, place.consent.confirmed_at)


@dataclass(frozen=True, slots=True)
class Contact:
    """The sealed part: for the eyes of who sends, and of whoever leaves a trace."""

    address: Address
    name: str = ""


class Addressee(NamedTuple):
    """Who is written to, with all that a letter needs; the address as text."""

    language: str
    address: str
    name: str


def asks(known: Subscriber, wishes: Mapping[str, Asked]) -> tuple[Subscriber, bool]:
    """Wishes from one form, by list id, and whether an opt-in letter is due for them."""
    on, due = dict(known.on), False
    for list_id, asked in sorted(wishes.items()):
        on[list_id], owed = ask(on.get(list_id), str(known.id), list_id, asked)
        due = due or owed
    return replace(known, on=on), due


def writes(known: Subscriber, now: datetime) -> tuple[Subscriber, datetime]:
    """One more single letter to them, and when it may go: ten minutes after the one before."""
    last = known.last_letter_at
    at = now if last is None else max(now, last + ASK_AGAIN_AFTER)
    return replace(known, last_letter_at=at), at


def form(known: Subscriber, at: datetime) -> tuple[Subscription, ...]:
    """What was asked for in that moment and still waits for an answer, by list id."""
    waiting = [
        each for each in known.on.values() if each.state == "pending" and each.asked.at == at
    ]
    return tuple(sorted(waiting, key=lambda each: each.list_id))


def confirms(known: Subscriber, list_key: bytes, asking: int, now: datetime) -> Subscriber:
    """The link of an opt-in letter was pressed: all that its form asked for. Once more is quiet.

    Raises:
        NothingToConfirm: another asking's link, or they have left since.
        TooLateToConfirm: more than a week has passed.
    """
    place = at_key(known, list_key)
    if place is None:
        raise NothingToConfirm
    done = {place.list_id: confirm(place, asking, now)}
    for other in form(known, place.asked.at):
        done[other.list_id] = confirm(other, other.asking, now)
    return replace(known, on={**known.on, **done})


def leaves(
    known: Subscriber, lists: Collection[str] | None, how: Leaving, now: datetime
) -> Subscriber:
    """Off these lists, or off all of them. A list that they were never on changes nothing."""
    gone = {
        name: leave(each, how, now)
        for name, each in known.on.items()
        if lists is None or name in lists
    }
    return replace(known, on={**known.on, **gone})


def forget_at(known: Subscriber) -> datetime | None:
    """From when on nothing needs their address; None while they get something.

    Who never confirmed is forgotten after a week, who left after a year: until then a mistake can
    be put right, and it can be shown what they had agreed to.
    """
    if known.confirmed:
        return None
    return max((_needed_until(each) for each in known.on.values()), default=None)


def _needed_until(place: Subscription) -> datetime:
    if place.left_at is not None:
        return place.left_at + GONE_AFTER
    return place.asked.at + CONFIRM_WITHIN


def one_line_name(text: str) -> str:
    """A name on one line; may be empty. Raises NameTooLong."""
    name = " ".join(filtered(" ".join(text.split()), str.isprintable).split())
    if len(name) > LONGEST_NAME:
        raise NameTooLong(limit=LONGEST_NAME)
    return name


def at_key(known: Subscriber, list_key: bytes) -> Subscription | None:
    """The place that a link of theirs is about."""
    return next((each for name, each in known.on.items() if key_of(name) == list_key), None)
