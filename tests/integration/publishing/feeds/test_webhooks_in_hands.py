"""Whose a webhook is: one sender's at a time, and one partner's for good."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import httpx
import pytest

from services.publishing.feeds.domain.line import WINDOW
from shared.contracts.envelope import Envelope
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import (
    Partnered,
    an_occasion,
    receiving,
)
from tests.integration.publishing.feeds.simulated import subjects_in_order
from tests.integration.publishing.feeds.test_webhooks import PATIENT, webhook
from tests.support.eventually import eventually


async def test_killed_and_taken_over_nothing_is_missing(partnered: Partnered) -> None:
    """A sender that stops without letting go; the next one begins where it had saved."""
    ids = await partnered.happens(*(an_occasion() for _ in range(20)))
    async with receiving() as receiver, await partnered.partner() as client:
        await webhook(client, "a")
        ports = {"a.partner.test": receiver.port}
        held = await partnered.feeds.webhooks.versions()
        (webhook_id,) = held
        # Somebody had it and went without a word, a moment ago.
        await partnered.feeds.webhooks.take(webhook_id, real_now() + timedelta(seconds=1))
        one, other = partnered.sender(ports), partnered.sender(ports)
        tasks = [asyncio.create_task(each.run()) for each in (one, other)]
        await eventually(lambda: sorted(receiver.ids) == sorted(ids), within=PATIENT)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert len(receiver.got) == len(ids)


async def test_away_for_longer_than_the_window(partnered: Partnered) -> None:
    """Switched off while more happens than may be open: then all of it once, subjects in order."""
    told = taking_turns(WINDOW + 60)
    async with receiving() as receiver, await partnered.partner() as client:
        made = await webhook(client, "a")
        at = f"/v1/partner/webhooks/{made['id']}"
        async with partnered.sending(a=receiver):
            await partnered.happens(told[0])
            await eventually(lambda: receiver.ids == [told[0].id], within=PATIENT)
            assert (await client.post(f"{at}/deactivation")).status_code == 200
            for start in range(1, len(told), 50):
                await partnered.happens(*told[start : start + 50])
            assert (await client.post(f"{at}/activation")).status_code == 200
            await eventually(lambda: len(receiver.ids) == len(told), within=PATIENT)
        assert len(receiver.got) == len(told)
        subjects_in_order(receiver.got, told)


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in (1, 2))])
async def test_changed_in_the_middle_each_comes_once(partnered: Partnered, seed: int) -> None:
    """Switched off and on, changed, its secret changed, while answers are slow: each once.

    Exactly once, since nobody is killed: whoever has it is answered, writes where it stands, and
    only then is it the next one's. Two senders, so that it changes hands too.
    """
    chance, told = random.Random(seed), taking_turns(120)
    async with receiving(takes=0.05) as receiver, await partnered.partner() as client:
        made = await webhook(client, "a")
        ports = {"a.partner.test": receiver.port}
        senders = [asyncio.create_task(partnered.sender(ports).run()) for _ in range(2)]
        for start in range(0, len(told), 20):
            await partnered.happens(*told[start : start + 20])
            await changed(client, f"/v1/partner/webhooks/{made['id']}", chance)
            await asyncio.sleep(chance.uniform(0.0, 0.7))
        await eventually(lambda: len(receiver.ids) == len(told), within=PATIENT)
        for task in senders:
            task.cancel()
        await asyncio.gather(*senders, return_exceptions=True)
        assert len(receiver.got) == len(told)
        subjects_in_order(receiver.got, told)
        (row,) = await partnered.world.rows("feed_webhooks")
        assert (row["line"]["open"], row["line"]["read_up_to"]) == ([], len(told))


async def changed(client: httpx.AsyncClient, at: str, chance: random.Random) -> None:
    """In one of the ways that a partner may."""
    way = chance.choice(["switched", "moved", "signed"])
    if way == "switched":
        assert (await client.post(f"{at}/deactivation")).status_code == 200
        await asyncio.sleep(chance.choice([0.0, 0.6]))
        assert (await client.post(f"{at}/activation")).status_code == 200
    elif way == "moved":
        seen = (await client.get(at)).headers["etag"]
        to = {"url": f"https://a.partner.test/{chance.randrange(1000)}"}
        assert (await client.put(at, json=to, headers={"If-Match": seen})).status_code == 200
    else:
        answer = await client.post(f"{at}/secrets", json={"scheme": "v1a"})
        assert answer.status_code == 201


def taking_turns(count: int) -> list[Envelope]:
    """Events of five subjects, each with its own sequence."""
    subjects = [new_id() for _ in range(5)]
    return [an_occasion(subjects[n % 5], n // 5 + 1) for n in range(count)]


async def test_one_that_takes_its_leave_holds_nobody_up(partnered: Partnered) -> None:
    """Changed while its calls hang, it waits for them; others are taken on and called meanwhile."""
    async with receiving(hangs=asyncio.Event()) as dead, receiving() as healthy:
        one = await partnered.partner("one")
        other = await partnered.partner("other")
        async with one, other, partnered.sending(3600, dead=dead, healthy=healthy):
            made = await webhook(one, "dead")
            await partnered.happens(an_occasion())
            await eventually(lambda: dead.headers, within=PATIENT)
            at = f"/v1/partner/webhooks/{made['id']}"
            change = {"url": "https://dead.partner.test/elsewhere"}
            answer = await one.put(at, json=change, headers={"If-Match": '"1"'})
            assert answer.status_code == 200, answer.text
            await webhook(other, "healthy")
            await eventually(lambda: healthy.got, within=PATIENT)
            assert dead.hangs is not None
            dead.hangs.set()


async def test_a_partner_that_was_ended_is_called_no_more(partnered: Partnered) -> None:
    """Nor when something happens later; its key opens nothing."""
    async with receiving() as receiver, await partnered.partner() as client:
        await webhook(client, "a")
        async with partnered.sending(a=receiver):
            (first,) = await partnered.happens(an_occasion())
            await eventually(lambda: receiver.ids == [first], within=PATIENT)
            await partnered.world.ask("POST", "/v1/partners/ran-nord/ending", by="editor")
            assert (await client.get("/v1/feed")).status_code == 401
            async with await partnered.partner("other") as witness, receiving() as second:
                ports = {"b.partner.test": second.port}
                await webhook(witness, "b")
                sender = asyncio.create_task(partnered.sender(ports).run())
                (later,) = await partnered.happens(an_occasion())
                await eventually(lambda: later in second.ids, within=PATIENT)
                sender.cancel()
                await asyncio.gather(sender, return_exceptions=True)
            assert receiver.ids == [first]


async def test_somebody_elses_webhook_is_not_there(partnered: Partnered) -> None:
    """Another partner's key finds nothing to read, change, call or remove."""
    one, other = await partnered.partner("one"), await partnered.partner("other")
    async with one, other:
        made = await webhook(one, "a")
        at = f"/v1/partner/webhooks/{made['id']}"
        assert (await other.get(at)).status_code == 404
        assert (await other.delete(at)).status_code == 404
        assert (await other.post(f"{at}/pings")).status_code == 404
        assert (await other.post(f"{at}/deactivation")).status_code == 404
        change = {"url": "https://b.partner.test/"}
        assert (await other.put(at, json=change, headers={"If-Match": '"1"'})).status_code == 404
        assert (await one.get(at)).status_code == 200
