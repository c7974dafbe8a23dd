"""Which status each refusal of booking gets; the rest are 409."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from services.booking.api.interval import NotATime
from services.booking.domain import room_rules, rules
from services.booking.use_cases.ask_for_places import QuestionMissing, QuestionNotAsked
from shared.kernel import wall_clock
from shared.kernel.refusal import Refusal
from shared.privacy.sealing import SealingKeyMissing
from shared.spreadsheets import refusals as files


class BrokenPhone(Refusal):
    """A person is there to correct it, so it is refused; in an import it is a flag."""

    kind = "broken-phone"
    sv = "Mobilnumret går inte att använda. Skriv det som 070-123 45 67 eller +46 70 123 45 67."
    en = "The phone number cannot be used. Write it like 070-123 45 67 or +46 70 123 45 67."


class PhoneCannotTakeSms(Refusal):
    """A landline, and no e-mail: nobody would ever be told anything."""

    kind = "phone-cannot-take-sms"
    sv = "Dit kan vi inte skicka sms. Skriv ett mobilnummer, eller en e-postadress också."
    en = "We cannot send text messages there. Write a mobile number, or an e-mail address as well."


class BrokenEmail(Refusal):
    """A person is there to correct it."""

    kind = "broken-email"
    sv = "E-postadressen går inte att använda. Skriv den som namn@skola.se."
    en = "The e-mail address cannot be used. Write it like name@school.se."


class ContactMissing(Refusal):
    """Somebody must be told."""

    kind = "contact-missing"
    sv = "Ange mobilnummer eller e-post, så att vi kan nå dig."
    en = "Give a phone number or an e-mail address, so that we can reach you."


_UNPROCESSABLE = (
    rules.PartySizeOutOfRange,
    rules.ClassWithoutPupils,
    rules.IndividualIsOne,
    rules.UnknownAgeBand,
    rules.UnknownGrade,
    rules.TextTooLong,
    rules.TextMissing,
    rules.UnknownActivityKind,
    wall_clock.TimeDoesNotExist,
    wall_clock.TimeIsAmbiguous,
    wall_clock.UnknownTimeZone,
    rules.LengthOutOfRange,
    rules.CapacityOutOfRange,
    rules.AttendanceOutOfRange,
    rules.ReasonMissing,
    room_rules.HoldTooLong,
    room_rules.HoldIsPast,
    QuestionMissing,
    QuestionNotAsked,
    BrokenPhone,
    PhoneCannotTakeSms,
    BrokenEmail,
    ContactMissing,
    NotATime,
    files.FileIsEmpty,
    files.EncodingUnknown,
    files.ColumnsMissing,
    files.ColumnTwice,
    files.TooManyColumns,
    files.CellTooLarge,
    files.QuoteNotClosed,
)

STATUSES: Mapping[type[Refusal], int] = MappingProxyType(
    {
        **dict.fromkeys(_UNPROCESSABLE, 422),
        rules.OfferNotFound: 404,
        files.TooManyRows: 413,
        files.WorkbookTooLarge: 413,
        files.NotSpreadsheetText: 415,
        files.WorkbookUnreadable: 415,
        SealingKeyMissing: 503,
    }
)
