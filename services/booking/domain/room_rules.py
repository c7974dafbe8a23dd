"""The rules about rooms that can say no."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class RoomIsTaken(Refusal):
    """An internal hold never overlaps anything."""

    kind = "room-is-taken"
    sv = "Rummet är upptaget då. Välj en annan tid eller ett annat rum."
    en = "The room is taken then. Choose another time or another room."


class RoomIsKnown(Refusal):
    """A room of that name, spelled with other case or spacing perhaps, is there."""

    kind = "room-is-known"
    sv = "Det finns redan ett rum som heter så."
    en = "There is a room of that name already."


class HoldTooLong(Refusal):
    """An internal hold is 5 minutes to a day long."""

    kind = "hold-too-long"
    sv = "Ett rum kan hållas i minst {least} minuter och högst {most} timmar."
    en = "A room can be held for at least {least} minutes and at most {most} hours."


class HoldIsPast(Refusal):
    """A room is held for a time to come."""

    kind = "hold-is-past"
    sv = "Välj en tid som kommer."
    en = "Choose a time to come."
