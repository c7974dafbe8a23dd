"""Reports fetched out of a mailbox by IMAP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.publishing.domain.return_paths import return_path
from services.publishing.mailing.postboxes import ImapBox
from services.publishing.messaging.letters import reports_of
from tests.integration.publishing.subscribing import a_list, known, sign_up
from tests.integration.publishing.test_what_comes_back import dsn, sent_letter
from tests.integration.publishing.world import World
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Imap:
    """As much of an IMAP server as is asked (RFC 9051): one mailbox, mails by number."""

    def __init__(self, mails: dict[str, bytes]) -> None:
        self.mails = mails
        self.flags: dict[str, str] = {}
        self.said: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, _, command = line.partition(" ")
            self.said.append(command)
            writer.write(self.answer(command) + f"{tag} OK done\r\n".encode())
            await writer.drain()
            if command == "LOGOUT":
                break
        writer.close()

    def answer(self, command: str) -> bytes:
        words = command.split()
        if words[0] == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if words[0] == "SELECT":
            return f"* {len(self.mails)} EXISTS\r\n".encode()
        if words[:2] == ["UID", "SEARCH"]:
            waiting = [each for each in sorted(self.mails) if each not in self.flags]
            return f"* SEARCH {' '.join(waiting)}\r\n".encode()
        if words[:2] == ["UID", "FETCH"]:
            raw = self.mails[words[2]]
            return b"* 1 FETCH (UID %s BODY[] {%d}\r\n%s)\r\n" % (words[2].encode(), len(raw), raw)
        if words[:2] == ["UID", "STORE"]:
            self.flags[words[2]] = words[-1].strip("()")
        if words[0] == "EXPUNGE":
            for number in [each for each, flag in self.flags.items() if flag == "\\Deleted"]:
                self.mails.pop(number)
        return b""


@pytest_asyncio.fixture(loop_scope="session")
async def imap() -> AsyncIterator[tuple[Imap, ImapBox]]:
    server = Imap({"7": b"", "8": b"Subject: Hej\n\nHej\n"})
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    yield server, ImapBox(f"imap://studs%40safespace.example:hemligt@127.0.0.1:{port}/Studs")
    listening.close()


async def test_reports_are_fetched_by_imap(
    world: World, imap: tuple[Imap, ImapBox], servers: RealServers
) -> None:
    """What is counted is deleted there, what is no report is flagged and stays; no words kept."""
    server, box = imap
    await a_list(world)
    await sign_up(world)
    letter = await sent_letter(world, servers)
    path = return_path(world.house.stamps, letter, "studs.safespace.example")
    server.mails["7"] = dsn(path).encode()
    take = reports_of(world.house, box)
    assert await take() == 2
    assert await take() == 0
    assert (await known(world)).trouble.points == 2
    assert server.mails.keys() == {"8"}
    assert server.flags["8"] == "\\Flagged"
    assert server.said[1].startswith('LOGIN studs@safespace.example "hemligt"')
    assert "hemligt" not in repr(box)
