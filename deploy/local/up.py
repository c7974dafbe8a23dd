"""`make run`: one copy in the foreground, from the first line to the last orphan."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from deploy.local.announcement import Announcer
from deploy.local.data_folder import DataFolder, read_json
from deploy.local.mongod import NoMongod
from deploy.local.ports import NoFreePort
from deploy.local.rabbit import NoRabbit
from deploy.local.ready import NotReady
from deploy.local.signals import stop_wished
from deploy.local.whole_copy import Copy, UnknownProcess
from deploy.rabbitmq import NotApplied

_EXPECTED = (NoMongod, NoRabbit, NotReady, NoFreePort, NotApplied, UnknownProcess)


class AlreadyRunning(Exception):
    """Another process holds this data folder."""


async def up(folder: DataFolder, *, only: Iterable[str] = ()) -> int:
    """Start everything, show where it is, wait for SIGINT or SIGTERM, stop everything.

    Returns the exit code: 0 after a wished stop, 1 when something did not start.
    """
    wished = stop_wished()
    announcer = Announcer(folder)
    try:
        with alone(folder):
            announcer.starting()
            return await _run(Copy(folder, told=announcer.told, only=only), announcer, wished)
    except AlreadyRunning:
        announcer.already_running((read_json(folder.copy) or {}).get("front_door"))
    except _EXPECTED as error:
        announcer.failed(error)
    return 1


async def _run(copy: Copy, announcer: Announcer, wished: asyncio.Event) -> int:
    starting = asyncio.create_task(copy.start())
    waiting = asyncio.create_task(wished.wait())
    try:
        await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            announcer.ready(copy.described())
        await waiting
        return 0
    except _EXPECTED as error:
        announcer.failed(error)
        return 1
    finally:
        waiting.cancel()
        starting.cancel()
        await asyncio.wait({starting})
        announcer.stopping()
        await copy.stop()
        announcer.stopped()


@contextmanager
def alone(folder: DataFolder) -> Iterator[None]:
    """Two copies in one folder would destroy each other's data; the lock goes when we go."""
    lock = os.open(folder.root / ".lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AlreadyRunning from error
    else:
        yield
    finally:
        os.close(lock)
