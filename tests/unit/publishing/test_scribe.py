"""The child that writes: how it stands beside others on the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.publishing.mailing.scribing import LENGTH, desk_told
from tests.support.eventually import eventually
from tests.unit.publishing.letters import DESK


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="weighs no sessions")
async def test_it_steps_back_as_far_as_its_mailer() -> None:
    """Its session too, which is a new one: else a newsletter would weigh as much as a case."""
    command = ["nice", "-n", "3", sys.executable, "-m", "services.publishing.mailing.scribe"]
    with subprocess.Popen(  # noqa: ASYNC220 - nothing else waits here
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as scribe:
        assert scribe.stdin is not None
        told = desk_told(DESK)
        scribe.stdin.write(LENGTH.pack(len(told)) + told)
        scribe.stdin.flush()
        await eventually(lambda: niceness(scribe.pid) == os.nice(0) + 3, within=20)
        scribe.stdin.close()


def niceness(pid: int) -> int:
    """Of its session."""
    return int(Path(f"/proc/{pid}/autogroup").read_text("ascii").split()[-1])
