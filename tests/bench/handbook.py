"""The handbook on paper: Markdown to PDF/UA, beside a bare typst compile of the same text.

Each in a process of its own, as the first PDF of a process costs more than those after it.
`python -m tests.bench.handbook ours|raw` prints the seconds of the first one and of ten others.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import typst

from services.publishing.domain.publication import Text
from services.publishing.typesetting.book import reading, set_book

AT = datetime(2027, 2, 1, tzinfo=UTC)
PAGES = 64
_CHAPTERS = 29
_WORDS = "Ett samtal börjar ofta med någonting helt annat än det som det handlar om. " * 6


@dataclass(frozen=True, slots=True)
class Handbook:
    """Seconds for one PDF: the first of a process, and the median of those after it."""

    pages: int
    first: float
    raw_first: float
    later: float
    raw_later: float


def measure() -> Handbook:
    """Both ways, one after the other."""
    ours, raw = _in_its_own_process("ours"), _in_its_own_process("raw")
    return Handbook(
        pages=ours["pages"],
        first=ours["seconds"][0],
        raw_first=raw["seconds"][0],
        later=statistics.median(ours["seconds"][1:]),
        raw_later=statistics.median(raw["seconds"][1:]),
    )


def rows(found: Handbook) -> list[tuple[str, ...]]:
    """For the table."""
    return [
        (
            f"handbook of {found.pages} pages as PDF/UA, {which}, s",
            *(f"{ours:.3f}", f"{raw:.3f}", f"{ours / raw:.2f}", aim),
        )
        for which, ours, raw, aim in (
            ("first of a process", found.first, found.raw_first, "–"),
            ("after that", found.later, found.raw_later, "≤ 0.5"),
        )
    ]


def _in_its_own_process(which: str) -> dict[str, list[float] | int]:
    command = [sys.executable, "-m", "tests.bench.handbook", which]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(told.stdout))


def _ours(number: int) -> bytes:
    """Another text each time, so that nothing is remembered from the one before."""
    chapter = f"\n\n## Ett avsnitt\n\n{_WORDS} **Viktigt.** {_WORDS}\n\n- ett\n- två\n\n{_WORDS}"
    text = "\n\n".join(f"# Kapitel {at} ({number}){chapter * 4}" for at in range(_CHAPTERS))
    reading.cache_clear()
    return set_book("handbook", "sv", Text("Handboken", "", text), "1.0.0", AT, {})


def _raw(number: int) -> bytes:
    chapter = f"\n\n== Ett avsnitt\n\n{_WORDS} *Viktigt.* {_WORDS}\n\n- ett\n- två\n\n{_WORDS}"
    text = "\n\n".join(f"= Kapitel {at} ({number}){chapter * 4}" for at in range(_CHAPTERS))
    head = '#set document(title: "Handboken")\n#set page(numbering: "1")\n#set text(lang: "sv")\n'
    made = typst.Compiler(
        f"{head}#title()\n#outline()\n#pagebreak()\n{text}".encode(),
        font_paths=typst.Fonts(include_system_fonts=False),
    ).compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(AT.timestamp()))
    assert isinstance(made, bytes)
    return made


def _timed(make: Callable[[int], bytes]) -> tuple[list[float], bytes]:
    seconds, made = [], b""
    for number in range(11):
        began = time.perf_counter()
        made = make(number)
        seconds.append(time.perf_counter() - began)
    return seconds, made


if __name__ == "__main__":
    from io import BytesIO

    from pypdf import PdfReader

    seconds, made = _timed(_ours if sys.argv[1] == "ours" else _raw)
    print(json.dumps({"seconds": seconds, "pages": len(PdfReader(BytesIO(made)).pages)}))
