"""`safespace booking …`: the season, its bookings, and the imports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from babel.dates import format_datetime

from deploy.cli.asking import asking
from deploy.cli.booking_words import STATES, state_in_words, state_meant
from deploy.cli.importing import import_requests, import_season
from deploy.cli.running_copy import running_copy
from deploy.cli.screen import AsJson, Language, Screen, screen

booking = typer.Typer(help="Tillfällen, bokningar och inläsning.", no_args_is_help=True)
booking.command("import-season", help="Läs in vårens eller höstens schema.")(import_season)
booking.command("import-requests", help="Läs in skolornas önskemål.")(import_requests)

Id = Annotated[str, typer.Argument(metavar="ID", help="Bokningens id.")]
_STATE_HELP = "Läge: " + ", ".join(f"{sv} ({code})" for code, (sv, _) in STATES.items())
Limit = Annotated[int, typer.Option("--limit", min=0, help="Högst så många; 0 = alla.")]


@booking.command("occasions", help="Vilka tillfällen som finns, och hur fulla de är.")
def occasions(
    since: Annotated[str | None, typer.Option("--from", help="Från och med, ÅÅÅÅ-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Till och med, ÅÅÅÅ-MM-DD.")] = None,
    limit: Limit = 0,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Every occasion with its capacity and how many places are taken, offered and waited for."""
    with screen(as_json, language) as out:
        with asking(running_copy(), "booking", "coordinator", language) as asker:
            found = asker.all("/v1/occasions", most=limit, **{"from": since, "to": until})
        if as_json:
            out.answer(found)
            return
        _show_occasions(out, found)


@booking.command("bookings", help="Bokningar, alla eller ett tillfälles.")
def bookings(
    occasion: Annotated[str | None, typer.Option(help="Ett tillfälles id.")] = None,
    state: Annotated[str | None, typer.Option(help=_STATE_HELP)] = None,
    limit: Limit = 0,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Bookings, without anybody's name or address."""
    with screen(as_json, language) as out:
        with asking(running_copy(), "booking", "coordinator", language) as asker:
            wanted = state_meant(state) if state else None
            found = asker.all("/v1/bookings", most=limit, occasion_id=occasion, state=wanted)
        if as_json:
            out.answer(found)
            return
        words = out.words
        heads = ("Id", words("Läge", "State"), words("Antal", "Size"), words("Skola", "School"))
        rows = [(b["id"], _state(out, b), b["size"], _class(b["party"])) for b in found]
        out.table(heads, rows)


@booking.command("show", help="En bokning.")
def show(booking_id: Id, as_json: AsJson = False, language: Language = "sv") -> None:
    """One booking, whole."""
    with screen(as_json, language) as out:
        with asking(running_copy(), "booking", "coordinator", language) as asker:
            found = asker.get(f"/v1/bookings/{booking_id}")
        if as_json:
            out.answer(found)
            return
        found["state"] = _state(out, found)
        out.table(("", ""), [(name, _plain(value)) for name, value in found.items()])


@booking.command("cancel", help="Avboka. Platserna erbjuds nästa som får plats.")
def cancel(
    booking_id: Id,
    reason: Annotated[str, typer.Option(help="Varför, för er egen skull.")],
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Cancel a booking; its places go to the next party that fits."""
    with screen(as_json, language) as out:
        with asking(running_copy(), "booking", "coordinator", language) as asker:
            path = f"/v1/bookings/{booking_id}"
            seen = asker.get(path)["version"]
            answer = asker.post(f"{path}/cancellation", {"reason": reason}, seen=seen)
        if as_json:
            out.answer(answer if answer is not None else {"id": booking_id, "state": "cancelled"})
        else:
            out.say("Avbokad.", "Cancelled.")


def _show_occasions(out: Screen, found: list[dict[str, Any]]) -> None:
    if not found:
        out.say(
            "Inga tillfällen. Läs in ett schema med: safespace booking import-season FIL --commit",
            "No occasions. Import a season with: safespace booking import-season FILE --commit",
        )
        return
    words = out.words
    heads = (
        words("När", "When"),
        words("Vad", "What"),
        words("Var", "Where"),
        words("Platser", "Places"),
        words("Tagna", "Taken"),
        words("Erbjudna", "Offered"),
        words("Väntar", "Waiting"),
        "Id",
    )
    out.table(
        heads,
        [
            (
                _when(o, out.language),
                o.get("title") or o.get("activity"),
                o.get("room"),
                o["capacity"],
                o["confirmed"],
                o["offered"],
                o["waiting"],
                o["id"],
            )
            for o in found
        ],
    )


def _when(occasion: dict[str, Any], language: str) -> str:
    zone = ZoneInfo(occasion.get("zone") or "Europe/Stockholm")
    starts = datetime.fromisoformat(occasion["starts_at"]).astimezone(zone)
    return format_datetime(starts, "EEE d MMM HH:mm", locale=language, tzinfo=zone)


def _state(out: Screen, booking: dict[str, Any]) -> str:
    return state_in_words(booking["state"], out.language)


def _class(party: dict[str, Any]) -> str:
    return " ".join(filter(None, (party.get("school"), party.get("class_name"))))


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(inner) for inner in value)
    return "–" if value is None else str(value)
