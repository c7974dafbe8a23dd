"""What staff see of a partner's webhook: what is open, what was given up, what a replay sends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.publishing.feeds.domain.endpoint import Endpoint
from services.publishing.feeds.doors.webhook_models import WebhookOut
from services.publishing.feeds.storage.webhook_documents import Lost
from services.publishing.feeds.use_cases.keep_webhooks import Preview

SHOWN = 50
"""Entries, at most, that are named."""

_ID = "0190b6c6-0000-7000-9000-000000000001"
_AT = "2027-01-11T08:30:00Z"


class OpenOut(BaseModel):
    """An entry that it did not take yet. `due_at` empty: as soon as those before it are taken."""

    position: int
    event_id: str
    failures: int
    due_at: datetime | None


class GivenUpOut(BaseModel):
    """An entry that was tried to the end."""

    position: int
    event_id: str


class WebhookStood(WebhookOut):
    """A webhook with the first of what it waits for, and of what it never got."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _ID,
                "url": "https://mottagare.partner.example/safespace",
                "only": {"types": [], "places": []},
                "thin": True,
                "off": None,
                "off_at": None,
                "off_by": "",
                "read_up_to": 120,
                "open": 1,
                "failing": 2,
                "last_taken_at": _AT,
                "version": 1,
                "waiting": [{"position": 118, "event_id": _ID, "failures": 2, "due_at": _AT}],
                "given_up": [{"position": 40, "event_id": _ID}],
            }
        }
    )

    off_by: str
    waiting: list[OpenOut]
    given_up: list[GivenUpOut]

    @classmethod
    def with_lost(cls, one: Endpoint, lost: Sequence[Lost]) -> WebhookStood:
        """As it is answered."""
        waiting = [
            OpenOut(
                position=each.position,
                event_id=each.event_id,
                failures=each.failures,
                due_at=each.due_at,
            )
            for each in one.line.open[:SHOWN]
        ]
        given_up = [GivenUpOut(position=each.position, event_id=each.event_id) for each in lost]
        now = WebhookOut.of(one).model_dump()
        return cls(**now, off_by=one.off_by, waiting=waiting, given_up=given_up)


class PreviewOut(BaseModel):
    """How many entries a replay would send: those after `after`, up to `upto`, that it may see."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"after": 40, "upto": 120, "entries": 63}}
    )

    after: int
    upto: int
    entries: int

    @classmethod
    def of(cls, one: Preview) -> PreviewOut:
        """As it is answered."""
        return cls(after=one.after, upto=one.upto, entries=one.entries)
