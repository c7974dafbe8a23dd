"""The participant's inbox: a list, and a stream that goes on exactly where it broke off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.notifications.api.models import Inbox, InboxMessage
from services.notifications.domain.recipient_card import Recipient
from services.notifications.storage.changes import MongoChanges
from services.notifications.use_cases.read_inbox import ReadInbox
from shared.kernel.actor import ANYBODY, Actor
from shared.web.paging import Page
from shared.web.permissions import link_holder
from shared.web.server_sent import LastEventId, Sent, stream


def routes(read: ReadInbox, changes: MongoChanges) -> APIRouter:
    """`/v1/my-inbox…`."""
    router = APIRouter(prefix="/v1", tags=["participant"])

    @router.get("/my-inbox", description="Det som du har fått veta, nyast först.")
    async def my_inbox(link: Annotated[str, link_holder], page: Page) -> Inbox:
        here = await changes.here(by=ANYBODY)
        found, total = await read.page(link, limit=page.limit, offset=page.offset)
        return Inbox(
            items=[InboxMessage(**asdict(each)) for each in found],
            total=total,
            limit=page.limit,
            offset=page.offset,
            stream_from=here,
        )

    @router.get(
        "/my-inbox/stream",
        description="Nya meddelanden direkt (server-sent events).",
        response_class=Response,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def follow(
        request: Request, link: Annotated[str, link_holder], last: LastEventId
    ) -> Response:
        _, recipient, me = await read.whose(link)
        return stream(request, _told(read, changes, recipient, last, me))

    return router


async def _told(
    read: ReadInbox, changes: MongoChanges, recipient: Recipient, last: str | None, me: Actor
) -> AsyncIterator[Sent]:
    async for change in changes.of_recipient(recipient, last, by=me):
        if change.kind == "reset":
            yield Sent({}, id=change.place, event="reset")
            continue
        shown = await read.one(recipient, change.id, by=me)
        if shown is not None:
            data = InboxMessage(**asdict(shown)).model_dump(mode="json")
            yield Sent(data, id=change.place, event="message")
