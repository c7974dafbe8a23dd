"""A school's order of printed copies, from the form to the door.

    received ──▶ packed ──▶ sent ──▶ delivered
        └───────────┴──▶ cancelled (the copies go back on the shelf)

Whom to send it to is kept apart, under a key of the order's own, and forgotten some time after it
has arrived or was cancelled. What stays is which school had how many of what.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from services.publishing.domain.news import OrderTaken
from services.publishing.domain.order_number import number_of
from services.publishing.domain.print_rules import NotInThisOrderState
from services.publishing.domain.shelf import Shelf, give_back, school_key, take
from services.publishing.domain.versions import Version

State = Literal["received", "packed", "sent", "delivered", "cancelled"]
STATES: tuple[State, ...] = ("received", "packed", "sent", "delivered", "cancelled")
Ending = Literal["by-school", "by-staff"]

_HERE = ZoneInfo("Europe/Stockholm")
ARRIVES_WITHIN = timedelta(days=14)
"""What was sent counts as delivered after this long, when nobody has said so."""
CONTACT_KEPT = timedelta(days=30)
"""How long after that it is still known whom it was sent to: a parcel may get lost."""

_NEXT: dict[State, State] = {"received": "packed", "packed": "sent", "sent": "delivered"}
_SV: dict[State, str] = {
    "received": "mottagen",
    "packed": "packad",
    "sent": "skickad",
    "delivered": "levererad",
    "cancelled": "avbokad",
}


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """Nothing in here is about a person. `forget_at`: when the contact is to be forgotten."""

    id: str
    number: str
    publication_id: str
    language: str
    edition: Version
    school: str
    municipality: str
    copies: int
    state: State
    ordered_at: datetime
    moved_at: datetime
    ended_by: Ending | None = None
    forget_at: datetime | None = None
    version: int = 0

    @property
    def school_key(self) -> str:
        """The school as the shelf knows it."""
        return school_key(self.school, self.municipality)


def local_day(at: datetime) -> date:
    """The day in Malmö, by which school years are reckoned."""
    return at.astimezone(_HERE).date()


def order(
    shelf: Shelf, id_: str, school: str, municipality: str, copies: int, now: datetime
) -> tuple[Shelf, PrintOrder, OrderTaken]:
    """A school wants copies of what lies on the shelf.

    Raises:
        SchoolMissing, CopiesOutOfRange, OverTheLimit, OutOfStock.
    """
    after = take(shelf, school_key(school, municipality), copies, local_day(now))
    taken = PrintOrder(
        id=id_,
        number=number_of(id_),
        publication_id=shelf.publication_id,
        language=shelf.language,
        edition=shelf.edition,
        school=school,
        municipality=municipality,
        copies=copies,
        state="received",
        ordered_at=now,
        moved_at=now,
    )
    told = OrderTaken(id_, shelf.publication_id, str(shelf.edition), copies)
    return after, taken, told


def advance(one: PrintOrder, to: State, now: datetime) -> PrintOrder:
    """One step on; to where it is already changes nothing. Raises NotInThisOrderState."""
    if one.state == to:
        return one
    if _NEXT.get(one.state) != to:
        raise _not_now(one)
    forget_at = now + CONTACT_KEPT if to == "delivered" else None
    return replace(one, state=to, moved_at=now, forget_at=forget_at)


def cancel(
    one: PrintOrder, shelf: Shelf, ending: Ending, now: datetime
) -> tuple[PrintOrder, Shelf]:
    """The copies go back. A school may as long as nothing is packed, staff until it is sent.

    Again changes nothing. Raises NotInThisOrderState.
    """
    if one.state == "cancelled":
        return one, shelf
    if one.state not in (("received",) if ending == "by-school" else ("received", "packed")):
        raise _not_now(one)
    ordered = local_day(one.ordered_at)
    after = give_back(shelf, one.school_key, one.copies, one.edition, ordered)
    ended = replace(
        one, state="cancelled", moved_at=now, ended_by=ending, forget_at=now + CONTACT_KEPT
    )
    return ended, after


def arrives(one: PrintOrder, now: datetime) -> PrintOrder:
    """What was sent long enough ago has been delivered."""
    if one.state == "sent" and now - one.moved_at >= ARRIVES_WITHIN:
        return advance(one, "delivered", now)
    return one


def _not_now(one: PrintOrder) -> NotInThisOrderState:
    return NotInThisOrderState(state=one.state, sv_state=_SV[one.state])
