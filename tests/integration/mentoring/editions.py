"""Editions of the handbook as publishing tells of them, heard by mentoring in these tests."""

from __future__ import annotations

from typing import Any

from services.mentoring.main import incoming_of
from shared.contracts.envelope import wrap
from shared.contracts.event import News
from shared.contracts.publishing import EditionReleased
from shared.kernel.ids import new_id
from tests.integration.mentoring.world import World


async def released(world: World, number: int, named: str, kind: str = "handbook") -> Any:
    """The outcome of hearing of one."""
    data = EditionReleased.model_validate(
        {
            "publication_id": "mentorshandboken",
            "kind": kind,
            "edition": named,
            "titles": {"sv": "Mentorshandboken"},
            "changes": {},
            "released_at": world.clock.now(),
            "path": f"/publikationer/mentorshandboken/{named}",
        }
    )
    envelope = wrap(
        News(data, "mentorshandboken", number),
        event_id=new_id(),
        at=world.clock.now(),
        correlation_id=new_id(),
    )
    handler = incoming_of(world.house).handlers()[EditionReleased]
    return await world.in_transaction(lambda session: handler(envelope, data, session))
