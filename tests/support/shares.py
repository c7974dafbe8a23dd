"""How long each part of Safe Space takes of a run of the tests: `pytest --shares`, as `make test`.

Tests run side by side and wait for one another, so a part's seconds (set-up, test, tear-down) add
up to more than the clock shows. What it takes *of the run* is its part of the clock: by about so
much would the run be shorter without it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import pytest

AREAS = {
    "tests/unit/publishing/feeds/": "feeds",
    "tests/integration/publishing/feeds/": "feeds",
    "tests/unit/publishing/": "publishing",
    "tests/integration/publishing/": "publishing",
    "tests/journeys/test_a_newsletter_goes_out.py": "publishing",
    "tests/unit/mentoring/": "mentoring",
    "tests/integration/mentoring/": "mentoring",
    "tests/journeys/test_from_referral_to_aftercare.py": "mentoring",
    "tests/journeys/test_a_question_for_the_consultation.py": "mentoring",
    "tests/browser/": "browser",
    "tests/unit/web/": "console and pages",
    "tests/integration/web_front/": "console and pages",
    "tests/architecture/": "the house",
    "tests/": "booking, notifications, backbone",
}
"""Where a test stands → the part it is of. The longest path that fits counts."""

MOST = {
    "feeds": 60,
    "publishing": 60,
    "mentoring": 60,
    "browser": 90,
    "booking, notifications, backbone": 210,
}
"""Seconds of the run that a part may take."""


class Share(NamedTuple):
    """What one part took."""

    area: str
    tests: int
    seconds: float
    of_the_run: float


def area_of(nodeid: str) -> str:
    """The part of Safe Space that a test is of."""
    return AREAS[max(filter(nodeid.startswith, AREAS), key=len)]


def shares(took: Mapping[str, float], run: float) -> list[Share]:
    """What each part took of a run, both in seconds; the largest first. `took` is by test."""
    tests = Counter(area_of(nodeid) for nodeid in took)
    seconds = Counter[str]()
    for nodeid, each in took.items():
        seconds[area_of(nodeid)] += each
    whole = seconds.total() or 1.0
    return [
        Share(area, tests[area], spent, run * spent / whole)
        for area, spent in seconds.most_common()
    ]


class Told:
    """Adds up what the tests took, from whichever process, and tells it at the end."""

    def __init__(self) -> None:
        self._took = Counter[str]()
        self._began = time.monotonic()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._took[report.nodeid] += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        run = time.monotonic() - self._began
        tell = terminalreporter.write_line
        terminalreporter.section("what each part took")
        tell(f"{'':34}{'tests':>8}{'added up':>11}{'of the run':>13}{'at most':>10}")
        for area, tests, spent, of_run in shares(self._took, run):
            most = f"{MOST[area]:>8} s" if area in MOST else ""
            tell(f"{area:34}{tests:>8}{spent:>9.1f} s{of_run:>11.1f} s{most:>10}")
        tell(f"{'all':34}{len(self._took):>8}{self._took.total():>9.1f} s{run:>11.1f} s")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shares", action="store_true", help="tell what each part took of the run")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--shares") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Told())
