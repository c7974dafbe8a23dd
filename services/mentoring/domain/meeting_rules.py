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


class TimeDoesNotExist(Refusal):
    """The clocks go forward over this wall-clock time."""

    kind = "time-does-not-exist"
    sv = "Den tiden finns inte: klockan ställs fram då. Välj en annan tid."
    en = "That time does not exist: the clocks go forward then. Choose another time."


class TimeIsAmbiguous(Refusal):
    """The clocks go back: this wall-clock time comes twice."""

    kind = "time-is-ambiguous"
    sv = "Den tiden finns två gånger: klockan ställs tillbaka då. Välj en annan tid."
    en = "That time comes twice: the clocks go back then. Choose another time."


class UnknownTimeZone(Refusal):
    """The zone is an IANA name."""

    kind = "unknown-time-zone"
    sv = "Tidszonen är okänd. Använd till exempel Europe/Stockholm."
    en = "The time zone is unknown. Use for example Europe/Stockholm."
