"""Offers to the line: when they are made, how long they stand, and the answers to them."""

from __future__ import annotations

from dataclasses import replace

from services.booking.domain.closing_line import close_line
from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import (
    BookingConfirmed,
    OfferDeadlineMoved,
    OfferDeclined,
    OfferExpired,
    PlaceOffered,
)
from services.booking.domain.granting import free_places, in_last_days, is_aged
from services.booking.domain.place import Offer, Place
from services.booking.domain.rules import (
    OfferHasExpired,
    OfferIsAccepted,
    OfferIsDeclined,
    OfferIsWithdrawn,
    OfferNotFound,
)
from services.booking.domain.turns import OFFERS_STOP
from shared.kernel.ids import OfferId
from shared.kernel.refusal import Refusal

OFFER_OFFICE_HOURS = 8

_ENDED: dict[str, type[Refusal]] = {
    "expired": OfferHasExpired,
    "declined": OfferIsDeclined,
    "withdrawn": OfferIsWithdrawn,
}


def settle(deciding: Deciding) -> None:
    """End the offers whose time is out, offer what is free to whose turn it is, close the line."""
    begin = len(deciding.facts)
    dead = [
        index
        for index, place in enumerate(deciding.places)
        if place.state == "offered" and place.offer and place.offer.deadline <= deciding.now
    ]
    for gone, index in enumerate(dead):
        place = deciding.remove(index - gone, "expired")
        deciding.tell(place, OfferExpired, offer_id=_offer_of(place).offer_id)
    offer_what_is_free(deciding)
    _say_what_was_passed_on(deciding, begin)
    close_line(deciding)


def offer_what_is_free(deciding: Deciding) -> None:
    """Walk the line in order and offer to each party that fits, until an aged one stops it."""
    free = free_places(deciding)
    if free <= 0 or deciding.offers_are_over:
        return
    # Asked for every decision, and mostly nobody fits: the walk is for when somebody does.
    if not [place for place in deciding.places if place.size <= free and place.state == "waiting"]:
        return
    passed: list[int] = []
    for index, place in enumerate(deciding.places):
        if place.state != "waiting" or place.size > deciding.capacity:
            continue
        if place.size <= free:
            free -= place.size
            _make_offer(deciding, index)
            _overtake(deciding, passed)
            held = any(is_aged(deciding.places[i], deciding.capacity) for i in passed)
        else:
            passed.append(index)
            held = is_aged(place, deciding.capacity)
        if held and not in_last_days(deciding):
            return


def accept(deciding: Deciding, offer_id: OfferId) -> None:
    """A yes: the party has its places. A second yes to the same offer is quiet.

    Raises OfferNotFound, OfferHasExpired, OfferIsDeclined or OfferIsWithdrawn.
    """
    index = _index_of_offer(deciding, offer_id)
    place = deciding.places[index]
    if place.state == "offered":
        told = deciding.tell(place, BookingConfirmed, offer_id=offer_id)
        deciding.places[index] = replace(told, state="confirmed")


def decline(deciding: Deciding, offer_id: OfferId) -> None:
    """A no: the party leaves the line, and the next that fits gets an offer. Repeated: quiet.

    Raises OfferNotFound, OfferHasExpired, OfferIsWithdrawn, or OfferIsAccepted after a yes.
    """
    try:
        index = _index_of_offer(deciding, offer_id)
    except OfferIsDeclined:
        return
    if deciding.places[index].state == "confirmed":
        raise OfferIsAccepted
    begin = len(deciding.facts)
    place = deciding.remove(index, "declined")
    deciding.tell(place, OfferDeclined, offer_id=offer_id)
    offer_what_is_free(deciding)
    _say_what_was_passed_on(deciding, begin)


def bring_deadlines_forward(deciding: Deciding) -> None:
    """After a change of time: no offer stands past two hours before the start."""
    last = deciding.starts_at - OFFERS_STOP
    for index, place in enumerate(deciding.places):
        if place.state == "offered" and place.offer and place.offer.deadline > last:
            offer = replace(place.offer, deadline=last)
            told = deciding.tell(
                place, OfferDeadlineMoved, offer_id=offer.offer_id, deadline=offer.deadline
            )
            deciding.places[index] = replace(told, offer=offer)


def _make_offer(deciding: Deciding, index: int) -> None:
    now = deciding.now
    in_office_time = deciding.office.add_office_hours(now, OFFER_OFFICE_HOURS)
    deadline = min(in_office_time, deciding.starts_at - OFFERS_STOP)
    offer = Offer(OfferId(deciding.offer_ids()), made_at=now, deadline=deadline)
    told = deciding.tell(
        deciding.places[index],
        PlaceOffered,
        offer_id=offer.offer_id,
        made_at=now,
        deadline=deadline,
    )
    deciding.places[index] = replace(told, state="offered", offer=offer)


def _say_what_was_passed_on(deciding: Deciding, begin: int) -> None:
    """Offers that ended since `begin` were passed on if somebody was offered places since then."""
    since = deciding.facts[begin:]
    if any(isinstance(fact, PlaceOffered) for fact in since):
        deciding.facts[begin:] = [
            replace(fact, passed_on=True)
            if isinstance(fact, OfferExpired | OfferDeclined)
            else fact
            for fact in since
        ]


def _overtake(deciding: Deciding, passed: list[int]) -> None:
    # Whoever was passed did not fit what was free then, and less is free now.
    for index in passed:
        place = deciding.places[index]
        deciding.places[index] = replace(place, overtaken=place.overtaken + 1)


def _index_of_offer(deciding: Deciding, offer_id: OfferId) -> int:
    for index, place in enumerate(deciding.places):
        if place.offer and place.offer.offer_id == offer_id:
            return index
    for ended in deciding.ended_offers:
        if ended.offer_id == offer_id:
            raise _ENDED[ended.end]
    raise OfferNotFound


def _offer_of(place: Place) -> Offer:
    if place.offer is None:
        raise ValueError("an offered place has an offer")
    return place.offer
