"""Backup and restore on a copy of its own: what people are told afterwards is true.

`long`, as a whole copy is started twice.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from deploy.local.data_folder import data_folder
from tests.support.eventually import eventually
from tests.support.season import a_party, a_phone, an_occasion
from tests.support.whole_copy import WholeCopy, running_copy

pytestmark = [pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]
CANCELLED = "se.safespace.booking.booking-cancelled.v1"


async def a_booking(copy: WholeCopy, phone: str) -> str:
    """Booked, and told so."""
    async with copy.client() as desk:
        occasion = await an_occasion(desk, 10)
        booked = await desk.post("/v1/bookings", json=a_party(occasion["id"], 5, phone=phone))
    assert booked.status_code == 201, booked.text

    async def told() -> bool:
        return len(await copy.phone(phone)) == 1

    await eventually(told)
    return str(booked.json()["id"])


async def cancel_unheard(copy: WholeCopy, booking_id: str) -> None:
    """Told by booking, and in the queue of somebody who stands still."""
    copy.safespace("booking", "cancel", booking_id, "--reason", "Skolan har ringt")

    def sent() -> bool:
        entries = copy.safespace("trace", booking_id)["entries"]
        return any((e["type"], e["state"]) == (CANCELLED, "sent") for e in entries)

    await eventually(sent, every=0.5)


@pytest.mark.timeout(600)
async def test_people_are_told_what_is_so(tmp_path: Path) -> None:
    """What was on the way comes, what was undone does not, though the broker had it."""
    folder, data, keys = data_folder(tmp_path / "copy"), tmp_path / "data", tmp_path / "keys"
    phones = a_phone(), a_phone()
    with running_copy(folder) as copy:
        before, since = [await a_booking(copy, phone) for phone in phones]
        os.kill(copy.pid("notifications-worker"), signal.SIGSTOP)
        await cancel_unheard(copy, before)
        made = copy.safespace("backup", str(data), "--keys", str(keys))
        await cancel_unheard(copy, since)
    assert made["sealed_on_the_way"] == 0

    done = copy.safespace("restore", str(data), "--keys", str(keys))
    assert (done["told_again"], done["lost"], done["queues_emptied"]) == (1, 0, True)
    with running_copy(folder) as copy:

        async def told() -> bool:
            return len(await copy.phone(phones[0])) == 2

        await eventually(told)
        states = [copy.safespace("booking", "show", each)["state"] for each in (before, since)]
        assert states == ["cancelled", "confirmed"]
        assert len(await copy.phone(phones[1])) == 1
        found = copy.safespace("doctor")["findings"]
        assert [each for each in found if not each["holds"]] == []
