"""Child processes of a copy: what a child is before it becomes its command."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from deploy.local.processes import Child, Command
from tests.support.eventually import eventually

TELL = "import os; print(os.nice(0), open('/proc/self/autogroup').read().split()[-1], flush=True)"
WAIT = "; import time; time.sleep(60)"


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="no autogroups here")
@pytest.mark.parametrize("niceness", [0, 5])
async def test_who_works_behind_the_scenes_steps_back(tmp_path: Path, niceness: int) -> None:
    """Its own niceness and that of its session: the one without the other has no effect."""
    log = tmp_path / "log"
    environment = dict(os.environ)
    argv = (sys.executable, "-c", TELL + WAIT)
    command = Command("told", argv, environment, log, tmp_path, niceness=niceness)
    child = Child(command)
    await child.start()
    try:
        said = await eventually(lambda: log.read_text().split() if log.exists() else None)
    finally:
        await child.stop()
    assert said == [str(os.nice(0) + niceness), str(niceness)]
