"""Every event there is, and who listens to whom: topology and documents are made from this."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shared.contracts import booking, cards, mentoring, notifications, publishing
from shared.contracts.event import Contract

EVENTS: tuple[type[Contract], ...] = (
    booking.OccasionPublished,
    booking.OccasionChanged,
    booking.OccasionCancelled,
    booking.BookingConfirmed,
    booking.BookingWaitlisted,
    booking.BookingCancelled,
    booking.BookingMoved,
    booking.HeadCountChanged,
    booking.PlaceOffered,
    booking.OfferExpired,
    booking.OfferDeclined,
    booking.BookingUnserved,
    booking.AnswerRefused,
    booking.AttendanceRecorded,
    booking.AttendanceTakenBack,
    booking.ReminderAsked,
    booking.SupportRequested,
    booking.RoomHeld,
    booking.RoomRefused,
    booking.RoomReleased,
    cards.BookingContactCardSealed,
    cards.BookingPersonForgotten,
    notifications.MessageDelivered,
    notifications.MessageFailed,
    notifications.ReplyReceived,
    notifications.RecipientUnreachable,
    notifications.ForgettingReceipt,
    cards.NotificationsSealingKeyAnnounced,
    cards.MentoringContactCardSealed,
    cards.MentoringPersonForgotten,
    cards.MentoringSealingKeyAnnounced,
    mentoring.MeetingScheduled,
    mentoring.MeetingMoved,
    mentoring.MeetingCancelled,
    mentoring.AttentionNeeded,
    mentoring.RoomRequested,
    mentoring.RoomRelease,
    mentoring.StatisticsPublished,
    publishing.NewsletterPublished,
    publishing.EditionReleased,
    publishing.MailingFinished,
    publishing.PrintOrderReceived,
    publishing.BulletinPublished,
    publishing.BulletinWithdrawn,
)

LISTENING: Mapping[str, Mapping[str, tuple[type[Contract], ...]]] = MappingProxyType(
    {
        "booking": {
            "notifications": (
                notifications.ReplyReceived,
                notifications.RecipientUnreachable,
                cards.NotificationsSealingKeyAnnounced,
            ),
            "mentoring": (
                cards.MentoringSealingKeyAnnounced,
                mentoring.RoomRequested,
                mentoring.RoomRelease,
            ),
        },
        "mentoring": {
            "booking": (
                booking.SupportRequested,
                booking.RoomHeld,
                booking.RoomRefused,
                booking.RoomReleased,
            ),
            "notifications": (
                notifications.ForgettingReceipt,
                cards.NotificationsSealingKeyAnnounced,
            ),
            "publishing": (publishing.EditionReleased,),
        },
        "notifications": {
            "booking": (
                cards.BookingContactCardSealed,
                cards.BookingPersonForgotten,
                booking.BookingConfirmed,
                booking.BookingWaitlisted,
                booking.BookingCancelled,
                booking.BookingMoved,
                booking.HeadCountChanged,
                booking.PlaceOffered,
                booking.OfferExpired,
                booking.OfferDeclined,
                booking.BookingUnserved,
                booking.AnswerRefused,
                booking.ReminderAsked,
            ),
            "mentoring": (
                cards.MentoringContactCardSealed,
                cards.MentoringPersonForgotten,
                mentoring.MeetingScheduled,
                mentoring.MeetingMoved,
                mentoring.MeetingCancelled,
                mentoring.AttentionNeeded,
            ),
        },
        "publishing": {
            "booking": (
                booking.OccasionPublished,
                booking.OccasionChanged,
                booking.OccasionCancelled,
            ),
        },
    }
)
"""Listener → teller → what it hears. One queue per pair keeps the order of a subject."""

SERVICES: tuple[str, ...] = tuple(sorted({*LISTENING, *(event.teller for event in EVENTS)}))

ENGINES: Mapping[str, tuple[str, ...]] = MappingProxyType({"publishing": ("feeds", "mailer")})
"""Service → processes that it has besides its API and its worker."""

WORK: Mapping[str, tuple[str, ...]] = MappingProxyType({"publishing": ("batches",)})
"""Service → queues of work that it gives to its own processes."""

WORKED_BY: Mapping[str, tuple[str, ...]] = MappingProxyType({"mailer": ("batches",)})
"""Engine → the queues of work that it takes from; their length says how many of it are needed."""

FEED_TELLER = "publishing"
"""Keeps the feed log that partners read; see `for_partners`."""


def for_partners() -> tuple[type[Contract], ...]:
    """What may leave the house: the events whose audience is partners or everybody."""
    return tuple(event for event in EVENTS if event.audience != "internal")


_BY_TYPE = {event.event_type(): event for event in EVENTS}


def contract_for(event_type: str) -> type[Contract] | None:
    """The contract of a CloudEvents type, or None for one that this version does not know."""
    return _BY_TYPE.get(event_type)
