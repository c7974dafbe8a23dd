"""An id from a form or an address never makes another question of the one that was meant."""

from __future__ import annotations

import pytest

from services.web.staff.api_paths import api_path, plain
from shared.kernel.refusal import NotFound

ID = "0199c0de-0000-7000-8000-0000000000f1"


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/cases/{ID}",
        f"/v1/cases/{ID}/forgetting?commit=true",
        "/v1/statistics/2026-Q3",
        "/v1/mentors/karin.holm/trainings/%C3%A5terfall",
        "/v1/protection?reason=a%2Fb",
        "/v1/occasions?from=2026-11-30&state=",
    ],
)
def test_what_we_ask_passes(path: str) -> None:
    """As it is."""
    assert api_path(path) == path


LEADS_OUT = (
    "..",
    ".",
    "",
    "x/../../occasions",
    "x?",
    "x#",
    "x?a=b",
    "x%2Fy",
    "x%2f..",
    "x\n",
    "å",
    "\\..",
)


@pytest.mark.parametrize("id_", LEADS_OUT)
def test_an_id_that_leads_out_is_nothing(id_: str) -> None:
    """With what comes after it in the path; out of a form neither what is more than one part."""
    with pytest.raises(NotFound):
        api_path(f"/v1/room-holds/{id_}/release")
    for each in (id_, f"x/{id_}"):
        with pytest.raises(NotFound):
            plain(each)


def test_an_id_and_a_name_are_plain() -> None:
    """As the services make them."""
    assert (plain(ID), plain("ran-nord")) == (ID, "ran-nord")
