"""`status`, `token`, `people`, `clock`, `up`, `topology`: the copy itself."""

from __future__ import annotations

import os
import re
import sys
from datetime import timedelta
from typing import Annotated, Any

import httpx
import typer

from deploy.cli.asking import nobody_home, token_for
from deploy.cli.processes import is_ready, looking
from deploy.cli.running_copy import NoCopy, RunningCopy, running_copy
from deploy.cli.screen import NO_COPY, AsJson, Language, Screen, Stopped, screen
from deploy.local.data_folder import CHECKOUT, data_folder, read_json, write_json
from deploy.local.held import is_held

_NOTHING: dict[str, Any] = {
    "ready": False,
    "front_door": None,
    "services": {},
    "sms_sink": None,
    "smtp_sink": None,
    "identity": None,
}
_SHIFT = re.compile(r"([+-])(\d+(?:\.\d+)?)(s|m|h|d|w)")
_FARTHEST = timedelta(days=5 * 366)
"""Dates farther away do not fit everywhere, and all work would stop until the clock is set back."""
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def status(as_json: AsJson = False, language: Language = "sv") -> None:
    """Where the copy's parts are, and whether it is ready."""
    with screen(as_json, language) as out:
        try:
            copy = running_copy()
            ready = copy.ready and _front_door_is_open(copy) and _apis_are_ready(copy)
            facts = copy.shown() | {"ready": ready}
        except NoCopy as nothing:
            if not as_json:
                raise
            out.remark(nothing.sv, nothing.en)
            out.answer(_NOTHING)
            raise typer.Exit(NO_COPY) from nothing
        if as_json:
            out.answer(facts)
            return
        _show(out, facts)


def token(
    who: Annotated[str, typer.Option("--as", help="Demoperson eller roll, t.ex. coordinator.")],
    audience: Annotated[str, typer.Option(help="Den tjänst som nyckeln gäller för.")] = "booking",
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """An access token for trying the APIs."""
    with screen(as_json, language) as out:
        made = token_for(running_copy(), who, audience)
        if as_json:
            out.answer({"access_token": made, "token_type": "Bearer", "audience": audience})
        else:
            sys.stdout.write(made + "\n")


def people(as_json: AsJson = False, language: Language = "sv") -> None:
    """Whom one can sign in as."""
    with screen(as_json, language) as out, nobody_home():
        found = httpx.get(f"{running_copy().identity}/demo/people", trust_env=False).json()
        if as_json:
            out.answer(found)
            return
        heads = (out.words("Namn", "Name"), "--as", out.words("Roll", "Role"))
        out.table(heads, [(p["name"], p["username"], p["role"]) for p in found])


def clock(
    shift: Annotated[str, typer.Argument(help="+24h, -2h, +3d, reset eller show.")] = "show",
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Move the copy's own time: deadlines and reminders follow, leases and tokens do not."""
    with screen(as_json, language) as out:
        path = data_folder().clock
        kept = read_json(path)
        now = timedelta(seconds=float(kept["offset_seconds"]) if kept else 0.0)
        wanted = _shifted(now, shift)
        if wanted != now:
            write_json(path, {"offset_seconds": wanted.total_seconds()})
        if as_json:
            out.answer({"offset_seconds": wanted.total_seconds()})
        elif wanted:
            sv, en = _spoken(wanted)
            out.say(f"Klockan går {sv}.", f"The clock is {en}.")
        else:
            out.say("Klockan går rätt.", "The clock is right.")


def up() -> None:
    """Start a copy in the foreground: the same as `make run`."""
    os.chdir(CHECKOUT)
    os.execv(sys.executable, [sys.executable, "-m", "deploy.local", "up"])  # noqa: S606


topology = typer.Typer(help="Köer och rättigheter i RabbitMQ.", no_args_is_help=True)


@topology.command("apply", help="Läs in köer och rättigheter igen. Att göra om det ändrar inget.")
def apply_topology(as_json: AsJson = False, language: Language = "sv") -> None:
    """Import the generated definitions into the broker."""
    from deploy.local.topology import apply_topology as apply
    from deploy.rabbitmq import NotApplied

    with screen(as_json, language) as out:
        try:
            apply(data_folder())
        except (NotApplied, FileNotFoundError) as error:
            raise Stopped(
                f"Det gick inte att läsa in: {error}",
                f"It could not be imported: {error}",
                kind="not-applied",
            ) from error
        if as_json:
            out.answer({"applied": True})
        else:
            out.say("Köer och rättigheter är inlästa.", "Queues and rights are in place.")


def _front_door_is_open(copy: RunningCopy) -> bool:
    try:
        with looking() as client:
            asked = client.get(f"{copy.web_health}/health/ready")
    except httpx.ConnectError as error:
        if copy.ready:
            raise NoCopy from error
        return False
    except httpx.HTTPError:
        return False
    return asked.is_success


def _apis_are_ready(copy: RunningCopy) -> bool:
    """One that died is away for some seconds; one that was stopped on purpose is not waited for."""
    with looking() as client:
        return all(
            is_held(copy.folder, f"{name}-http") or is_ready(url, client)
            for name, url in copy.apis().items()
        )


def _show(out: Screen, facts: dict[str, Any]) -> None:
    if facts["ready"]:
        out.say("Kopian är igång.", "The copy is running.", "bold green")
    else:
        out.say(
            "Kopian är på väg upp, eller mår inte bra.", "The copy is not ready.", "bold yellow"
        )
    rows = [
        (out.words("Ingång", "Front door"), facts["front_door"]),
        *((name, url) for name, url in facts["services"].items() if name != "web"),
        (out.words("Telefonen", "The phone"), f"{facts['sms_sink']}/phone"),
        (out.words("E-post", "Mail"), f"{facts['sms_sink']}/mail"),
        (out.words("Inloggning", "Sign-in"), facts["identity"]),
    ]
    out.table(("", ""), rows)


def _shifted(now: timedelta, shift: str) -> timedelta:
    if shift == "show":
        return now
    if shift == "reset":
        return timedelta()
    found = _SHIFT.fullmatch(shift)
    if found is None:
        raise Stopped(
            "Skriv till exempel +24h, -2h, +3d, reset eller show.",
            "Write for example +24h, -2h, +3d, reset or show.",
            code=2,
            kind="unreadable-shift",
        )
    sign, amount, unit = found.groups()
    try:
        by = timedelta(**{_UNITS[unit]: float(amount)})
        wanted = now + by if sign == "+" else now - by
    except OverflowError:
        wanted = timedelta.max
    if abs(wanted) > _FARTHEST:
        raise Stopped(
            "Klockan kan flyttas högst fem år.",
            "The clock can be moved at most five years.",
            code=2,
            kind="too-far",
        )
    return wanted


def _spoken(offset: timedelta) -> tuple[str, str]:
    minutes = round(abs(offset).total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    sv, en = [], []
    for amount, word_sv, word_en in (
        (days, "d", "d"),
        (rest // 60, "tim", "h"),
        (rest % 60, "min", "min"),
    ):
        if amount:
            sv.append(f"{amount} {word_sv}")
            en.append(f"{amount} {word_en}")
    ahead = offset > timedelta()
    return (
        " ".join(sv) + (" före" if ahead else " efter"),
        " ".join(en) + (" ahead" if ahead else " behind"),
    )
