"""Free ports, chosen once and kept, so that two copies run side by side and links keep working."""

from __future__ import annotations

import random
import socket
import sys
from collections.abc import Collection

from deploy.local.data_folder import DataFolder, read_json, write_json

# Below the range from which systems take the near end of outgoing connections (from 32768 on
# Linux): a port chosen there could be taken by somebody's connection before the next start.
_CHOICE = range(20_000, 32_000)
_TRIES = 500

FRONT_DOOR = 8000


class NoFreePort(Exception):
    """No port could be had."""


class Ports:
    """The ports of one copy. A kept port that something else has taken is chosen anew."""

    def __init__(self, folder: DataFolder, *, in_use: bool = False) -> None:
        """`in_use`: for a copy that runs and holds its ports itself; they are taken as kept."""
        self._file = folder.ports
        self._in_use = in_use
        self._claims: list[socket.socket] = []
        self._kept: dict[str, int] = read_json(folder.ports) or {}

    def take(self, name: str) -> int:
        """The kept port of this name, or a new free one on loopback."""
        kept = self._kept.get(name)
        if kept is not None and (self._in_use or is_free(kept)):
            return kept
        return self._keep(name, any_free(self._claims, taken=self._kept.values()))

    def take_from(self, name: str, first: int) -> int:
        """The kept port, or the first free one counting up from `first`."""
        kept = self._kept.get(name)
        if kept is not None and (self._in_use or (is_free(kept) and _claim(kept, self._claims))):
            return kept
        counted = range(first, first + 1000)
        port = next((p for p in counted if is_free(p) and _claim(p, self._claims)), None)
        if port is None:
            raise NoFreePort(f"{first}–{first + 999}")
        return self._keep(name, port)

    def _keep(self, name: str, port: int) -> int:
        self._kept[name] = port
        write_json(self._file, self._kept)
        return port


def is_free(port: int) -> bool:
    """Whether something of ours could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a connection that is only fading away does not hold a port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def any_free(claims: list[socket.socket], taken: Collection[int] = ()) -> int:
    """A port on which nothing listens and that is nobody's choice; ours while `claims` lives."""
    for _ in range(_TRIES):
        port = random.choice(_CHOICE)  # noqa: S311 - not a secret
        if port not in taken and is_free(port) and _claim(port, claims):
            return port
    raise NoFreePort(f"{_CHOICE.start}–{_CHOICE.stop - 1}")


def _claim(port: int, claims: list[socket.socket]) -> bool:
    """Tell others who choose, before anything listens there, that this port will be ours.

    By a name in Linux's abstract socket space, which goes when we go.
    """
    if sys.platform != "linux":
        return True
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0safespace-port-{port}")
    except OSError:
        claim.close()
        return False
    claims.append(claim)
    return True
