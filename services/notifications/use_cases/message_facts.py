"""The facts that a message's text is made from: kept with it, and nothing personal among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.notifications.domain.occasion import Occasion
from services.notifications.domain.story import (
    CANCELLED,
    DECLINED,
    EXPIRED,
    REFUSED,
    Story,
    Told,
)


def facts_of(event: Told, story: Story) -> Mapping[str, Any]:
    """What the texts are made from. Nothing personal.

    An answer that is refused is about the occasion that was offered, whatever the booking is about
    by now; `known` is false when that offer was never heard of.
    """
    offered = story.offered_at(event.offer_id) if event.name == REFUSED else None
    facts: dict[str, Any] = {**occasion_facts(offered or event.occasion), "size": event.size}
    if event.name == CANCELLED:
        facts["by"] = "participant" if event.reason == "by-participant" else "staff"
        facts["had_places"] = event.was == "confirmed"
    elif event.state is not None:
        facts["has_places"] = event.state == "confirmed"
        facts["in_line"] = event.state == "waiting"
        facts["offered"] = event.state == "offered"
    if event.name == REFUSED:
        facts["why"] = event.reason
        facts["known"] = offered is not None
    if event.name in (EXPIRED, DECLINED):
        facts["passed_on"] = event.passed_on
    if event.position is not None:
        facts["position"] = event.position
    if event.offer_id is not None:
        facts["offer_id"] = event.offer_id
    if event.deadline is not None:
        facts["deadline"] = event.deadline
    if event.before is not None:
        facts["before_starts_at"] = event.before.starts_at
    return facts


def occasion_facts(occasion: Occasion) -> dict[str, Any]:
    """What every text may say of an occasion."""
    return {
        "title": occasion.title,
        "room": occasion.room,
        "zone": occasion.zone,
        "starts_at": occasion.starts_at,
        "ends_at": occasion.ends_at,
    }
