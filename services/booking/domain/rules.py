"""Every rule that can say no, with the sentence for the one who asked. Nothing sent is repeated."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class PartySizeOutOfRange(Refusal):
    """A party is 1 to 2,000 people, counted in whole numbers from nought."""

    kind = "party-size"
    sv = "Ange hur många ni är: minst 1 och högst 2 000 personer."
    en = "Say how many you are: at least 1 and at most 2,000 people."


class ClassWithoutPupils(Refusal):
    """A class, or a group that came with pupils, has at least one; adults alone come as adults."""

    kind = "class-without-pupils"
    sv = "Skriv hur många elever som kommer: minst en. Kommer ingen elev, avboka i stället."
    en = "Say how many pupils come: at least one. If no pupil can come, cancel instead."


class IndividualIsOne(Refusal):
    """An individual is exactly one person; more people are a group."""

    kind = "individual-is-one"
    sv = "En enskild bokning gäller en person. Boka som grupp om ni är fler."
    en = "An individual booking is for one person. Book as a group if you are more."


class UnknownAgeBand(Refusal):
    """The age band is one of the five that statistics use."""

    kind = "unknown-age-band"
    sv = "Åldersgruppen ska vara en av: under-13, 13-15, 16-18, 19-25, over-25."
    en = "The age band must be one of: under-13, 13-15, 16-18, 19-25, over-25."


class UnknownGrade(Refusal):
    """The grade is preschool class, year 1–9 or upper secondary 1–3."""

    kind = "unknown-grade"
    sv = "Årskursen ska vara f, 1–9 eller gy1–gy3."
    en = "The grade must be f, 1–9 or gy1–gy3."


class TextTooLong(Refusal):
    """Names of schools, classes, rooms and the like are one short line."""

    kind = "text-too-long"
    sv = "Texten får vara högst {limit} tecken på en rad."
    en = "The text may be at most {limit} characters on one line."


class TextMissing(Refusal):
    """A title or a name that people must see may not be blank."""

    kind = "text-missing"
    sv = "Fyll i texten: den får inte vara tom."
    en = "Fill in the text: it may not be empty."


class UnknownActivityKind(Refusal):
    """An activity is one of five kinds."""

    kind = "unknown-activity-kind"
    sv = "Aktiviteten ska vara workshop, föreläsning, utbildning, öppen kväll eller rådgivning."
    en = "The activity must be a workshop, lecture, training, open evening or consultation."


class TimeHasPassed(Refusal):
    """An occasion cannot be moved to a time that has been."""

    kind = "time-has-passed"
    sv = "Den tiden har redan varit. Välj en tid som kommer."
    en = "That time has already been. Choose a time to come."


class LengthOutOfRange(Refusal):
    """An occasion lasts 5 minutes to a week."""

    kind = "length-out-of-range"
    sv = "Tillfället ska vara mellan {least} och {most} minuter långt."
    en = "The occasion must last between {least} and {most} minutes."


class CapacityOutOfRange(Refusal):
    """An occasion has 1 to 2,000 places."""

    kind = "capacity-out-of-range"
    sv = "Antalet platser ska vara mellan {least} och {most}."
    en = "The number of places must be between {least} and {most}."


class CapacityBelowTaken(Refusal):
    """Places that are confirmed or offered cannot be taken back by lowering the capacity."""

    kind = "capacity-below-taken"
    sv = (
        "Antalet platser kan inte bli lägre än {taken}: så många är lovade "
        "({confirmed} bokade, {offered} erbjudna)."
    )
    en = (
        "The number of places cannot go below {taken}: so many are promised "
        "({confirmed} booked, {offered} offered)."
    )


class OccasionFull(Refusal):
    """No room for the party now, and it did not ask to wait."""

    kind = "occasion-full"
    sv = "Det finns inte plats för er på tillfället."
    en = "There is no room for you on this occasion."


class LargerThanRoom(Refusal):
    """The party can never fit, and it did not ask to wait."""

    kind = "larger-than-room"
    sv = "Ni är fler än de {capacity} platser som finns. Dela gruppen eller kontakta oss."
    en = "You are more than the {capacity} places there are. Split the group or contact us."


class LineIsClosed(Refusal):
    """No offers are made in the last two hours, so nobody is put in a line that cannot move."""

    kind = "line-is-closed"
    sv = "Det är fullt, och kön är stängd eftersom tillfället snart börjar."
    en = "It is full, and the waiting list is closed as the occasion starts soon."


class HeadCountDoesNotFit(Refusal):
    """A party may grow only into places that are free and not promised to an aged party."""

    kind = "head-count-does-not-fit"
    sv = "Det finns inte plats för fler. Er bokning är oförändrad."
    en = "There is no room for more. Your booking is unchanged."


class OccasionHasStarted(Refusal):
    """Nothing is confirmed, grown or rescheduled once the occasion has started."""

    kind = "occasion-has-started"
    sv = "Tillfället har redan börjat."
    en = "The occasion has already started."


class OccasionIsOver(Refusal):
    """What has been cannot be cancelled."""

    kind = "occasion-is-over"
    sv = "Tillfället har redan varit."
    en = "The occasion is already over."


class OccasionHasNotStarted(Refusal):
    """Attendance is counted from one hour before the start."""

    kind = "occasion-has-not-started"
    sv = "Närvaro kan räknas först när tillfället börjar."
    en = "Attendance can be counted only when the occasion starts."


class OccasionIsCancelled(Refusal):
    """Nothing more can be done on a cancelled occasion."""

    kind = "occasion-is-cancelled"
    sv = "Tillfället är inställt."
    en = "The occasion is cancelled."


class BookingIsNotHere(Refusal):
    """The booking has no place and no turn on this occasion (any more)."""

    kind = "booking-is-not-here"
    sv = "Bokningen finns inte längre på det här tillfället."
    en = "The booking is no longer on this occasion."


class BookingIsAlreadyHere(Refusal):
    """A booking stands on an occasion once."""

    kind = "booking-is-already-here"
    sv = "Bokningen finns redan på det här tillfället."
    en = "The booking is already on this occasion."


class BookingIsNotInLine(Refusal):
    """Only a party that waits can be moved in the line."""

    kind = "booking-is-not-in-line"
    sv = "Bokningen står inte i kön."
    en = "The booking is not in the waiting list."


class BookingIsNotCancelled(Refusal):
    """Only a cancellation can be taken back, not an offer that ran out or was declined."""

    kind = "booking-is-not-cancelled"
    sv = "Bokningen är inte avbokad, så det finns inget att ta tillbaka."
    en = "The booking is not cancelled, so there is nothing to take back."


class BookingHasNoPlaces(Refusal):
    """Who waits has nothing yet to be reminded of."""

    kind = "booking-has-no-places"
    sv = "Bara den som har plats kan påminnas."
    en = "Only who has places can be reminded."


class RemindedToday(Refusal):
    """One reminder a day is kind, two are not."""

    kind = "reminded-today"
    sv = "Bokningen är redan påmind i dag."
    en = "The booking has been reminded today already."


class AttendanceIsRecorded(Refusal):
    """A booking whose attendance is counted is neither cancelled nor moved."""

    kind = "attendance-is-recorded"
    sv = "Närvaron är redan räknad för bokningen."
    en = "Attendance is already counted for the booking."


class AttendanceOutOfRange(Refusal):
    """Heads are counted in whole numbers from 0 to 2,000."""

    kind = "attendance-out-of-range"
    sv = "Närvaron ska vara hela tal från 0 till 2 000."
    en = "Attendance must be whole numbers from 0 to 2,000."


class NoSuchPosition(Refusal):
    """Positions in the line are 1 to its length."""

    kind = "no-such-position"
    sv = "Platsen i kön ska vara mellan 1 och {last}."
    en = "The position in the waiting list must be between 1 and {last}."


class ReasonMissing(Refusal):
    """Staff who move somebody in the line, or cancel an occasion, say why."""

    kind = "reason-missing"
    sv = "Ange en anledning."
    en = "Give a reason."


class OfferNotFound(Refusal):
    """No such offer was made on this occasion."""

    kind = "offer-not-found"
    sv = "Det finns inget erbjudande att svara på nu."
    en = "There is no offer to answer now."


class OfferHasExpired(Refusal):
    """The deadline has passed, whether anybody has looked or not."""

    kind = "offer-has-expired"
    sv = "Tiden för att svara har gått ut, så erbjudandet gäller inte längre."
    en = "The time to answer has run out, so the offer no longer stands."


class OfferIsDeclined(Refusal):
    """The offer was answered with no."""

    kind = "offer-is-declined"
    sv = "Ni har redan tackat nej till platserna."
    en = "You have already declined the places."


class OfferIsWithdrawn(Refusal):
    """The offer ended otherwise: its booking was cancelled or moved, or the occasion cancelled."""

    kind = "offer-is-withdrawn"
    sv = "Erbjudandet gäller inte längre, för bokningen har avbokats eller flyttats."
    en = "The offer no longer stands, as the booking was cancelled or moved."


class OfferIsAccepted(Refusal):
    """A no after a yes is a cancellation, and is made as one."""

    kind = "offer-is-accepted"
    sv = "Ni har redan tackat ja. Avboka om ni inte kan komma."
    en = "You have already accepted. Cancel the booking if you cannot come."
