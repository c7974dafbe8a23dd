"""A segment: a saved question about subscribers, as data; asked anew until a mailing freezes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from shared.kernel.refusal import Refusal

Field = Literal["list", "language", "tag", "municipality", "role"]
FIELDS: tuple[Field, ...] = ("list", "language", "tag", "municipality", "role")
DEEPEST = 8
WIDEST = 100


class NotASegment(Refusal):
    """The question is not one of: is, since, all, any, not."""

    kind = "not-a-segment"
    sv = "Urvalet går inte att förstå. Bygg det på nytt."
    en = "The segment cannot be understood. Please build it again."


@dataclass(frozen=True, slots=True)
class Is:
    """The subscriber has one of these values in the field."""

    field: Field
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Since:
    """They confirmed at this moment or later."""

    at: datetime


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts: everybody."""

    parts: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Some part holds; without parts: nobody."""

    parts: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Segment


Segment: TypeAlias = Is | Since | All | Any | Not


@dataclass(frozen=True, slots=True)
class Facts:
    """What may be asked about a subscriber. No address, no name."""

    id: str
    fields: Mapping[Field, frozenset[str]]
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Frozen:
    """The answer at the moment when a mailing starts: these people, in this order, no others."""

    segment: Segment
    at: datetime
    recipients: tuple[str, ...]


def holds(segment: Segment, facts: Facts) -> bool:
    """Whether this subscriber is in it."""
    match segment:
        case Is(field, values):
            return not values.isdisjoint(facts.fields.get(field, frozenset()))
        case Since(at):
            return facts.confirmed_at >= at
        case All(parts):
            return all(holds(part, facts) for part in parts)
        case Any(parts):
            return any(holds(part, facts) for part in parts)
        case Not(part):
            return not holds(part, facts)


def freeze(segment: Segment, everybody: Iterable[Facts], at: datetime) -> Frozen:
    """Ask for the last time. Each person once, in the order of their ids."""
    found = {facts.id for facts in everybody if holds(segment, facts)}
    return Frozen(segment, at, tuple(sorted(found)))


def as_data(segment: Segment) -> dict[str, object]:
    """As it is saved: plain values that JSON and MongoDB can hold."""
    match segment:
        case Is(field, values):
            return {"is": field, "values": sorted(values)}
        case Since(at):
            return {"since": at.isoformat()}
        case All(parts):
            return {"all": [as_data(part) for part in parts]}
        case Any(parts):
            return {"any": [as_data(part) for part in parts]}
        case Not(part):
            return {"not": as_data(part)}


def from_data(data: object, depth: int = 0) -> Segment:
    """Read a saved or a sent question.

    Raises:
        NotASegment: anything else than the five forms, or nested deeper than eight.
    """
    if depth > DEEPEST or not isinstance(data, Mapping):
        raise NotASegment
    match dict(data):
        case {"is": str(field), "values": list(values), **rest} if not rest:
            return _is(field, values)
        case {"since": str(moment), **rest} if not rest:
            return Since(_moment(moment))
        case {"all": list(parts), **rest} if not rest and len(parts) <= WIDEST:
            return All(tuple(from_data(part, depth + 1) for part in parts))
        case {"any": list(parts), **rest} if not rest and len(parts) <= WIDEST:
            return Any(tuple(from_data(part, depth + 1) for part in parts))
        case {"not": part, **rest} if not rest:
            return Not(from_data(part, depth + 1))
    raise NotASegment


def _is(field: str, values: list[object]) -> Is:
    known = next((each for each in FIELDS if each == field), None)
    texts = frozenset(value for value in values if isinstance(value, str))
    if known is None or not values or len(texts) != len(values) or len(values) > WIDEST:
        raise NotASegment
    return Is(known, texts)


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotASegment from None
    if at.tzinfo is None:
        raise NotASegment
    return at
