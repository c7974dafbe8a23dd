"""A file of subscribers is read in, and the process that does it is killed in the middle of it."""

from __future__ import annotations

import contextlib
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.publishing.domain.newsletter_list import Said, new_list
from services.publishing.house import House
from tests.integration.publishing.real_mailers import a_house
from tests.integration.publishing.subscribing import TEST
from tests.integration.publishing.test_importing_subscribers import counts, file, many
from tests.support.processes import Processes, Running
from tests.unit.shared.issuer import Issuer

pytestmark = pytest.mark.asyncio(loop_scope="session")
LIST = "skolor"
_SAID = Said({"sv": "Nyheter"}, {"sv": "Om allt"}, {"sv": "Ja."}, is_open=True)


async def lines(process: Running, token: str, content: bytes) -> AsyncIterator[dict[str, Any]]:
    """The answer as it comes; it ends where the process does."""
    async with httpx.AsyncClient(base_url=process.url, timeout=120, trust_env=False) as client:
        with contextlib.suppress(httpx.TransportError):
            async with client.stream(
                "POST",
                "/v1/subscriber-imports",
                params={"list": LIST, "ask": "true", "commit": "true"},
                content=content,
                headers={"Authorization": f"Bearer {token}", "Content-Type": "text/csv"},
            ) as answer:
                assert answer.status_code == 200
                async for line in answer.aiter_lines():
                    yield json.loads(line)


async def killed_at(process: Running, token: str, content: bytes, rows: int) -> None:
    """As by a power cut, when it says that so many rows are done."""
    said = lines(process, token, content)
    async with contextlib.aclosing(said):
        async for line in said:
            assert "report" not in line, "it was over before the kill"
            if line["progress"]["done"] >= rows:
                process.kill()
                break
    assert not process.alive
    await process.restart()


async def whole(process: Running, token: str, content: bytes) -> dict[str, int]:
    """The report of a run that comes to its end."""
    said = [line async for line in lines(process, token, content)]
    return counts(said[-1]["report"])


async def addresses(house: House) -> Counter[str]:
    """Everybody's, as whoever writes to them would read it, under the person's own key."""
    subscribers = house.stores.subscribers
    rows = await house.ground.database["subscribers"].find({}, {"_id": 1}).to_list(None)
    found: Counter[str] = Counter()
    for row in rows:
        told = await subscribers.contact(row["_id"].as_uuid(), by=TEST)
        assert told is not None
        found[str(told.address)] += 1
    return found


@pytest.mark.parametrize(
    ("rows", "kills"),
    [(5_000, 1), pytest.param(40_000, 5, marks=[pytest.mark.long, pytest.mark.timeout(600)])],
)
async def test_read_again_after_a_kill_everybody_is_there_once(
    processes: Processes,
    clean_databases: None,
    issuer: Issuer,
    monkeypatch: pytest.MonkeyPatch,
    rows: int,
    kills: int,
) -> None:
    """Whole chunks stand; the same file adds the others: nobody twice or lost, none asked twice.

    What the last report says is new is what was not there, and once more nothing is.
    """
    house, chance = a_house(processes, monkeypatch), random.Random(kills)
    process = await processes.start("publishing-http", SAFESPACE_ISSUER=issuer.url)
    token = issuer.token(aud="publishing", sub="sub-edit", roles=["editor"])

    async def a_list(session: Any) -> None:
        await house.stores.lists.save(session, new_list(LIST, _SAID), by=TEST)

    await house.ground.transact(a_list)
    asked = rows // 4
    content = file(*many(asked, 0, ";"), *many(rows, asked))
    database, before = house.ground.database, 0
    for kill in range(kills):
        await killed_at(
            process, token, content, chance.randint(1, rows * (kill + 1) // (kills + 2))
        )
        stands = await database["subscribers"].count_documents({})
        assert stands % 1_000 == 0, "a chunk is there in part"
        assert before <= stands < rows
        before = stands
    report = await whole(process, token, content)
    assert (report["rows"], report["unchanged"]) == (rows, before)
    assert report.get("confirmed", 0) + report.get("asked", 0) == rows - before
    told = await addresses(house)
    assert set(told.values()) == {1}
    assert set(told) == {f"n{number}@d{number % 50}.example" for number in range(rows)}
    letters = await database["letters"].find({}, {"about": 1}).to_list(None)
    assert len({letter["about"] for letter in letters}) == len(letters) == asked
    assert await whole(process, token, content) == {"rows": rows, "unchanged": rows}
    house.close()
