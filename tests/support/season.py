"""Small made seasons and parties for journeys: unique, so that journeys can share one copy."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from shared.kernel.ids import new_id

_PHONES = itertools.count(0)

SEASON_HEAD = "Datum;Starttid;Längd (min);Aktivitet;Typ;Lokal;Antal platser;Ledare;Målgrupp"
REQUEST_HEAD = (
    "Inkom;Skola;Klass;Antal elever;Antal vuxna;Kontaktperson;Mobil;E-post;"
    "Önskad aktivitet;Önskat datum;Önskad tid;Behov"
)


def weekday_ahead(days: int) -> date:
    """A Tuesday at least so many days ahead, by the machine's date."""
    day = date.today() + timedelta(days=days)  # noqa: DTZ011 - a day ahead in any zone
    return day + timedelta(days=(1 - day.weekday()) % 7)


def unique(word: str) -> str:
    """A title of its own, also on a copy that earlier runs have used."""
    return f"{word} {new_id()[-6:]}"


def a_phone() -> str:
    """A Swedish number of its own, from those kept for fiction (070-1740605 … 070-1740699).

    They are 95; more callers get numbers from a second fictional-looking series.
    """
    count = next(_PHONES)
    return f"+467017{40605 + count:05d}" if count < 95 else f"+4670{1750000 + count:07d}"


def write_file(folder: Path, name: str, head: str, rows: list[str]) -> Path:
    """As a Swedish spreadsheet exports it: Windows-1252, semicolons, CRLF."""
    path = folder / name
    path.write_bytes(("\r\n".join([head, *rows]) + "\r\n").encode("cp1252"))
    return path


async def an_occasion(client: httpx.AsyncClient, capacity: int, **more: Any) -> dict[str, Any]:
    """Create an activity and one occasion of it well ahead; gives the occasion."""
    title = more.pop("title", None) or unique("Demokrativerkstad")
    activity = await client.post("/v1/activities", json={"title": title, "kind": "workshop"})
    assert activity.status_code == 201, activity.text
    body = {
        "activity_id": activity.json()["id"],
        "starts_local": f"{weekday_ahead(60)}T13:30:00",
        "minutes": 90,
        "room": "Sal 2",
        "capacity": capacity,
        "leaders": ["Leyla Sjö"],
        "target_group": "skolklass",
    } | more
    answer = await client.post("/v1/occasions", json=body)
    assert answer.status_code == 201, answer.text
    occasion: dict[str, Any] = answer.json()
    return occasion


def a_party(occasion_id: str, size: int = 1, **more: Any) -> dict[str, Any]:
    """The body of a booking: a group of `size` (pupils and one adult), or one individual."""
    phone = more.pop("phone", None) or a_phone()
    party: dict[str, Any] = (
        {"kind": "individual", "age_band": "16-18", "municipality": "Malmö"}
        if size == 1
        else {
            "kind": "group",
            "pupils": size - 1,
            "adults": 1,
            "school": "Rosengårdsskolan",
            "class_name": "8B",
            "grade": 8,
            "municipality": "Malmö",
        }
    )
    contact = {"name": "Åsa Öberg", "phone": phone, "email": "asa@skola.example"}
    contact |= more.pop("contact", {})
    return {
        "occasion_id": occasion_id,
        "party": party,
        "contact": {name: value for name, value in contact.items() if value is not None},
        "when_full": "refuse",
    } | more
