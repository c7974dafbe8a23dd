"""Ctrl-C before a command has begun: Python is still reading the programs that it needs."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.integration.cli.conftest import ended

pytestmark = pytest.mark.asyncio(loop_scope="session")

_CTRL_C_AT = """
import os, signal, sys
now = sys.argv.pop(1)
class Pressed:
    def find_spec(self, name, *_):
        if name == now:
            os.kill(os.getpid(), signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Pressed())
from deploy.cli.start import main
main()
"""


@pytest.mark.parametrize("module", ["typer", "deploy.cli.booking", "httpx"])
async def test_ctrl_c_before_it_has_begun(tmp_path: Path, module: str) -> None:
    """Whatever is imported just then: one JSON object, a word beside it, and 130."""
    words = ("booking", "occasions", "--json", "--language", "en")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _CTRL_C_AT, module, *words),
        env={**os.environ, "SAFESPACE_DATA": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    done = await ended(process)
    assert done.code == 130, done.err
    assert done.answer == {"error": {"kind": "cancelled", "sentence": "Cancelled."}}
    assert done.err.strip() == "Cancelled."
