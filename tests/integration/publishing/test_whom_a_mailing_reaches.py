"""Whom a mailing asks for: the people of a segment, with what is needed to write to them."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from services.publishing.domain.leaving import Left
from services.publishing.domain.segments import All, Field, Is, Not, Segment, Since, holds
from services.publishing.domain.segments import Any as Some
from services.publishing.domain.subscriber import Subscriber, leaves
from services.publishing.domain.suppression import Cause, Suppression
from services.publishing.storage.fingerprints import Fingerprints
from services.publishing.storage.forgettings import MongoForgettings
from services.publishing.storage.leavings import MongoLeavings
from services.publishing.storage.subscriber_indexes import make_subscriber_indexes
from services.publishing.storage.subscribers import MongoSubscribers
from services.publishing.storage.suppressions import MongoSuppressions
from shared.kernel.actor import ANYBODY, Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import VersionConflict
from shared.mongo.client import connect, database_of
from shared.mongo.places import place_of
from shared.mongo.transactions import transact
from shared.privacy.vault import Vault
from tests.integration.publishing.people import NOW, TEST, People, contact, somebody
from tests.support.servers import RealServers, emptied

PRINTS = Fingerprints(b"f" * 32)
WORDS: dict[Field, tuple[str, ...]] = {
    "list": ("skolor", "unga", "ingen", ""),
    "language": ("sv", "en", "ar"),
    "tag": ("lärare", "rektor", ""),
    "municipality": ("Malmö", "Lund", ""),
    "role": ("teacher", ""),
}


@dataclass(frozen=True)
class Kept:
    people: People
    suppressions: MongoSuppressions
    leavings: MongoLeavings
    forgettings: MongoForgettings
    vault: Vault


@pytest_asyncio.fixture(loop_scope="session")
async def kept(servers: RealServers) -> AsyncIterator[Kept]:
    """The stores on empty databases."""
    await asyncio.to_thread(emptied, servers, "publishing")
    urls = [servers.mongo_url(user) for user in ("publishing", "publishing-keys")]
    database, keys = (database_of(connect(url), url) for url in urls)
    vault = Vault(keys, b"k" * 32)
    leavings = MongoLeavings(database)
    suppressions = MongoSuppressions(database, leavings)
    subscribers = MongoSubscribers(database, vault, PRINTS, suppressions, leavings)
    await make_subscriber_indexes(database)
    forgettings = MongoForgettings(database, vault, leavings)
    yield Kept(People(subscribers, database), suppressions, leavings, forgettings, vault)
    database.client.close()
    keys.client.close()


def crowd(luck: random.Random, size: int) -> list[Subscriber]:
    """People who differ in all that can be asked about them."""
    return [
        somebody(
            *luck.sample(("skolor", "unga"), luck.randint(0, 2)),
            at=NOW + timedelta(hours=luck.randint(0, 5)),
            language=luck.choice(WORDS["language"]),
            tags=frozenset(luck.sample(WORDS["tag"][:2], luck.randint(0, 2))),
            municipality=luck.choice(WORDS["municipality"]),
            role=luck.choice(WORDS["role"]),
        )
        for _ in range(size)
    ]


def question(luck: random.Random, depth: int = 3) -> Segment:
    """Any of the five forms."""
    kind = luck.choice(("is", "since") if not depth else ("is", "since", "all", "any", "not"))
    if kind == "is":
        field = luck.choice(list(WORDS))
        values = luck.sample(WORDS[field], luck.randint(1, len(WORDS[field])))
        return Is(field, frozenset(values))
    if kind == "since":
        return Since(NOW + timedelta(hours=luck.randint(0, 7)))
    if kind == "not":
        return Not(question(luck, depth - 1))
    parts = tuple(question(luck, depth - 1) for _ in range(luck.randint(0, 3)))
    return All(parts) if kind == "all" else Some(parts)


async def ids(kept: Kept, segment: Segment, page: int = 500) -> list[list[uuid.UUID]]:
    found = kept.people.subscribers.ids_in("skolor", segment, by=TEST, page=page)
    return [each async for each in found]


@pytest.mark.asyncio(loop_scope="session")
async def test_the_database_answers_a_segment_as_the_rule_does(kept: Kept) -> None:
    """For any people and any question, count and ids are exactly those the domain says."""
    luck = random.Random(20270111)
    people = await kept.people.are(crowd(luck, 60))
    for _ in range(120):
        segment = question(luck)
        told = [(one, one.facts("skolor")) for one in people]
        wanted = sorted(one.id for one, facts in told if facts and holds(segment, facts))
        found = [one for page in await ids(kept, segment) for one in page]
        assert found == wanted, segment
        count = await kept.people.subscribers.count("skolor", segment, by=TEST)
        assert count == len(wanted)


@pytest.mark.asyncio(loop_scope="session")
async def test_ids_come_in_full_pages_by_rising_id(kept: Kept) -> None:
    """Each person once, however many pages; only the last page may be short; none when nobody."""
    people = await kept.people.are(somebody("skolor") for _ in range(25))
    pages = await ids(kept, All(()), page=10)
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [one for page in pages for one in page] == sorted(one.id for one in people)
    assert [len(page) for page in await ids(kept, All(()), page=5)] == [5] * 5
    assert await ids(kept, Some(())) == []


@pytest.mark.asyncio(loop_scope="session")
async def test_everybody_asked_for_is_a_reader_or_has_a_cause(kept: Kept) -> None:
    """Left, never again, complained, dead, forgotten or unheard of: nobody falls between."""
    people = await kept.people.are(somebody("skolor") for _ in range(7))
    reader, left, never, cross, dead, blinded, other = people
    await kept.people.become(left, leaves(left, ["skolor"], "one-click", NOW))
    await kept.people.become(other, leaves(other, ["unga"], "one-click", NOW))

    causes: dict[int, Cause] = {2: "asked-never-again", 3: "complaint", 4: "dead-address"}

    async def work(session: Any) -> None:
        for number, cause in causes.items():
            blind = PRINTS.of(contact(number).address)
            await kept.suppressions.add(session, Suppression(blind, cause, NOW))

    await transact(kept.people.database.client, work)
    await kept.vault.forget(str(blinded.id))
    stranger = uuid.UUID(new_id())
    everybody = [*(one.id.bytes for one in people), stranger.bytes]
    found = await kept.people.subscribers.readers(everybody, "skolor", by=TEST)
    told = {one: (each.address, each.name) for one, each in found.readers.items()}
    assert told == {
        whose.id.bytes: (str(each.address), each.name)
        for whose, each in ((reader, contact(0)), (other, contact(6)))
    }
    assert {uuid.UUID(bytes=one): why for one, why in found.stopped.items()} == {
        left.id: "unsubscribed",
        never.id: "asked-never-again",
        cross.id: "complaint",
        dead.id: "dead-address",
        blinded.id: "unsubscribed",
        stranger: "unsubscribed",
    }


@pytest.mark.asyncio(loop_scope="session")
async def test_mailers_hear_of_whoever_leaves(kept: Kept) -> None:
    """A leave is heard with its list, a suppression and a forgetting for all; nothing else is."""
    one, other = await kept.people.are(somebody("skolor", "unga") for _ in range(2))
    here = await kept.leavings.here(by=TEST)
    await kept.people.become(one, replace(one, language="en"))
    with pytest.raises(VersionConflict):
        await kept.people.become(one, leaves(one, None, "page", NOW))
    await kept.people.become(other, leaves(other, ["unga"], "page", NOW))

    async def suppressed(session: Any) -> None:
        stopped = Suppression(PRINTS.of(contact(0).address), "complaint", NOW)
        await kept.suppressions.add(session, stopped)
        stranger = Suppression(PRINTS.of(contact(9).address), "complaint", NOW)
        await kept.suppressions.add(session, stranger)

    async def forgotten(session: Any) -> None:
        await kept.forgettings.begin(session, other.id)

    for work in (suppressed, forgotten):
        await transact(kept.people.database.client, work)
    heard: list[Left | None] = []
    async with asyncio.timeout(30), aclosing(kept.leavings.since(here, by=TEST)) as following:
        async for place, left in following:
            assert place_of(place) > place_of(here)  # type: ignore[operator]
            heard.extend([None] if left is None else left)
            if len(heard) >= 3:
                break
    assert heard == [
        Left(other.id, "unga", "unsubscribed"),
        Left(one.id, None, "complaint"),
        Left(other.id, None, "unsubscribed"),
    ]


@pytest.mark.asyncio(loop_scope="session")
async def test_a_subscriber_is_seen_by_who_may(kept: Kept) -> None:
    """The holder of a link sees themselves alone; anybody else nobody."""
    one, other = await kept.people.are(somebody("skolor") for _ in range(2))
    store = kept.people.subscribers
    own = Actor("participant", str(one.id))
    assert (await store.find(one.id, by=own)) == one
    assert await store.find(other.id, by=own) is None
    assert await store.contact(other.id, by=own) is None
    assert await store.find(one.id, by=ANYBODY) is None
    assert await store.at(PRINTS.of(contact(0).address), by=TEST) == one
    assert await store.at(PRINTS.of(contact(0).address), by=ANYBODY) is None


@pytest.mark.asyncio(loop_scope="session")
async def test_no_address_stands_in_the_database(kept: Kept) -> None:
    """Neither address nor name is readable where it is kept."""
    await kept.people.are([somebody("skolor")])
    [row] = await kept.people.database["subscribers"].find({}).to_list(None)
    assert b"asa" not in repr(row).encode()
    assert "Åsa" not in str(row)
    assert not any(b"skola.example" in bytes(box) for box in row["cipher"].values())
