"""The rules of a meeting and its room that can say no."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class NotInThisState(Refusal):
    """The meeting's state does not know the command."""

    kind = "meeting-not-in-this-state"
    sv = "Det går inte som mötet står nu."
    en = "That cannot be done as the meeting stands now."


class MeetingIsPast(Refusal):
    """A meeting is arranged for a time to come."""

    kind = "meeting-is-past"
    sv = "Välj en tid som kommer."
    en = "Choose a time to come."


class MeetingIsAhead(Refusal):
    """Whether somebody came is known when the meeting has begun."""

    kind = "meeting-is-ahead"
    sv = "Mötet har inte börjat än."
    en = "The meeting has not begun yet."


class MeetingLength(Refusal):
    """A meeting lasts 5 minutes to 8 hours."""

    kind = "meeting-length"
    sv = "Mötet ska vara mellan {least} och {most} minuter långt."
    en = "The meeting must last between {least} and {most} minutes."


class MeetingPeople(Refusal):
    """A room is asked for 2 to 20 people."""

    kind = "meeting-people"
    sv = "Ange hur många ni blir: minst {least} och högst {most}."
    en = "Say how many you will be: at least {least} and at most {most}."


class StaffMissing(Refusal):
    """Somebody in the circle takes part."""

    kind = "staff-missing"
    sv = "Minst en i kretsen kring ärendet behöver vara med."
    en = "At least one person in the circle of the case needs to take part."
