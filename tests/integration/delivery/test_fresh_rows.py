"""Events sent straight from the change stream, and what sends the relay back to reading."""

from __future__ import annotations

from collections import Counter

import pytest

from shared.broker.connection import Bus
from shared.broker.errors import Unknown
from shared.broker.messages import Outgoing
from shared.contracts.booking import HeadCountChanged
from shared.contracts.envelope import Envelope
from shared.delivery.on_the_way import WINDOW
from shared.delivery.relay import Relay
from shared.delivery.unsent import Unsent
from shared.kernel.ids import new_id
from tests.integration.delivery.ends import Ends, head_count
from tests.support.eventually import eventually


class Counted:
    """Counts what is published and read; the first publish of `stumbles_over` fails unsent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.published: Counter[str] = Counter()
        self.reads = 0
        self.stumbles_over: set[int] = set()
        self.relays: list[Relay] = []
        publish, read, make = Bus.publish, Unsent.read, Relay.__init__

        async def counted(bus: Bus, outgoing: Outgoing, **options: float) -> None:
            envelope = Envelope.from_bytes(outgoing.body)
            if envelope.sequence in self.stumbles_over:
                self.stumbles_over.remove(envelope.sequence)
                raise Unknown
            self.published[envelope.id] += 1
            await publish(bus, outgoing, **options)

        async def noticed(unsent: Unsent, *args: object, **options: object) -> object:
            self.reads += 1
            return await read(unsent, *args, **options)  # type: ignore[arg-type]

        def kept(relay: Relay, *args: object) -> None:
            make(relay, *args)  # type: ignore[arg-type]
            self.relays.append(relay)

        monkeypatch.setattr(Relay, "__init__", kept)
        monkeypatch.setattr(Bus, "publish", counted)
        monkeypatch.setattr(Unsent, "read", noticed)

    async def all_read(self) -> None:
        """Wait until the relay has read everything, so that what comes now is fresh."""
        await eventually(lambda: all(relay._known for relay in self.relays))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


async def test_fresh_events_are_sent_once_and_not_read(ends: Ends, counted: Counted) -> None:
    """What is committed while the relay is awake goes out once, without looking for it."""
    await ends.listen({HeadCountChanged: ends.note})
    await ends.relay()
    await counted.all_read()
    subjects, before = [new_id() for _ in range(3)], counted.reads
    told = []
    for sequence in range(1, 31):
        told += await ends.tell(*(head_count(subject, sequence) for subject in subjects))
    read_meanwhile = counted.reads - before
    await ends.effects_reach(90)
    await ends.all_sent()
    assert counted.published == Counter(told)
    assert read_meanwhile < 10
    for subject in subjects:
        order = [effect["sequence"] for effect in await ends.effects(subject=subject)]
        assert order == list(range(1, 31))


async def test_a_row_given_back_is_not_overtaken(ends: Ends, counted: Counted) -> None:
    """An event that could not be published comes before the fresh ones of its subject."""
    assert await _stumbling_at_the_first(ends, counted) == [1, 2, 3]


async def test_without_looking_back_it_would_be(ends: Ends, counted: Counted) -> None:
    """The negative control: a relay that goes on with the stream sends the second first."""
    assert await _stumbling_at_the_first(ends, counted, memory=Forgetful()) == [2, 3, 1]


class Forgetful(set[str]):
    """Subjects of rows given back, none of which is remembered."""

    def add(self, subject: str) -> None:
        """Remember nothing."""


async def _stumbling_at_the_first(
    ends: Ends, counted: Counted, memory: set[str] | None = None
) -> list[int]:
    await ends.listen({HeadCountChanged: ends.note})
    await ends.relay()
    await counted.all_read()
    if memory is not None:
        counted.relays[0]._hand.given_back = memory
    subject = new_id()
    counted.stumbles_over = {1}
    await ends.tell(head_count(subject, 1))
    await eventually(lambda: not counted.stumbles_over)
    await ends.tell(head_count(subject, 2))
    await ends.tell(head_count(subject, 3))
    await ends.effects_reach(3)
    return [effect["sequence"] for effect in await ends.effects(subject=subject)]


async def test_more_than_the_window_at_once(ends: Ends, counted: Counted) -> None:
    """A transaction that tells more than the relay takes in hand is sent whole and in order."""
    await ends.listen({HeadCountChanged: ends.note})
    await ends.relay()
    await counted.all_read()
    subjects, each = [new_id() for _ in range(10)], WINDOW // 10 + 5
    told = [head_count(subject, n) for n in range(1, each + 1) for subject in subjects]
    ids = await ends.tell(*told)
    await ends.effects_reach(len(ids))
    await ends.all_sent()
    assert sorted(effect["event_id"] for effect in await ends.effects()) == sorted(ids)
    for subject in subjects:
        order = [effect["sequence"] for effect in await ends.effects(subject=subject)]
        assert order == list(range(1, each + 1))


async def test_what_is_marked_is_not_read_again(ends: Ends) -> None:
    """A mark waits for no disk, and still no later read of the outbox meets its row as unsent."""
    unsent = Unsent(ends.booking)
    for sequence in range(1, 31):
        [event_id] = await ends.tell(head_count(new_id(), sequence))
        waiting = await unsent.read(10)
        [row] = [row for lane in waiting.lanes.values() for row in lane]
        assert row["_id"] == event_id
        await unsent.mark_sent([row])
        assert not (await unsent.read(10)).lanes
