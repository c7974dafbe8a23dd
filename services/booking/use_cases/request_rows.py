"""From a row of a request file to a wish for places; and from its outcome to the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from services.booking.domain import rules
from services.booking.domain.occasion import Occasion
from services.booking.domain.party import Party, group
from services.booking.spreadsheets.contact import Contact, contact_of
from services.booking.spreadsheets.report import Outcome, Report
from services.booking.spreadsheets.request_file import RequestRow, grade_of
from services.booking.spreadsheets.schools import municipality_of
from services.booking.spreadsheets.season_file import alike, fold
from services.booking.use_cases.ask_for_places import request_places
from services.booking.use_cases.import_season import trouble_of
from services.booking.use_cases.mirror import LARGER
from services.booking.use_cases.records import BookingRecord, NewBooking
from services.booking.use_cases.standing import standing_of
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.contracts.event import News
from shared.kernel.ids import BookingId, OccasionId, RecipientId, deterministic_id
from shared.kernel.refusal import Refusal
from shared.observability.cause import current_cause
from shared.privacy.fingerprint import keyed
from shared.spreadsheets.trouble import Trouble

KNOWN: Final = "known"
"""The outcome of a copy of a row of this very file, or of one that somebody else books now."""


@dataclass(frozen=True, slots=True)
class Stands:
    """The row's booking as it is now: made by this row (`new`) or found."""

    state: str
    flags: tuple[str, ...]
    new: bool


@dataclass(frozen=True, slots=True, repr=False)
class RowParty:
    """One row as booking sees it. The fingerprint is keyed: the booking's id follows from it.

    `again`: the class stands there already with a booking that is not of this file. `as_written` is
    the fingerprint that the row had before phone numbers were read as numbers.
    """

    row: RequestRow
    fingerprint: str
    contact: Contact
    party: Party
    again: bool = False
    as_written: str = ""

    @property
    def booking_id(self) -> BookingId:
        """The same row always makes the same booking."""
        return BookingId(deterministic_id("booking", self.fingerprint))

    @property
    def flags(self) -> tuple[str, ...]:
        """What a coordinator should look at, whatever becomes of the row."""
        return (
            tuple(
                flag
                for flag, holds in (
                    ("duplicate", self.row.rank > 1),
                    ("class-again", self.again),
                    ("arrival-unknown", self.row.received is None),
                    ("unknown-municipality", self.party.municipality is None),
                )
                if holds
            )
            + self.contact.flags
        )

    @property
    def kept_flags(self) -> tuple[str, ...]:
        """Those of them that stay with the booking."""
        return tuple(flag for flag in self.flags if flag not in _OF_THE_ROW)


def party_of(row: RequestRow, key: bytes) -> RowParty:
    """Raises what the domain refuses about a party."""
    return RowParty(
        row,
        keyed(key, *row.marks()),
        contact_of(name=row.contact, phone=row.phone, email=row.email),
        group(
            pupils=row.pupils,
            adults=row.adults,
            grade=grade_of(row.class_name),
            municipality=municipality_of(row.school),
            school=row.school,
            class_name=row.class_name or None,
        ),
        as_written=keyed(key, *row.marks_as_written()),
    )


def as_known(parties: Sequence[RowParty], known: Mapping[str, BookingRecord]) -> list[RowParty]:
    """The rows, each under the fingerprint that its booking was made with, if it was made before.

    So a file that was imported when `+46 70 …` and `070-…` were two numbers is still known whole.
    """
    earlier = {
        party.fingerprint: party.as_written
        for party in parties
        if party.fingerprint not in known and party.as_written in known
    }
    return [
        replace(party, fingerprint=earlier.get(party.fingerprint, party.fingerprint))
        for party in parties
    ]


def meant(parties: Iterable[RowParty], occasions: Iterable[Occasion]) -> list[Occasion]:
    """The occasions that have the title and the start that some row names."""
    named = {_when(party.row) for party in parties}
    return [each for each in occasions if (alike(each.title), each.starts_local) in named]


def seen_before(
    parties: Sequence[RowParty],
    occasions: Mapping[OccasionId, Occasion],
    standing: Iterable[BookingRecord],
) -> list[RowParty]:
    """The rows, those marked whose class has a booking there that no row of this file made.

    A row that was corrected since the last import is a new row: nobody may get two places by that.
    """
    ours = {party.booking_id for party in parties}
    others = set()
    for record in standing:
        if record.id not in ours:
            at = occasions[record.occasion_id]
            others.add((alike(at.title), at.starts_local, *_class(record.party)))
    return [
        replace(party, again=True) if (*_when(party.row), *_class(party.party)) in others else party
        for party in parties
    ]


def _when(row: RequestRow) -> tuple[str, datetime]:
    return alike(row.activity), datetime.combine(row.date, row.start)


def _class(party: Party) -> tuple[str, str]:
    return fold(party.school or ""), fold(party.class_name or "")


def wish_for(
    party: RowParty,
    *,
    recipient_id: RecipientId,
    link_hash: str,
    created_at: datetime,
    needs: Mapping[str, bytes] | None = None,
    card: Sequence[News] = (),
) -> Wish[Any]:
    """The wish of one row: to have places, or else to wait."""
    new = NewBooking(
        id=party.booking_id,
        recipient_id=recipient_id,
        party=party.party,
        link_hash=link_hash,
        created_at=created_at,
        flags=party.kept_flags,
        fingerprint=party.fingerprint,
        needs=needs,
    )

    def decide(occasion: Occasion, moment: Moment) -> Taken[Stands]:
        taken = request_places(occasion, new, "wait", moment)
        standing = standing_of(new, taken.occasion)
        return Taken(
            occasion=taken.occasion,
            answer=Stands(standing.state, standing.flags, new=True),
            facts=taken.facts,
            new=new,
            also=card,
        )

    return Wish(decide, creates=new.id, found=KNOWN, cause=current_cause())


def found(record: BookingRecord) -> Stands:
    """What a row that was booked before is told of its booking."""
    return Stands(record.state, record.flags, new=False)


def note(report: Report, party: RowParty, outcome: Stands | Refusal | str) -> None:
    """Count what became of a row: new or not, it is flagged alike and counted as it stands now."""
    if isinstance(outcome, Refusal):
        report.reject(trouble_with(party.row.row, outcome))
        return
    if not isinstance(outcome, Stands):
        report.note(party.row.row, "unchanged", party.flags)
        return
    report.confirmed = (report.confirmed or 0) + (outcome.state == "confirmed")
    report.waiting = (report.waiting or 0) + (outcome.state in ("waiting", "offered"))
    larger = (LARGER,) if LARGER in outcome.flags else ()
    said: Outcome = "created" if outcome.new else "unchanged"
    report.note(party.row.row, said, (*party.flags, *larger))


def trouble_with(row: int, refusal: Refusal) -> Trouble:
    """A rule's no to a request, with the column that can be corrected."""
    return trouble_of(row, refusal, _COLUMNS)


_OF_THE_ROW = frozenset(("duplicate", "class-again", "arrival-unknown"))
"""Flags that say something of the file, and are not kept with the booking."""
_COLUMNS: Mapping[type[Refusal], str] = {
    rules.PartySizeOutOfRange: "Antal elever",
    rules.OccasionHasStarted: "Önskat datum",
    rules.LineIsClosed: "Önskat datum",
}
