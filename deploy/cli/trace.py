"""`safespace trace`: what happened to a booking, across services, in one screen."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from deploy.cli.asking import Refused, asking
from deploy.cli.running_copy import RunningCopy, running_copy
from deploy.cli.screen import AsJson, Language, Screen, Stopped, screen

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
Entry = dict[str, Any]

_WHAT = {
    "told": ("berättade", "told"),
    "heard": ("hörde", "heard"),
    "given-up": ("gav upp", "gave up"),
    "message": ("meddelande", "message"),
    "delivery": ("leverans", "delivery"),
}
_GOOD = frozenset({"sent", "handled", "delivered", "confirmed", "accepted", "done"})
_BAD = frozenset({"parked", "failed", "uncertain", "undeliverable"})


def trace(
    booking_id: Annotated[str, typer.Argument(metavar="ID", help="Bokningens id.")],
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Merge the journals of every service by time."""
    with screen(as_json, language) as out:
        copy = running_copy()
        entries = _entries(copy, _subjects(copy, booking_id, language), language)
        if not entries:
            raise Stopped(
                "Inget är känt om den bokningen.",
                "Nothing is known of that booking.",
                kind="not-found",
            )
        if as_json:
            out.answer({"booking_id": booking_id, "entries": entries})
        else:
            _show(out, entries)


def _subjects(copy: RunningCopy, booking_id: str, language: str) -> list[str]:
    """The booking, its open offer, and the messages about it: each has a journal of its own."""
    subjects = [booking_id]
    try:
        with asking(copy, "booking", "coordinator", language) as asker:
            offer = asker.get(f"/v1/bookings/{booking_id}").get("offer")
        subjects += [offer["id"]] if offer else []
        with asking(copy, "notifications", "coordinator", language) as asker:
            subjects += [m["id"] for m in asker.all("/v1/messages", subject=booking_id)]
    except Refused:
        return subjects
    return subjects


def _entries(copy: RunningCopy, subjects: list[str], language: str) -> list[Entry]:
    found: dict[tuple[object, ...], Entry] = {}
    for service in copy.apis():
        with asking(copy, service, "operator", language) as asker:
            for subject in subjects:
                for entry in asker.get("/v1/journal", subject=subject)["entries"]:
                    key = (service, entry["what"], entry["event_id"], entry["state"], entry["at"])
                    found[key] = {"service": service, **entry}
    return sorted(found.values(), key=lambda entry: str(entry["at"]))


def _show(out: Screen, entries: list[Entry]) -> None:
    words = out.words
    began = _moment(entries[0]["at"])
    rows = []
    for entry in entries:
        at = _moment(entry["at"])
        what = words(*_WHAT.get(entry["what"], (entry["what"],) * 2))
        state = str(entry["state"])
        style = "green" if state in _GOOD else "red" if state in _BAD else "yellow"
        rows.append(
            (
                at.astimezone(_STOCKHOLM).strftime("%H:%M:%S.%f")[:-3],
                _after((at - began).total_seconds()),
                entry["service"],
                what,
                _named(entry["type"]),
                Text(state, style=style),
                _confirmed(entry),
            )
        )
    heads = (words("När", "When"), "+", words("Var", "Where"), words("Vad", "What"))
    out.say(f"{began.astimezone(_STOCKHOLM):%Y-%m-%d}", f"{began.astimezone(_STOCKHOLM):%Y-%m-%d}")
    out.table((*heads, "", words("Läge", "State"), words("Klart", "Done")), rows)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _after(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.0f} s"


def _named(kind: str | None) -> str:
    return (kind or "").removeprefix("se.safespace.")


def _confirmed(entry: Entry) -> str:
    if not entry.get("ended_at"):
        return ""
    seconds = (_moment(entry["ended_at"]) - _moment(entry["at"])).total_seconds()
    return f"+{_after(max(seconds, 0.0))}"
