"""Domain ↔ document; pure. Dates are UTC, the local start is text, as MongoDB has no wall clock."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from services.booking.domain.activity import Activity, kind_of
from services.booking.domain.occasion import Occasion
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.domain.party import Party
from services.booking.domain.place import Attendance, EndedOffer, Offer, Place, PlaceState
from services.booking.spreadsheets.season_file import fold
from services.booking.use_cases.ports import OccasionSummary
from services.booking.use_cases.records import BookingRecord, LineMove, Stood
from shared.kernel.ids import ActivityId, BookingId, OccasionId, OfferId, RecipientId

Document = dict[str, Any]
_STATES: tuple[PlaceState, ...] = ("confirmed", "offered", "waiting")
_LOCAL = "%Y-%m-%dT%H:%M:%S"


def local_text(local: datetime) -> str:
    """Naive wall-clock time as it is stored and looked up."""
    return local.strftime(_LOCAL)


def occasion_document(occasion: Occasion, office: OfficeCalendar) -> Document:
    """The whole aggregate, with the counts and times that lists and the clockwork look for."""
    return {
        "_id": occasion.id,
        "version": occasion.version,
        "activity_id": occasion.activity_id,
        "title": occasion.title,
        "title_folded": fold(occasion.title),
        "kind": occasion.kind,
        "audience": occasion.audience,
        "starts_local": local_text(occasion.starts_local),
        "zone": occasion.zone,
        "starts_at": occasion.starts_at,
        "ends_at": occasion.ends_at,
        "minutes": occasion.minutes,
        "room": occasion.room,
        "capacity": occasion.capacity,
        "leaders": list(occasion.leaders),
        "flags": list(occasion.flags),
        "cancelled": occasion.cancelled,
        "sequence": occasion.sequence,
        "places": [_place_document(place) for place in occasion.places],
        "ended_offers": [
            {"offer_id": ended.offer_id, "end": ended.end} for ended in occasion.ended_offers
        ],
        "people": {state: occasion.people(state) for state in _STATES},
        "parties": {state: occasion.parties(state) for state in _STATES},
        "settles_at": occasion.settles_at(office),
    }


def occasion_of(document: Document) -> Occasion:
    """The aggregate; without its places when they were left out of the query."""
    return Occasion(
        id=OccasionId(document["_id"]),
        activity_id=ActivityId(document["activity_id"]),
        title=document["title"],
        kind=kind_of(document["kind"]),
        audience=document["audience"],
        starts_local=datetime.strptime(document["starts_local"], _LOCAL),  # noqa: DTZ007 - wall clock
        zone=document["zone"],
        minutes=document["minutes"],
        room=document["room"],
        capacity=document["capacity"],
        leaders=tuple(document["leaders"]),
        flags=tuple(document["flags"]),
        cancelled=document["cancelled"],
        places=tuple(_place_of(place) for place in document.get("places", ())),
        ended_offers=tuple(
            EndedOffer(OfferId(ended["offer_id"]), ended["end"])
            for ended in document.get("ended_offers", ())
        ),
        sequence=document["sequence"],
        version=document["version"],
    )


def summary_of(document: Document) -> OccasionSummary:
    """An occasion as a list shows it."""
    return OccasionSummary(occasion_of(document), document["people"], document["parties"])


def booking_document(record: BookingRecord) -> Document:
    """A booking's record. What is not there is left out, so that sparse indexes stay sparse."""
    optional = {
        "fingerprint": record.fingerprint,
        "needs": dict(record.needs) if record.needs else None,
        "ended_because": dict(record.ended_because) if record.ended_because else None,
        "offer_id": record.offer_id,
        "stood": asdict(record.stood) if record.stood else None,
    }
    return {
        "_id": record.id,
        "recipient_id": record.recipient_id,
        "occasion_id": record.occasion_id,
        "party": asdict(record.party),
        "state": record.state,
        "sequence": record.sequence,
        "link_hash": record.link_hash,
        "created_at": record.created_at,
        "flags": list(record.flags),
        **{name: value for name, value in optional.items() if value is not None},
    }


def booking_of(document: Document) -> BookingRecord:
    """A booking's record."""
    needs, stood = document.get("needs"), document.get("stood")
    offer_id, why = document.get("offer_id"), document.get("ended_because")
    return BookingRecord(
        id=BookingId(document["_id"]),
        recipient_id=RecipientId(document["recipient_id"]),
        occasion_id=OccasionId(document["occasion_id"]),
        party=Party(**document["party"]),
        state=document["state"],
        sequence=document["sequence"],
        link_hash=document["link_hash"],
        created_at=document["created_at"],
        flags=tuple(document["flags"]),
        fingerprint=document.get("fingerprint"),
        needs={name: bytes(box) for name, box in needs.items()} if needs else None,
        ended_because={name: bytes(box) for name, box in why.items()} if why else None,
        offer_id=OfferId(offer_id) if offer_id else None,
        stood=Stood(**stood) if stood else None,
    )


def activity_document(activity: Activity) -> Document:
    """An activity."""
    return {
        "_id": activity.id,
        "title": activity.title,
        "title_folded": fold(activity.title),
        "kind": activity.kind,
        "audience": activity.audience,
        "description": activity.description,
        "version": activity.version,
    }


def activity_of(document: Document) -> Activity:
    """An activity."""
    return Activity(
        ActivityId(document["_id"]),
        document["title"],
        kind_of(document["kind"]),
        document["audience"],
        document["description"],
        document["version"],
    )


def line_move_document(move: LineMove, move_id: str) -> Document:
    """A move in the line, kept for good."""
    return {"_id": move_id, **asdict(move)}


def line_move_of(document: Document) -> LineMove:
    """A move in the line; one without a sealed reason has none that can be read."""
    sealed = document.get("reason")
    return LineMove(
        occasion_id=OccasionId(document["occasion_id"]),
        booking_id=BookingId(document["booking_id"]),
        recipient_id=RecipientId(document.get("recipient_id", "")),
        from_position=document["from_position"],
        to_position=document["to_position"],
        reason={name: bytes(box) for name, box in sealed.items()}
        if isinstance(sealed, dict)
        else {},
        by=document["by"],
        at=document["at"],
    )


def _place_document(place: Place) -> Document:
    document: Document = {
        "booking_id": place.booking_id,
        "recipient_id": place.recipient_id,
        "size": place.size,
        "state": place.state,
        "joined": place.joined,
        "overtaken": place.overtaken,
        "sequence": place.sequence,
    }
    if place.flags:
        document["flags"] = list(place.flags)
    if place.offer:
        document["offer"] = asdict(place.offer)
    if place.attended:
        document["attended"] = asdict(place.attended)
    if place.reminded:
        document["reminded"] = place.reminded.isoformat()
    return document


def _place_of(document: Document) -> Place:
    offer, attended = document.get("offer"), document.get("attended")
    reminded = document.get("reminded")
    return Place(
        booking_id=BookingId(document["booking_id"]),
        recipient_id=RecipientId(document["recipient_id"]),
        size=document["size"],
        state=cast("PlaceState", document["state"]),
        joined=document["joined"],
        overtaken=document["overtaken"],
        offer=Offer(**offer) if offer else None,
        sequence=document["sequence"],
        flags=tuple(document.get("flags", ())),
        attended=Attendance(**attended) if attended else None,
        reminded=date.fromisoformat(reminded) if reminded else None,
    )
