"""Processes of a running copy that are stopped on purpose, until somebody starts them again."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Mapping

from deploy.local.data_folder import DataFolder, read_json, write_json


def is_held(folder: DataFolder, process: str) -> bool:
    """Whether it must not be started now."""
    return any(belongs(process, name) for name in held(folder))


def held(folder: DataFolder) -> list[str]:
    """The names that were given, such as `publishing` or `publishing-mailer`."""
    return list(read_json(folder.held) or [])


def hold(folder: DataFolder, name: str, pids: Mapping[str, int]) -> list[str]:
    """Stop the processes of that name and keep them stopped. Returns which were running."""
    write_json(folder.held, sorted({*held(folder), name}))
    running = sorted(process for process in pids if belongs(process, name))
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pids[process], signal.SIGTERM)
    return running


def release(folder: DataFolder, name: str) -> None:
    """They are started again by whoever keeps the copy running."""
    write_json(folder.held, [each for each in held(folder) if each != name])


def belongs(process: str, name: str) -> bool:
    """Whether the process is the named one, or one of the named service."""
    return process == name or process.startswith(f"{name}-")
