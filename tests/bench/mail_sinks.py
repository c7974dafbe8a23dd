"""The mail servers that mailings are measured against, each in a process of its own.

Ours in Python is three times as quick as Postfix's `smtp-sink`, so it asks more of who is measured;
`smtp-sink` is the one that everybody else measures with. It is taken from the machine, or else its
package is unpacked where nothing of it is installed or started.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_MESSAGES = re.compile(rb"mesg=(\d+)\r")
_LAST = 64
"""Bytes of the end of its counting that hold the newest count."""
_WITHIN = 60.0
_UP = 10.0


class Sink:
    """One of them at `port`. It has counted each letter that it took."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def taken(self) -> int:
        """How many letters."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        await reader.readline()
        writer.write(b"COUNT\r\n")
        said = await reader.readline()
        writer.close()
        return int(said[4:])


class PostfixSink(Sink):
    """`counted` is where it writes how far it is, over and over."""

    def __init__(self, port: int, counted: Path) -> None:
        super().__init__(port)
        self._counted = counted

    async def taken(self) -> int:
        """How many letters."""
        with self._counted.open("rb") as file:
            file.seek(max(0, self._counted.stat().st_size - _LAST))
            found = _MESSAGES.findall(file.read())
        return int(found[-1]) if found else 0


@contextmanager
def sink(pause: float = 0.0, *, away: bool = False) -> Iterator[Sink]:
    """Ours, gone afterwards."""
    how = "away" if away else "thinks"
    command = [sys.executable, "-m", "tests.bench.mail_sink", str(pause), how]
    with subprocess.Popen(command, stdout=-1) as process:
        try:
            yield Sink(int(process.stdout.readline()))  # type: ignore[union-attr]
        finally:
            process.terminate()


@contextmanager
def postfix_sink(folder: Path) -> Iterator[PostfixSink | None]:
    """Postfix's, gone afterwards; None where it is neither installed nor to be had."""
    found = _smtp_sink(folder)
    if found is None:
        yield None
        return
    binary, environment = found
    port, counted = _free_port(), folder / "counted"
    # As root it wants to be told whom to be instead.
    user = ("-u", "nobody") if os.geteuid() == 0 else ()
    command = [str(binary), "-c", *user, f"127.0.0.1:{port}", "256"]
    with (
        counted.open("wb") as out,
        subprocess.Popen(command, stdout=out, env={**os.environ, **environment}) as process,
    ):
        try:
            _listens(port, process)
            yield PostfixSink(port, counted)
        finally:
            process.terminate()


def _smtp_sink(folder: Path) -> tuple[Path, Mapping[str, str]] | None:
    """Where it is, and what it needs to find its libraries."""
    installed = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin")
    if installed is not None:
        return Path(installed), {}
    try:
        _run("apt-get", "-q", "download", "postfix", cwd=folder)
        [package] = folder.glob("postfix_*.deb")
        _run("dpkg", "-x", str(package), str(folder / "postfix"), cwd=folder)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    root = folder / "postfix" / "usr"
    return root / "sbin" / "smtp-sink", {"LD_LIBRARY_PATH": str(root / "lib" / "postfix")}


def _run(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True, capture_output=True, timeout=_WITHIN)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _listens(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _UP
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("smtp-sink does not listen")
