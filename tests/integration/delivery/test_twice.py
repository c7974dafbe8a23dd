"""Deliveries come twice and in any order; the effects do not."""

from __future__ import annotations

from shared.contracts.booking import HeadCountChanged
from shared.delivery.inbox import Inbox
from shared.kernel.ids import new_id
from tests.integration.delivery.ends import NEWEST, Ends, head_count
from tests.support.twice import everything_twice


class NoMarks(Inbox):
    """The negative control: an inbox that remembers nothing."""

    async def mark(self, *args: object, **kwargs: object) -> None:
        """Leave no mark."""


async def test_handled_twice_has_one_effect(ends: Ends) -> None:
    """A redelivered event is recognised by its mark."""
    with everything_twice() as before:
        await ends.listen({HeadCountChanged: ends.note})
    await ends.relay()
    told = await ends.tell(*(head_count(new_id(), 1) for _ in range(40)))
    await ends.effects_reach(40)
    await ends.quiet()
    assert sorted(effect["event_id"] for effect in await ends.effects()) == sorted(told)
    assert sum(twice.copies for twice in before) == 40


async def test_without_marks_there_would_be_two_effects(ends: Ends) -> None:
    """The mark is what makes it one: without it, every effect is there twice."""
    with everything_twice():
        await ends.listen({HeadCountChanged: ends.note}, inbox=NoMarks(ends.notifications, "x"))
    await ends.relay()
    await ends.tell(*(head_count(new_id(), 1) for _ in range(10)))
    await ends.effects_reach(20)
    await ends.quiet()
    assert len(await ends.effects()) == 20


async def test_shuffled_and_twice_ends_with_the_newest(ends: Ends) -> None:
    """In whatever order they come, the newest event of each subject wins, and each is on record."""
    with everything_twice(seed=7):
        await ends.listen({HeadCountChanged: ends.keep_newest})
    subjects = [new_id() for _ in range(5)]
    told = await ends.tell(*(head_count(s, n) for n in range(1, 6) for s in subjects))
    await ends.relay()
    await ends.quiet()
    kept = await ends.notifications[NEWEST].find().to_list(None)
    assert {row["_id"]: row["sequence"] for row in kept} == dict.fromkeys(subjects, 5)
    inbox = Inbox(ends.notifications, "notifications")
    outcomes = [await inbox.outcome_of(event_id) for event_id in told]
    assert set(outcomes) == {"handled", "superseded"}
    assert set(outcomes[-5:]) == {"handled"}
