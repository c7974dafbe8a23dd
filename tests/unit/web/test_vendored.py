"""What others wrote and we check in is what we took, byte by byte."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

WEB = Path("services/web")
TAKEN = json.loads((WEB / "vendored/integrity.json").read_text("utf-8"))


@pytest.mark.parametrize("name", TAKEN)
def test_the_bytes_are_those_that_were_taken(name: str) -> None:
    """A changed byte in a file of somebody else's is noticed."""
    digest = hashlib.sha384((WEB / "static" / name).read_bytes()).digest()
    assert TAKEN[name]["integrity"] == "sha384-" + base64.b64encode(digest).decode()


def test_scripts_and_styles_are_small() -> None:
    """The console's style and scripts are at most 15 and 22 kB compressed."""
    import gzip

    def packed(*names: str) -> int:
        return sum(len(gzip.compress((WEB / "static" / name).read_bytes(), 9)) for name in names)

    assert packed("tokens.css", "staff.css") <= 15_000
    assert packed("htmx.js", "console.js") <= 22_000
