"""Saves what happened as events."""

from __future__ import annotations

from services.publishing.domain.news import Happened
from services.publishing.messaging.outgoing import outgoing
from services.publishing.use_cases.ports import Session, Tell
from shared.delivery.outbox import Outbox


def tell_through(outbox: Outbox) -> Tell:
    """The use cases' way to the outbox."""

    async def tell(session: Session, *happened: Happened) -> None:
        await outbox.tell(session, *map(outgoing, happened))

    return tell
