"""The child that writes: how it stands beside others on the machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.publishing.mailing.ports import Content
from services.publishing.mailing.scribes import InThread, Scribes
from services.publishing.mailing.scribing import LENGTH, Wanted, desk_told
from tests.support.eventually import eventually
from tests.unit.publishing.letters import DESK, HOUSE, NOW, SV, reader


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="weighs no sessions")
async def test_it_steps_back_as_far_as_its_mailer() -> None:
    """Its session too, which is a new one: else a newsletter would weigh as much as a case."""
    command = ["nice", "-n", "3", sys.executable, "-m", "services.publishing.mailing.scribe", "1"]
    with subprocess.Popen(  # noqa: ASYNC220 - nothing else waits here
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as scribe:
        assert scribe.stdin is not None
        told = desk_told(DESK)
        scribe.stdin.write(LENGTH.pack(len(told)) + told)
        scribe.stdin.flush()
        await eventually(lambda: niceness(scribe.pid) == os.nice(0) + 3, within=20)
        scribe.stdin.close()


async def test_one_that_dies_is_asked_again() -> None:
    """Its letters are those that would be written here, the longer ones after it too."""
    content = Content("m", "skolor", "running", [(SV, HOUSE)])
    here, children = InThread(DESK), Scribes(DESK, 1)
    others = set(children_of(os.getpid()))
    try:
        for count in (3, 1, 40):
            wanted = Wanted([reader(n) for n in range(count)], ["sv"] * count)
            assert await children.write(content, wanted, NOW) == await here.write(
                content, wanted, NOW
            )
            [child] = set(children_of(os.getpid())) - others
            os.kill(child, signal.SIGKILL)
    finally:
        await children.close()


def children_of(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def niceness(pid: int) -> int:
    """Of its session."""
    return int(Path(f"/proc/{pid}/autogroup").read_text("ascii").split()[-1])
