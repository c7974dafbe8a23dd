"""Saves what happened as events, each with the cause of the message that it is about."""

from __future__ import annotations

from services.notifications.domain.news import Answered, Forgot, Happened
from services.notifications.messaging.outgoing import outgoing
from services.notifications.use_cases.ports import Session, Tell
from shared.delivery.outbox import Outbox
from shared.observability.cause import Cause


def tell_through(outbox: Outbox) -> Tell:
    """The use cases' way to the outbox."""

    async def tell(session: Session, *happened: Happened) -> None:
        for each in happened:
            await outbox.tell(session, *outgoing(each), cause=_cause_of(each))

    return tell


def _cause_of(happened: Happened) -> Cause | None:
    if isinstance(happened, Answered | Forgot) or happened.message.correlation_id is None:
        return None
    message = happened.message
    return Cause(message.correlation_id or message.id, message.cause, message.traceparent)
