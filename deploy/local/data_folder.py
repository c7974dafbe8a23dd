"""Where one local copy keeps everything: `$SAFESPACE_DATA`, else `.data` in the checkout."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The paths of one copy. The folder is its owner's alone (0700)."""

    root: Path

    @property
    def copy(self) -> Path:
        """The running copy, for the command line: addresses, process ids, readiness (0600)."""
        return self.root / "copy.json"

    @property
    def servers(self) -> Path:
        """The two embedded servers while they run: addresses and process ids (0600)."""
        return self.root / "servers.json"

    @property
    def ports(self) -> Path:
        """Ports chosen once and kept."""
        return self.root / "ports.json"

    @property
    def secrets(self) -> Path:
        """Passwords and keys made once (0600)."""
        return self.root / "secrets.json"

    @property
    def clock(self) -> Path:
        """The offset of domain time: `{"offset_seconds": 86400}`; absent means none."""
        return self.root / "clock.json"

    @property
    def settings(self) -> Path:
        """Settings that this copy changes: `{"notifications": {"SAFESPACE_…": "…"}}`; optional."""
        return self.root / "settings.json"

    @property
    def held(self) -> Path:
        """Processes that somebody stopped on purpose: `["publishing"]`; absent means none."""
        return self.root / "held.json"

    def folder(self, name: str) -> Path:
        """A sub-folder, made if missing, private."""
        path = self.root / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def log(self, process: str) -> Path:
        """The log of one process."""
        return self.folder("logs") / f"{process}.log"


def data_folder(root: str | Path | None = None) -> DataFolder:
    """The folder given, else the environment's, else the checkout's; made if missing."""
    path = Path(root or os.environ.get("SAFESPACE_DATA") or CHECKOUT / ".data").resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return DataFolder(path)


def write_json(path: Path, value: Any) -> None:
    """Replace a file in one step; nobody but its owner can read it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(value, file, indent=2)
        file.write("\n")
    draft.replace(path)


def read_json(path: Path) -> Any:
    """What the file holds, or None when it is not there."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None
