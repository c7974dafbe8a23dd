"""Connections to partners: resolved once, checked, and made to the very address that was checked.

A name that says something else the second time (DNS rebinding) is not asked a second time. There is
no proxy, no redirect, and no switch that lets a private address through: tests and the demo put
another resolver and connector in, for names under `.partner.test`, which nobody can own. This
machine is not called at a public address of its own either.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cache
from typing import Any

import httpcore
from httpcore import AsyncConnectionPool, AsyncNetworkBackend, AsyncNetworkStream

from services.publishing.feeds.domain.addresses import pinned
from services.publishing.feeds.domain.refusals import AddressNotAllowed

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Host and port → every address that the name has."""
Connect = Callable[[str, str, int, float | None], Awaitable[AsyncNetworkStream]]
"""Host, checked address, port, seconds → a connection to that address."""

OF_TESTS = ".partner.test"


class Pinned(AsyncNetworkBackend):
    """Makes connections for a pool."""

    def __init__(self, resolve: Resolve, connect: Connect) -> None:
        self._resolve, self._connect = resolve, connect
        self._asking: asyncio.Future[list[str]] | None = None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - as the library calls it
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> AsyncNetworkStream:
        """Raises AddressNotAllowed when any address of the name is not public, or is our own."""
        if self._asking is None or self._asking.done():
            # One question at a time: a name that nobody answers for holds one thread, not many.
            self._asking = asyncio.ensure_future(self._resolve(host, port))
        address = pinned(await asyncio.shield(self._asking))
        if is_ours(address):
            raise AddressNotAllowed
        return await self._connect(host, address, port, timeout)


def is_ours(address: str) -> bool:
    """Whether this machine itself has the address: then it is where a call to it comes from."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as look, contextlib.suppress(OSError):
        # Nothing is sent: this only asks for the way.
        look.connect((address, 443))
        return str(look.getsockname()[0]) == address
    return False


def pool(resolve: Resolve, connect: Connect, *, most: int) -> AsyncConnectionPool:
    """Connections of one webhook: nobody waits for another's."""
    return AsyncConnectionPool(
        ssl_context=_trusted(),
        max_connections=most,
        max_keepalive_connections=most,
        keepalive_expiry=30.0,
        network_backend=Pinned(resolve, connect),
    )


@cache
def _trusted() -> ssl.SSLContext:
    # It reads all certificates of the machine.
    return ssl.create_default_context()


async def by_system(host: str, port: int) -> list[str]:
    """What the machine's resolver says, of both families.

    Each question has a thread of its own: the few that the loop has for everybody would all be
    taken by one partner whose name servers are silent. A process that ends does not wait for it.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, list(dict.fromkeys(str(one[4][0]) for one in found)))

    def tell(addresses: list[str]) -> None:
        if not answer.done():
            answer.set_result(addresses)

    threading.Thread(target=ask, name="names", daemon=True).start()
    return await answer


async def directly(
    host: str,  # noqa: ARG001 - it was checked; only its address counts now
    address: str,
    port: int,
    timeout: float | None,
) -> AsyncNetworkStream:
    """To the address that was checked."""
    return await httpcore.AnyIOBackend().connect_tcp(address, port, timeout=timeout)


def for_tests(ports: Mapping[str, int]) -> tuple[Resolve, Connect]:
    """Names under `.partner.test` lead to ports of this machine, in clear; all others as always."""

    async def resolve(host: str, port: int) -> list[str]:
        return (
            ["8.8.8.8"]
            if host in ports and host.endswith(OF_TESTS)
            else await by_system(host, port)
        )

    async def connect(
        host: str, address: str, port: int, timeout: float | None
    ) -> AsyncNetworkStream:
        if host in ports and host.endswith(OF_TESTS):
            backend = httpcore.AnyIOBackend()
            return _InClear(await backend.connect_tcp("127.0.0.1", ports[host], timeout=timeout))
        return await directly(host, address, port, timeout)

    return resolve, connect


class _InClear(AsyncNetworkStream):
    """A stream that stays as it is when it is asked to become TLS."""

    def __init__(self, stream: AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002 - as the library calls it
        server_hostname: str | None = None,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
    ) -> AsyncNetworkStream:
        return self

    def get_extra_info(self, info: str) -> Any:
        return None if info == "ssl_object" else self._stream.get_extra_info(info)
