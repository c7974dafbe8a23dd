"""The end of the line: who still waits when no place can be given any more is told so, once."""

from __future__ import annotations

from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import BookingUnserved


def close_line(deciding: Deciding) -> None:
    """From two hours before the start nothing is offered: whoever waits then has waited in vain.

    They leave the line, in its order. Before that moment nothing happens.
    """
    if not deciding.offers_are_over:
        return
    waiting = [place for place in deciding.places if place.state == "waiting"]
    if not waiting:
        return
    deciding.places = [place for place in deciding.places if place.state != "waiting"]
    for place in waiting:
        deciding.tell(place, BookingUnserved)
