"""Decisions are found by their number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

DECISIONS = Path(__file__).resolve().parents[2] / "docs" / "decisions"
_NAME = re.compile(r"(\d{4})-[a-z0-9-]+\.md")


def misnumbered(pages: Iterable[tuple[str, str]]) -> list[str]:
    """Of (file name, first line), those whose number is somebody else's, or not in the heading."""
    taken: set[str] = set()
    wrong = []
    for name, heading in pages:
        named = _NAME.fullmatch(name)
        number = named[1] if named else ""
        if not number or number in taken or not heading.startswith(f"# {number} · "):
            wrong.append(name)
        taken.add(number)
    return wrong


def test_each_decision_has_a_number_of_its_own() -> None:
    """A number names one decision, in its file's name and in its heading."""
    pages = [(p.name, p.read_text("utf-8").partition("\n")[0]) for p in DECISIONS.glob("*.md")]
    assert len(pages) > 20
    assert misnumbered(pages) == []


def test_a_number_given_twice_is_noticed() -> None:
    """Two with one number, and a heading that says another, are named."""
    twice = [("0001-a.md", "# 0001 · A"), ("0001-b.md", "# 0001 · B"), ("0002-c.md", "# 0003 · C")]
    assert misnumbered(twice) == ["0001-b.md", "0002-c.md"]
