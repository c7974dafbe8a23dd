"""What booking tells. Ids and facts only: no name, address, class or school is ever in here."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.event import Audience, Contract


class OccasionFacts(BaseModel):
    """What a participant needs to know of an occasion, carried along so that nobody has to ask."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    occasion_id: str
    title: str
    kind: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    zone: str = Field(description="IANA zone in which the wall clock is read")
    room: str


class _OfOccasion(Contract):
    teller: ClassVar[str] = "booking"
    audience: ClassVar[Audience] = "public"

    activity_id: str
    occasion: OccasionFacts
    target_group: str
    capacity: int = Field(ge=1)


class OccasionPublished(_OfOccasion):
    """An occasion can be booked. Subject: the occasion."""

    name: ClassVar[str] = "occasion-published"


class OccasionChanged(_OfOccasion):
    """Time, room, capacity, leaders or title is another now. Subject: the occasion."""

    name: ClassVar[str] = "occasion-changed"

    changed: tuple[str, ...]


class OccasionCancelled(_OfOccasion):
    """The occasion will not take place. Subject: the occasion."""

    name: ClassVar[str] = "occasion-cancelled"


class _OfBooking(Contract):
    teller: ClassVar[str] = "booking"

    booking_id: str
    recipient_id: str
    size: int = Field(ge=1)
    occasion: OccasionFacts


class BookingConfirmed(_OfBooking):
    """The party has its places. Subject: the booking.

    `through` says how: asked for, an offer that was taken, or a cancellation that staff took back.
    """

    name: ClassVar[str] = "booking-confirmed"

    through: Literal["request", "offer", "staff"] = "request"
    offer_id: str | None = None


class BookingWaitlisted(_OfBooking):
    """The party stands in line. Subject: the booking."""

    name: ClassVar[str] = "booking-waitlisted"

    position: int = Field(ge=1)
    larger_than_room: bool = False


class BookingCancelled(_OfBooking):
    """The party has left, from its places or from the line. Subject: the booking."""

    name: ClassVar[str] = "booking-cancelled"

    reason: Literal["by-participant", "by-staff", "occasion-cancelled"]
    was: Literal["confirmed", "waiting", "offered"]


class BookingMoved(_OfBooking):
    """The party is expected at another occasion, or its occasion has another time or room.

    Subject: the booking. `occasion` is the new one; `state` says whether it has places there.
    """

    name: ClassVar[str] = "booking-moved"

    before: OccasionFacts
    state: Literal["confirmed", "waiting", "offered"]
    reason: Literal["moved", "occasion-changed"]


class HeadCountChanged(_OfBooking):
    """The party comes with more or fewer. Subject: the booking. `size` is the new one."""

    name: ClassVar[str] = "head-count-changed"

    state: Literal["confirmed", "waiting", "offered"]


class PlaceOffered(_OfBooking):
    """Places are held for the party until the deadline. Subject: the booking."""

    name: ClassVar[str] = "place-offered"

    offer_id: str
    deadline: AwareDatetime


class OfferExpired(_OfBooking):
    """The deadline passed; the party has left the line. Subject: the booking.

    `passed_on`: in the same breath another party was offered places.
    """

    name: ClassVar[str] = "offer-expired"

    offer_id: str
    passed_on: bool = False


class OfferDeclined(_OfBooking):
    """The party said no and has left the line. Subject: the booking. `passed_on`: see above."""

    name: ClassVar[str] = "offer-declined"

    offer_id: str
    passed_on: bool = False


class BookingUnserved(_OfBooking):
    """The party waited until no place could be given any more. Final. Subject: the booking."""

    name: ClassVar[str] = "booking-unserved"


class AnswerRefused(_OfBooking):
    """An answer to an offer came too late or no longer applies. Subject: the booking.

    `why` is the refusal's kind, e.g. `offer-has-expired`. `occasion` is the booking's own; the
    offer may have been about another one, if the booking was moved since.
    """

    name: ClassVar[str] = "answer-refused"

    offer_id: str
    why: str


class AttendanceRecorded(_OfBooking):
    """How many came. Subject: the booking."""

    name: ClassVar[str] = "attendance-recorded"

    pupils: int = Field(ge=0)
    adults: int = Field(ge=0)


class AttendanceTakenBack(_OfBooking):
    """What was counted was a mistake: the party is not counted. Subject: the booking."""

    name: ClassVar[str] = "attendance-taken-back"


class ReminderAsked(Contract):
    """Staff want the party reminded on this day of the occasion's calendar. Subject: the booking.

    Ids only: whoever reminds knows the booking's story and where it stands.
    """

    teller: ClassVar[str] = "booking"
    name: ClassVar[str] = "reminder-asked"

    booking_id: str
    recipient_id: str
    occasion_id: str
    day: date


class _OfRoomRequest(Contract):
    teller: ClassVar[str] = "booking"

    request_id: str


class RoomHeld(_OfRoomRequest):
    """A room is held for a request. Subject: the request."""

    name: ClassVar[str] = "room-held"

    room: str


class RoomRefused(_OfRoomRequest):
    """No room is held for a request, and none will be. Subject: the request."""

    name: ClassVar[str] = "room-refused"

    why: Literal["taken", "no-room", "too-late", "unknown-room"]


class RoomReleased(_OfRoomRequest):
    """Nothing is held for a request any more: it was given back, or staff needed the room.

    Subject: the request.
    """

    name: ClassVar[str] = "room-released"


class SupportRequested(Contract):
    """A question or a call for support, readable by mentoring alone.

    Subject: a random id of its own, with fresh correlation and trace: nothing joins it to a
    booking.
    """

    teller: ClassVar[str] = "booking"
    name: ClassVar[str] = "support-requested"
    sealed: ClassVar[bool] = True

    key_id: str
    box: str = Field(description="libsodium sealed box, base64")
