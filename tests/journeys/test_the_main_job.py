"""The main job as a coordinator does it: a season is booked, and people are told."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.kernel.clock import real_now
from tests.support.eventually import eventually
from tests.support.season import REQUEST_HEAD, SEASON_HEAD, unique, weekday_ahead, write_file
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")


AHEAD = 200
"""Days: however long the office is closed now, offers have deadlines long before."""


def a_season(folder: Path, title: str, places: int) -> Path:
    day = weekday_ahead(AHEAD)
    rows = [
        f"{day};13.30;90;{title};workshop;Sal 2;{places};Leyla Sjö & Olof Haddad;skolklass",
        ";;;;;;;;",
        f"{day:%d/%m/%Y};09:00;90;{title};workshop;Sal 2;{places};Mira Lindh;skolklass",
        f"{day};13:30;90;{title};workshop;Sal 2;{places};Sanna Ek;skolklass",
        f"2027-02-30;09:00;90;{title};workshop;Sal 2;32;Mira Lindh;skolklass",
        f"{day};25:00;90;{title};workshop;Sal 2;32;Mira Lindh;skolklass",
        f"{day};10:00;90;{title};workshop;Sal 2;trettio;Mira Lindh;skolklass",
    ]
    return write_file(folder, "season.csv", SEASON_HEAD, rows)


def some_requests(folder: Path, title: str) -> Path:
    day = weekday_ahead(AHEAD)
    wish = f"{title};{day};09:00"
    first = (
        "2026-11-22 07:27;Gunnesboskolan;8B;27;2;Zeinab Nilsson;070-1740690;"
        f"zeinab@skola.example;{wish};tolk arabiska"
    )
    rows = [
        first,
        f"2026-11-23 14:48;Backaskolan;7A;24;2;Åsa Öberg;070-1740691;asa@skola.example;{wish};",
        f"2026-11-24 09:00;Sorgenfriskolan;9C;22;2;Björn Ek;070-1740692;b@skola.example;{wish};",
        f"2026-11-25 09:00;Tunaskolan;8A;ca 25;1;Ida Dahl;070-1740693;ida@skola.example;{wish};",
        f"2026-11-26 09:00;Höjaskolan;8A;20;1;Per Ek;070-1740694;p@x.example;{title};v. 9;09:00;",
        f"2026-11-27 09:00;Östra skolan;8A;60;1;Eva Ek;070-1740695;eva@x.example;{wish};",
        f"2026-11-28 09:00;Bergaskolan;8A;18;1;Sam Ek;070-ring mig;sam@x.example;{wish};",
        first,
    ]
    return write_file(folder, "requests.csv", REQUEST_HEAD, rows)


def rows_in(error_file: Path) -> list[str]:
    lines = error_file.read_text("utf-8-sig").splitlines()
    return [line.split(";")[0] for line in lines[1:]]


async def text_to(copy: WholeCopy, number: str, containing: str) -> str:
    async def found() -> str:
        texts = [m["message"] for m in await copy.phone(number) if containing in m["message"]]
        return texts[0] if texts else ""

    return await eventually(found)


async def occasion_at_nine(copy: WholeCopy, title: str) -> dict[str, Any]:
    listed = copy.safespace("booking", "occasions")
    [found] = [row for row in listed if row["title"] == title and "09:00" in str(row)]
    return dict(found)


async def test_a_season_is_booked_and_people_are_told(
    whole_copy: WholeCopy, tmp_path: Path
) -> None:
    """From two spreadsheets to SMS, a cancelled class, an offer, and a JA that takes it."""
    copy, title = whole_copy, unique("Källkritik och konspirationer")
    season = a_season(tmp_path, title, 32)

    dry = copy.safespace("booking", "import-season", str(season), cwd=tmp_path)
    assert (dry["rows"], dry["created"], dry["rejected"], dry["flagged"]) == (6, 3, 3, 1)
    done = copy.safespace("booking", "import-season", str(season), "--commit", cwd=tmp_path)
    assert (done["rows"], done["created"], done["rejected"]) == (6, 3, 3)
    assert rows_in(Path(done["error_file"])) == ["6", "7", "8"]
    again = copy.safespace("booking", "import-season", str(season), "--commit", cwd=tmp_path)
    assert (again["created"], again["unchanged"]) == (0, 3)

    requests = some_requests(tmp_path, title)
    booked = copy.safespace("booking", "import-requests", str(requests), "--commit", cwd=tmp_path)
    assert (booked["rows"], booked["created"], booked["rejected"]) == (8, 5, 2)
    assert (booked["confirmed"], booked["waiting"], booked["unchanged"]) == (1, 4, 1)
    repeated = copy.safespace("booking", "import-requests", str(requests), "--commit", cwd=tmp_path)
    assert (repeated["created"], repeated["unchanged"]) == (0, 6)

    confirmed = await text_to(copy, "+46701740690", title)
    assert "29 platser" in confirmed
    waiting = await text_to(copy, "+46701740691", title)
    assert "kö" in waiting.lower()

    occasion = await occasion_at_nine(copy, title)
    bookings = copy.safespace("booking", "bookings", "--occasion", occasion["id"])
    [first] = [row["id"] for row in bookings if row["state"] == "confirmed"]
    copy.safespace("booking", "cancel", first, "--reason", "Skolan har ringt")

    offer = await text_to(copy, "+46701740691", "JA ")
    code = re.search(r"JA (\d+)", offer)
    assert code
    await copy.reply("+46701740691", f"JA {code[1]}")
    await text_to(copy, "+46701740691", "26 platser")

    async def one_confirmed() -> bool:
        now = await occasion_at_nine(copy, title)
        return (now["confirmed"], now["offered"]) == (26, 0)

    await eventually(one_confirmed)


async def test_an_offer_passes_on_at_its_deadline(whole_copy: WholeCopy, tmp_path: Path) -> None:
    """Nobody answers: when the deadline has come, the next party that fits is asked."""
    copy, title = whole_copy, unique("Hat på nätet")
    season = a_season(tmp_path, title, 30)
    copy.safespace("booking", "import-season", str(season), "--commit", cwd=tmp_path)
    requests = some_requests(tmp_path, title)
    copy.safespace("booking", "import-requests", str(requests), "--commit", cwd=tmp_path)
    occasion = await occasion_at_nine(copy, title)
    bookings = copy.safespace("booking", "bookings", "--occasion", occasion["id"])
    [first] = [row["id"] for row in bookings if row["state"] == "confirmed"]
    copy.safespace("booking", "cancel", first, "--reason", "Skolan har ringt")

    async def offered_to(number: str) -> bool:
        return any(
            title in m["message"] and "JA " in m["message"] for m in await copy.phone(number)
        )

    await eventually(lambda: offered_to("+46701740691"))
    assert not await offered_to("+46701740692")
    now = copy.safespace("booking", "bookings", "--occasion", occasion["id"])
    [deadline] = [row["offer"]["deadline"] for row in now if row["state"] == "offered"]
    left = datetime.fromisoformat(deadline) - real_now() + timedelta(minutes=1)
    with copy.clock(left.total_seconds()):
        await eventually(lambda: offered_to("+46701740692"))
