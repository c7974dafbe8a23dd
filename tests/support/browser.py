"""The browser that tests and benches drive."""

from __future__ import annotations

import shutil

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is chromium without what only a screen needs: a page takes half the CPU."""


def found_browser() -> str:
    """Where it is. Raises LookupError."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise LookupError("no chromium: make setup-browser")
    return found
