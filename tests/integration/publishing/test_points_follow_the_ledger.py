"""What a ledger has as bounced is held against its address once, whoever dies or says it when."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from services.publishing.domain.job import Job
from services.publishing.domain.recipients import Row, mailing_key, row_of
from services.publishing.domain.return_paths import return_path
from services.publishing.domain.smtp_replies import TAKEN, Code, Verdict
from services.publishing.mailing.ports import Beside, Content, Hint
from services.publishing.mailing.postboxes import Maildir
from services.publishing.mailing.round import Round
from services.publishing.messaging.letters import refusals_of, reports_of
from tests.integration.publishing.mailing_world import EDITOR, LIST, Mailings
from tests.integration.publishing.test_what_comes_back import dsn
from tests.integration.publishing.world import NOW, World, mailer_settings
from tests.support.eventually import eventually
from tests.support.mail_server import MailServer
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOBODY = Verdict("refused", Code(550, (5, 1, 1)), "hard")


@pytest_asyncio.fixture(loop_scope="session")
async def mailings(world: World) -> Mailings:
    return Mailings(world.house)


@pytest_asyncio.fixture(loop_scope="session")
async def slow() -> AsyncIterator[MailServer]:
    """A server that takes a letter half a second before it says so."""
    server = MailServer(pause=0.5)
    async with server.serving():
        yield server


async def claimed(mailings: Mailings, job: Job) -> Round:
    """A mailer's round, and the mailer about to be killed."""
    found = await mailings.house.stores.batches.claim(Hint(job.id, 0))
    assert found is not None
    return Round(found, Content(job.id, LIST, "running", ()))


async def kept(mailings: Mailings, one: Round, refused: tuple[int, ...]) -> None:
    """Answers noted: these were refused, the others of the first four taken."""
    for index in range(4):
        one.ledger.take_in_hand(index, NOW)
        one.ledger.conclude(index, NOBODY if index in refused else TAKEN, NOW)
    assert await mailings.house.stores.batches.keep([one.entry()]) == ["kept"]


async def lease_runs_out(mailings: Mailings) -> None:
    rows = mailings.house.ground.database["batches"]
    await rows.update_many({}, {"$set": {"seen_at": NOW - timedelta(days=9_000)}})


async def counted(mailings: Mailings) -> list[float]:
    """Points of those who have any, when nothing is left to count."""
    count = refusals_of(mailings.house)
    while await count():
        pass
    people = [
        await mailings.house.stores.subscribers.find(one, by=EDITOR) for one in mailings.people
    ]
    points = [one.trouble.points for one in people if one is not None]
    return [each for each in points if each]


@pytest.mark.parametrize("readers", [4, 6], ids=["at-its-end", "in-the-middle"])
async def test_a_killed_mailers_refusals_are_counted_once(
    mailings: Mailings, servers: RealServers, readers: int
) -> None:
    """Killed when its answers were kept, and before anybody had counted them."""
    await mailings.a_list_with(readers)
    job = await mailings.running()
    one = await claimed(mailings, job)
    await kept(mailings, one, refused=(1, 3))
    assert await counted(mailings) == [], "it may be at work still"
    await lease_runs_out(mailings)
    if readers > 4:
        server = MailServer()
        async with server.serving() as port:
            settings = mailer_settings(servers, port, scribes=0, connections=2)
            async with mailings.mailers(settings):
                found = await mailings.ended(job.id)
        assert (found.tally.accepted, found.tally.bounced) == (4, 2)
        assert server.letters == 2
    assert await counted(mailings) == [2, 2]
    one.ledger.conclude(2, NOBODY, NOW)
    assert await mailings.house.stores.batches.keep([one.entry()]) == ["lost"]
    assert await counted(mailings) == [2, 2]


async def test_who_dies_between_putting_down_and_counting_counts_once(mailings: Mailings) -> None:
    """What is owed becomes rows and is owed no more in one; a row goes when it is counted."""
    await mailings.a_list_with(4)
    one = await claimed(mailings, await mailings.running())
    await kept(mailings, one, refused=(0,))
    await lease_runs_out(mailings)
    refusals, transact = mailings.house.stores.refusals, mailings.house.ground.transact
    [owing] = await refusals.owed(10, NOW, by=EDITOR)
    for _ in range(2):  # by two workers, who read it at the same time
        await transact(lambda session: refusals.put_down(session, owing))
        assert await refusals.owed(10, NOW, by=EDITOR) == []
    assert await counted(mailings) == [2]
    await transact(lambda session: refusals.put_down(session, owing))
    assert await refusals.waiting(10, by=EDITOR) == [], "it was counted, and stays so tomorrow"


async def test_a_report_that_is_faster_than_the_servers_answer_is_the_end(
    world: World, mailings: Mailings, slow: MailServer, servers: RealServers, tmp_path: Path
) -> None:
    """It comes while its letter is in hand: bounced with its code, sent once, counted once."""
    await mailings.a_list_with(3)
    job = await mailings.running()
    take = reports_of(world.house, Maildir(tmp_path)).take
    settings = mailer_settings(servers, slow.port, scribes=0, connections=1)
    async with mailings.mailers(settings):
        await eventually(lambda: slow.letters == 1)
        [letter] = slow.accepted
        path = return_path(world.house.stamps, uuid.UUID(letter), "studs.safespace.example")
        assert (await mailings.progress(job.id)).tally.in_hand == 1, "its 250 is on the way"
        assert await take(dsn(path, status="5.2.2").encode()) == "counted"
        found = await mailings.ended(job.id)
    assert (found.tally.accepted, found.tally.bounced) == (2, 1)
    assert found.codes == {"550 5.2.2": 1}
    assert set(slow.accepted.values()) == {1}
    assert await take(dsn(path, status="5.1.1").encode()) == "unknown", "a letter fails once"
    assert await counted(mailings) == [0.5]


async def test_a_line_that_breaks_after_the_report_leaves_nobody_uncertain(
    mailings: Mailings, slow: MailServer, servers: RealServers
) -> None:
    """The answer is lost, or the mailer is; the report has said what became of the letter."""
    await mailings.a_list_with(2)
    job = await mailings.running()
    report = mailings.house.stores.batches.report
    async with mailings.mailers(mailer_settings(servers, slow.port, scribes=0, connections=1)):
        await eventually(lambda: slow.letters == 1)
        row = row_of(uuid.UUID(next(iter(slow.accepted))))
        assert await report(job.id, row, Code(550, (5, 1, 1)), "hard")
        for line in tuple(slow.connections):
            line.abort()
        found = await mailings.ended(job.id)
    assert (found.tally.bounced, found.tally.uncertain, found.tally.accepted) == (1, 0, 1)
    assert set(slow.accepted.values()) == {1}
    other = await mailings.running()
    one = await claimed(mailings, other)
    for index in range(2):
        one.ledger.take_in_hand(index, NOW)
    assert await mailings.house.stores.batches.keep([one.entry()]) == ["kept"]
    row = Row(mailing_key(other.id), 0, 0)
    assert await report(other.id, row, Code(550, (5, 1, 1)), "hard")
    await lease_runs_out(mailings)
    again = await claimed(mailings, other)
    assert again.ledger.lease_ran_out() == 2
    assert [again.ledger.standing(n).state for n in range(2)] == ["bounced", "uncertain"]


async def test_a_report_beside_its_owner_is_kept_whatever_the_owner_knew(
    mailings: Mailings,
) -> None:
    """In hand where it is kept; in its owner's own book accepted, refused, or on its way still."""
    await mailings.a_list_with(3)
    job = await mailings.running()
    one, batches = await claimed(mailings, job), mailings.house.stores.batches
    for index in range(3):
        one.ledger.take_in_hand(index, NOW)
    assert await batches.keep([one.entry()]) == ["kept"]
    one.version += 1
    for index in range(3):
        row = Row(mailing_key(job.id), 0, index)
        assert await batches.report(job.id, row, Code(552, (5, 2, 2)), "soft")
    one.ledger.conclude(0, TAKEN, NOW)
    one.ledger.conclude(1, NOBODY, NOW)
    [answer] = await batches.keep([one.entry()])
    assert isinstance(answer, Beside)
    one.ledger.taken_over(answer.page)
    one.version = answer.version
    one.ledger.conclude(2, TAKEN, NOW)
    assert await batches.keep([one.entry()]) == ["kept"]
    await lease_runs_out(mailings)
    found = await mailings.progress(job.id)
    assert found.tally.bounced == found.tally.total == 3
    assert found.codes == {"552 5.2.2": 2, "550 5.1.1": 1}
    assert sorted(await counted(mailings)) == [0.5, 0.5, 2]
