"""How fast a file of subscribers is imported, beside `insert_many` of the very same documents.

`python -m tests.bench.subscriber_import 200000`
"""

from __future__ import annotations

import asyncio
import io
import json
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

import uvloop

from deploy.local.data_folder import data_folder
from services.publishing.domain.newsletter_list import Said, new_list
from services.publishing.house import House
from services.publishing.main import house_of
from services.publishing.spreadsheets.subscriber_file import open_subscribers
from services.publishing.use_cases.import_subscribers import ImportSubscribers, Wanted
from shared.kernel import memory
from shared.kernel.actor import housekeeping
from shared.kernel.clock import FixedClock
from shared.mongo.client import Database, connect
from tests.integration.publishing.world import NOW, worker_settings
from tests.support.servers import RealServers, start_servers, stop_process

BY = housekeeping("bench")
HEAD = "E-post;Namn;Språk;Taggar;Kommun;Roll;Samtyckte;Samtyckestext\r\n"
_SAID = Said({"sv": "Nyheter"}, {"sv": "Ibland."}, {"sv": "Ja."}, is_open=True)


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows a second. `raw`: the documents that came of it, keys too, inserted a thousand at a time.

    `again` is the same file once more, `dry` the run that saves nothing, `megabytes` the peak.
    """

    rows: int
    proven: float
    asked: float
    again: float
    dry: float
    raw: float
    megabytes: float


def a_file(count: int, proof: str = "2026-10-02;mässan-2026") -> bytes:
    """Rows as an office has them, at four hundred domains."""
    text = io.StringIO()
    text.write(HEAD)
    for n in range(count):
        text.write(
            f"asa.{n}@d{n % 400}.example;Åsa Öberg {n};sv;lärare, nätverk;Malmö;rektor;{proof}\r\n"
        )
    return text.getvalue().encode()


async def measure(servers: RealServers, count: int) -> Imported:
    """One after the other, on empty databases each time."""
    memory.started()  # As each process of ours does.
    async with _house(servers) as house:
        dry = await _rate(house, a_file(count), Wanted("skolor"))
        proven = await _rate(house, a_file(count), Wanted("skolor", commit=True))
        again = await _rate(house, a_file(count), Wanted("skolor", commit=True))
        # Before the baseline, which holds all the documents itself.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        raw = await _raw(servers, house, count)
        await _emptied(house)
        asked = await _rate(house, a_file(count, ";"), Wanted("skolor", ask=True, commit=True))
    return Imported(count, proven, asked, again, dry, raw, peak)


@asynccontextmanager
async def _house(servers: RealServers) -> AsyncIterator[House]:
    house = house_of(worker_settings(servers, 1), FixedClock(NOW))
    await house.make_indexes()
    await _emptied(house)
    yield house
    house.close()


async def _emptied(house: House) -> None:
    database, keys = house.ground.database, house.ground.keys
    for name in ("subscribers", "letters", "lists"):
        await database[name].delete_many({})
    await keys["person_keys"].delete_many({})
    made = new_list("skolor", _SAID)
    await house.ground.transact(lambda session: house.stores.lists.save(session, made, by=BY))


async def _rate(house: House, content: bytes, wanted: Wanted) -> float:
    stores, ground = house.stores, house.ground
    read_in = ImportSubscribers(
        stores.lists,
        stores.subscribers,
        stores.suppressions,
        stores.letters,
        stores.fingerprints,
        ground.transact,
        ground.clock,
    )
    began, done = time.perf_counter(), 0
    async for step in read_in(open_subscribers(content), wanted, by=BY):
        done = step[0]
    return done / (time.perf_counter() - began)


async def _raw(servers: RealServers, house: House, count: int) -> float:
    """What a bare loop over the driver takes for the same documents, with the same indexes."""
    rows = await house.ground.database["subscribers"].find({}).to_list(count)
    keys = await house.ground.keys["person_keys"].find({}).to_list(count)
    client = connect(servers.mongo_administrator_url)
    database: Database = client["bench_subscribers"]
    await database["rows"].create_index("blind", unique=True)
    await database["rows"].create_index([("confirmed", 1), ("_id", 1)])
    began = time.perf_counter()
    for some, theirs in zip(_pieces(rows), _pieces(keys), strict=True):
        await asyncio.gather(
            database["rows"].insert_many(some), database["keys"].insert_many(theirs)
        )
    took = time.perf_counter() - began
    await client.drop_database("bench_subscribers")
    client.close()
    return count / took


def _pieces(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    return (rows[n : n + 1000] for n in range(0, len(rows), 1000))


def rows(found: Imported) -> list[tuple[str, ...]]:
    """For the table that people read."""
    raw = found.raw

    def row(what: str, rate: float, aim: str) -> tuple[str, ...]:
        figure = f"{found.rows} subscribers, {what}, rows/s (baseline: insert_many)"
        return (figure, f"{rate:.0f}", f"{raw:.0f}", f"{rate / raw:.2f}", aim)

    return [
        row("with proof", found.proven, "≥ 8,000 (200,000 in 25 s)"),
        row("asked by letter", found.asked, "–"),
        row("the same file again", found.again, "–"),
    ]


def main() -> None:
    """On servers of its own."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        servers = data_folder(f"{folder}/servers")
        process = start_servers(servers)
        try:
            found = uvloop.run(measure(RealServers(servers), count))
        finally:
            stop_process(process)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
