"""What the machine itself knows of our processes and sockets, read from /proc (Linux)."""

from __future__ import annotations

import contextlib
import ipaddress
import os
from collections.abc import Iterable
from pathlib import Path

_LISTENING = "0A"


def processes_of(folder: Path) -> dict[int, str]:
    """Every process that names this data folder in its command, environment or working folder.

    Process id → command line. Those that have ended but are not yet collected do not count.
    """
    mark = str(folder).encode()
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        with contextlib.suppress(OSError):
            command = (entry / "cmdline").read_bytes()
            seen = command + (entry / "environ").read_bytes()
            if pid != os.getpid() and command and (mark in seen or _works_in(entry, folder)):
                found[pid] = command.replace(b"\0", b" ").decode(errors="replace").strip()
    return found


def listening(pids: Iterable[int]) -> dict[str, int]:
    """The addresses on which these processes accept TCP connections: `127.0.0.1:8000` → pid."""
    owners = {inode: pid for pid in pids for inode in _sockets(pid)}
    addresses = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTENING and fields[9] in owners:
                addresses[_address(fields[1])] = owners[fields[9]]
    return addresses


def is_loopback(address: str) -> bool:
    """Whether nobody outside this machine can reach it."""
    return ipaddress.ip_address(address.rpartition(":")[0].strip("[]")).is_loopback


def _works_in(entry: Path, folder: Path) -> bool:
    return (entry / "cwd").readlink().is_relative_to(folder)


def _sockets(pid: int) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                target = str(descriptor.readlink())
                if target.startswith("socket:["):
                    found.add(target[8:-1])
    return found


def _address(written: str) -> str:
    """`0100007F:1F40` as the kernel writes it: 32-bit words in the machine's byte order."""
    host, port = written.split(":")
    raw = b"".join(bytes.fromhex(host[start : start + 8])[::-1] for start in range(0, len(host), 8))
    return f"[{ipaddress.ip_address(raw)}]:{int(port, 16)}"
