"""What each part takes of a run is told of every test, and adds up."""

from __future__ import annotations

import pytest

from deploy.local.data_folder import CHECKOUT
from tests.support.shares import AREAS, MOST, area_of, shares


def test_every_path_of_the_table_is_there() -> None:
    """A folder that was renamed is not silently told of as another part."""
    assert [path for path in AREAS if not (CHECKOUT / path).exists()] == []
    assert set(MOST) <= set(AREAS.values())


@pytest.mark.parametrize(
    ("nodeid", "area"),
    [
        ("tests/unit/publishing/feeds/test_line.py::test_a", "feeds"),
        ("tests/unit/publishing/test_batch.py::test_a[x]", "publishing"),
        ("tests/integration/web/test_serving.py::test_a", "booking, notifications, backbone"),
        ("tests/integration/web_front/test_proxy.py::test_a", "console and pages"),
    ],
)
def test_the_longest_path_counts(nodeid: str, area: str) -> None:
    """Feeds are told of apart from the publishing that they are in."""
    assert area_of(nodeid) == area


def test_shares_add_up_to_the_run() -> None:
    """Tests side by side take more seconds than the clock: their parts are parts of the clock."""
    took = {
        "tests/browser/test_live.py::test_a": 30.0,
        "tests/chaos/test_killing.py::test_a": 20.0,
        "tests/chaos/test_killing.py::test_b": 10.0,
    }
    told = [(each.area, each.tests, each.of_the_run) for each in shares(took, 40.0)]
    assert told == [("browser", 1, 20.0), ("booking, notifications, backbone", 2, 20.0)]


def test_no_test_takes_no_share() -> None:
    """A run of nothing divides by nothing."""
    assert shares({}, 1.0) == []
