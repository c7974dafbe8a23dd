"""A row that was imported before is known again, also one that is not written quite as it was."""

from __future__ import annotations

import pytest

from services.booking.spreadsheets.request_file import RequestRow
from tests.integration.booking.test_imports import HEAD, REQUESTS, ROW
from tests.integration.booking.world import World


async def test_a_number_that_is_written_otherwise_is_known_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the rows were imported while a number was told apart by how it was written."""
    await world.import_file("season", (HEAD + ROW).encode(), commit=True)
    head, first = REQUESTS.decode("cp1252").splitlines()[:2]
    cells = first.split(";")
    cells[8:11] = "Hat på nätet", "2027-03-01", "13:30"
    spelt = [";".join([*cells[:6], phone, *cells[7:]]) for phone in ("+46701740684", "0701740684")]
    with monkeypatch.context() as before:
        before.setattr(RequestRow, "marks", RequestRow.marks_as_written)
        await world.import_file("request", f"{head}\n{spelt[0]}".encode(), commit=True)
    for rows in (spelt[:1], spelt, spelt[::-1], spelt[1:] * 2):
        content = "\n".join([head, *rows]).encode()
        report = await world.import_file("request", content, commit=True)
        # A spelling that was never imported alone meets no row that leads to the earlier booking.
        known = spelt[0] in rows
        new = 0 if known else 1
        assert (report["created"], report["unchanged"]) == (new, len(rows) - new)
    assert await world.house.ground.database["bookings"].count_documents({}) == 2
