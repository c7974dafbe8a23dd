"""Rooms, holds and requests ↔ documents; pure."""

from __future__ import annotations

from dataclasses import asdict

from services.booking.domain.holding import Hold
from services.booking.domain.room import Room
from services.booking.use_cases.records import RoomRequest
from shared.mongo.client import Document


def room_document(room: Room) -> Document:
    """A room; lists are in the order of the folded name."""
    return {
        "_id": room.id,
        "name": room.name,
        "name_folded": room.name.casefold(),
        "seats": room.seats,
        "version": room.version,
    }


def room_of(document: Document) -> Room:
    """A room."""
    return Room(document["_id"], document["name"], document["seats"], document["version"])


def hold_document(hold: Hold) -> Document:
    """An internal hold, the same whoever asked for it."""
    return _with_id(asdict(hold))


def hold_of(document: Document) -> Hold:
    """An internal hold."""
    return Hold(**_without_id(document))


def request_document(request: RoomRequest) -> Document:
    """What became of a request; it names no hold once it holds nothing."""
    document = _with_id(asdict(request))
    if request.hold_id is None:
        del document["hold_id"]
    return document


def request_of(document: Document) -> RoomRequest:
    """What became of a request."""
    known = {name: each for name, each in document.items() if name != "forget_at"}
    return RoomRequest(**_without_id(known))


def _with_id(fields: Document) -> Document:
    return {"_id": fields.pop("id"), **fields}


def _without_id(document: Document) -> Document:
    return {"id" if name == "_id" else name: value for name, value in document.items()}
