"""`python -m deploy.local.sinks`."""

from __future__ import annotations

from deploy.local.sinks.server import run
from deploy.local.sinks.settings import Settings

if __name__ == "__main__":
    run(Settings())
