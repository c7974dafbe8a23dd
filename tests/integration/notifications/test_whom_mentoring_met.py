"""Whom mentoring met is reached without a name, and forgotten in whatever order it is told."""

from __future__ import annotations

import base64
import itertools
import random
from datetime import timedelta

from shared.contracts.cards import MentoringContactCardSealed, MentoringPersonForgotten
from shared.contracts.envelope import Envelope
from shared.contracts.event import News
from shared.contracts.mentoring import MeetingScheduled
from shared.contracts.notifications import ForgettingReceipt
from shared.kernel.ids import new_id
from shared.privacy.sealing import seal
from tests.integration.notifications.world import SOON, World, enveloped

PHONE = "+46701740651"


async def test_a_forget_that_overtakes_cards_still_ends_forgotten(world: World) -> None:
    """Many orders, each event twice: nothing readable is left, and one receipt says so."""
    for number, order in enumerate(list(itertools.permutations(range(4)))[::3]):
        recipient = new_id()
        events = [
            await _card(world, recipient, 1),
            await _card(world, recipient, 2),
            _meeting(recipient),
            _forgotten(recipient),
        ]
        twice = [events[at] for at in order] * 2
        random.Random(number).shuffle(twice)
        assert (await world.hear(*twice)).count("already") == 4
        assert await world.hear(await _card(world, recipient, 9)) == ["refused:person-forgotten"]
        [card] = await world.rows("cards", _id=f"mentoring:{recipient}")
        assert card["forgotten"] is True
        assert "cipher" not in card
        [receipt] = await world.told(ForgettingReceipt.name, recipient)
        assert receipt.data["source"] == "mentoring"
        told = await world.rows("messages", recipient=f"mentoring:{recipient}")
        assert all((each["facts"], each["state"]) == ({}, "superseded") for each in told)
        assert receipt.data["removed"].get("messages", 0) == len(told)
    number_kept = world.house.numbers.of_phone(PHONE)
    assert await world.rows("numbers", _id=number_kept) == []


async def _card(world: World, recipient: str, revision: int) -> Envelope:
    key = await world.house.sealing.ensure()
    said = {
        "source": "mentoring",
        "recipient_id": recipient,
        "revision": revision,
        "phone": PHONE,
        "language": "sv",
    }
    data = MentoringContactCardSealed(
        recipient_id=recipient,
        revision=revision,
        key_id=key.key_id,
        box=base64.b64encode(seal(key, said)).decode(),
    )
    return enveloped(News(data, subject=recipient, sequence=revision))


def _meeting(recipient: str) -> Envelope:
    data = MeetingScheduled(
        meeting_id=new_id(),
        recipient_id=recipient,
        starts_at=SOON,
        ends_at=SOON + timedelta(hours=1),
        zone="Europe/Stockholm",
    )
    return enveloped(News(data, subject=data.meeting_id, sequence=1))


def _forgotten(recipient: str) -> Envelope:
    data = MentoringPersonForgotten(recipient_id=recipient)
    return enveloped(News(data, subject=recipient, sequence=2**31))
