"""Whatever an address says, and whatever its name resolves to: nothing inside is connected to."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import IPv4Address, IPv6Address

import pytest

from services.publishing.feeds.domain import addresses
from services.publishing.feeds.domain.retry_plan import Answer
from services.publishing.feeds.webhooks import connecting
from services.publishing.feeds.webhooks.connecting import by_system, directly, pool
from services.publishing.feeds.webhooks.posting import post
from services.publishing.settings import FeedsSettings
from tests.integration.publishing.feeds.partners_world import Partnered
from tests.integration.publishing.world import OWN
from tests.support.eventually import eventually
from tests.support.servers import RealServers
from tests.support.world import DOOR, worker_told
from tests.unit.publishing.feeds.hostile import ANSWERS, URLS


def own_addresses() -> list[str]:
    """Of this machine: loopback, and what its name and its way out say."""
    found = ["127.0.0.1", "127.0.0.2", "::1"]
    with contextlib.suppress(OSError):
        found += [str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), 443)]
    with contextlib.suppress(OSError), socket.socket(type=socket.SOCK_DGRAM) as look:
        look.connect(("8.8.8.8", 443))
        found.append(str(look.getsockname()[0]))
    return [one for one in dict.fromkeys(found) if _can_listen(one)]


def _can_listen(address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as look, contextlib.suppress(OSError):
        look.bind((address, 0))
        return True
    return False


@asynccontextmanager
async def canary() -> AsyncIterator[tuple[int, list[object]]]:
    """Listens inside, on every address of this machine, and notes whoever comes."""
    came: list[object] = []

    async def note(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("peername"))
        writer.close()

    async with AsyncExitStack() as listening:
        first = await listening.enter_async_context(
            await asyncio.start_server(note, "127.0.0.1", 0)
        )
        port = first.sockets[0].getsockname()[1]
        for address in own_addresses()[1:]:
            with contextlib.suppress(OSError):
                await listening.enter_async_context(await asyncio.start_server(note, address, port))
        yield port, came


async def called(port: int, *answers: str) -> tuple[Answer, list[str]]:
    """One call to a name that resolves so; and to which addresses it tried to connect."""
    tried: list[str] = []

    async def resolve(_host: str, _port: int) -> list[str]:
        return list(answers)

    async def connect(host: str, address: str, _port: int, timeout: float | None) -> object:
        tried.append(address)
        # Whatever was let through would reach the canary: its port is what is asked for.
        return await directly(host, address, port, timeout)

    made = pool(resolve, connect, most=1)  # type: ignore[arg-type]
    try:
        return await post(made, "https://hook.partner.example/", {}, b"{}", within=2.0), tried
    finally:
        await made.aclose()


async def test_a_name_that_leads_inside_is_not_connected_to() -> None:
    """Resolved to any address of ours, in any form, alone or beside good ones: none is tried."""
    async with canary() as (port, came):
        for answer in ANSWERS:
            for answers in ((answer,), ("8.8.8.8", answer)):
                result, tried = await called(port, *answers)
                assert (result.status, result.why, tried) == (0, "address-not-allowed", []), answer
        assert came == []


async def test_a_name_that_changes_its_mind_is_asked_once() -> None:
    """Public when it was checked, ours the next time: the connection goes where was checked."""
    tried: list[str] = []
    answers = iter(["8.8.8.8", "127.0.0.1"])

    async def resolve(_host: str, _port: int) -> list[str]:
        return [next(answers)]

    async def connect(_host: str, address: str, _port: int, _timeout: float | None) -> object:
        tried.append(address)
        raise OSError

    made = pool(resolve, connect, most=1)  # type: ignore[arg-type]
    await post(made, "https://hook.partner.example/", {}, b"{}", within=2.0)
    assert tried == ["8.8.8.8"]
    again = await post(made, "https://hook.partner.example/", {}, b"{}", within=2.0)
    assert (tried, again.why) == (["8.8.8.8"], "address-not-allowed")
    await made.aclose()


async def test_the_machines_own_addresses_in_every_form() -> None:
    """Its own, mapped, through NAT64, 6to4: none is tried, whichever network it is in."""
    async with canary() as (port, came):
        for address in own_addresses():
            for answer in forms_of(address):
                result, tried = await called(port, answer)
                assert (result.why, tried) == ("address-not-allowed", []), answer
        assert came == []


def forms_of(address: str) -> list[str]:
    if ":" in address:
        return [address, f"{address}%lo"]
    number = int(IPv4Address(address))
    bases = ("::ffff:0:0", "64:ff9b::", "::", "::ffff:0:0:0")
    embedded = [str(IPv6Address(int(IPv6Address(base)) | number)) for base in bases]
    return [address, *embedded, str(IPv6Address((0x2002 << 112) | (number << 80)))]


async def test_a_public_address_of_our_own_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on the internet is inside too: taken for public, its own are still not tried."""
    monkeypatch.setattr(addresses, "is_public", lambda _text: True)
    async with canary() as (port, came):
        for address in own_addresses():
            if address != "127.0.0.2":
                result, tried = await called(port, address)
                assert (result.why, tried) == ("address-not-allowed", []), address
        assert came == []


async def test_the_canary_sings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with both checks taken away, the same calls reach it."""
    monkeypatch.setattr(addresses, "is_public", lambda _text: True)
    monkeypatch.setattr(connecting, "is_ours", lambda _address: False)
    async with canary() as (port, came):
        for count, address in enumerate(own_addresses(), start=1):
            _, tried = await called(port, address)
            assert tried == [address]
            await eventually(lambda: len(came) == count, within=10)  # noqa: B023


async def test_the_machines_own_resolver_is_checked_too() -> None:
    """`localhost` as the system resolves it."""
    async with canary() as (port, came):
        tried: list[str] = []

        async def connect(_host: str, address: str, _port: int, _timeout: float | None) -> object:
            tried.append(address)
            raise OSError

        made = pool(by_system, connect, most=1)  # type: ignore[arg-type]
        result = await post(made, f"https://localhost:{port}/", {}, b"{}", within=2.0)
        assert (result.why, tried, came) == ("address-not-allowed", [], [])
        await made.aclose()


async def test_another_name_behind_a_name_that_leads_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As the system resolves a CNAME of one of ours: good and bad, of both families, all seen."""

    def resolver(_host: str, port: int, **_more: object) -> list[object]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "rabbitmq.internal", ("8.8.8.8", port)),
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:4700::1", port, 0, 0)),
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0)),
        ]

    tried: list[str] = []

    async def connect(_host: str, address: str, _port: int, _timeout: float | None) -> object:
        tried.append(address)
        raise OSError

    made = pool(by_system, connect, most=1)  # type: ignore[arg-type]
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    result = await post(made, "https://hook.partner.example/", {}, b"{}", within=2.0)
    assert (result.why, tried) == ("address-not-allowed", [])
    await made.aclose()


async def test_silent_name_servers_are_one_partners_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its many calls ask once; and however many such names there are, others are answered."""
    silent, asked = threading.Event(), list[str]()

    def resolver(host: str, port: int, **_more: object) -> list[object]:
        asked.append(host)
        if host.startswith("silent"):
            silent.wait(60)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)

    async def connect(_host: str, _address: str, _port: int, _timeout: float | None) -> object:
        raise OSError

    pools = [pool(by_system, connect, most=8) for _ in range(40)]  # type: ignore[arg-type]
    calls = [
        asyncio.create_task(post(one, f"https://silent{n}.example/", {}, b"{}", within=30))
        for n, one in enumerate(pools)
        for _ in range(8)
    ]
    try:
        await eventually(lambda: len(asked) == len(pools), within=30)
        assert await by_system("well.example", 443) == ["8.8.8.8"]
        assert len(asked) == len(pools) + 1
    finally:
        silent.set()
        await asyncio.gather(*calls)
        for one in pools:
            await one.aclose()


async def test_a_hostile_address_is_refused_when_it_is_said(partnered: Partnered) -> None:
    """422, nothing of it repeated, nothing kept, nobody asked for its name."""
    async with await partnered.partner(per_minute=100_000) as client:
        for url in URLS[::12]:
            answer = await client.post("/v1/partner/webhooks", json={"url": url})
            assert answer.status_code == 422, url
            assert not url.strip() or len(url) < 8 or url not in answer.text
        assert (await client.get("/v1/partner/webhooks")).json() == {"items": []}


def test_no_setting_opens_the_way_inside(servers: RealServers) -> None:
    """Partners on this machine are a local copy's alone; production refuses to start with them."""
    told = worker_told(servers, "publishing", **OWN, front_door=DOOR)
    here = {"a.partner.test": 1}
    assert FeedsSettings.model_validate({**told, "partners_here": here}).partners_here == here
    with pytest.raises(ValueError, match="local copy"):
        FeedsSettings.model_validate({**told, "partners_here": here, "profile": "production"})
