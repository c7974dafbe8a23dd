"""`safespace partners …`: who reads our feeds, and whether they got everything."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from deploy.cli.asking import asking
from deploy.cli.running_copy import running_copy
from deploy.cli.screen import AsJson, Language, Screen, screen

partners = typer.Typer(no_args_is_help=True, help="Partner som läser flödet med egna system.")

Name = Annotated[str, typer.Argument(help="Partnerns kortnamn, t.ex. ran-nord.")]
_WHO = "editor"


@partners.command("list", help="Alla partner.")
def listed(as_json: AsJson = False, language: Language = "sv") -> None:
    """Short name, what they may do, and how many keys work."""
    with screen(as_json, language) as out, asking(running_copy(), "publishing", _WHO) as ask:
        found = ask.all("/v1/partners")
        if as_json:
            out.answer(found)
            return
        heads = [
            out.words(*each) for each in (("Namn", "Name"), ("Får", "May"), ("Nycklar", "Keys"))
        ]
        out.table(heads, [(one["name"], " ".join(one["scopes"]), _working(one)) for one in found])


@partners.command("add", help="En ny partner; den får en nyckel, som visas en gång.")
def add(
    name: Name,
    title: Annotated[str, typer.Option("--title", help="Organisationens namn.")],
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="Vad den får; kan anges flera gånger.")
    ] = None,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """A partner and its first key; it has the history at once."""
    with screen(as_json, language) as out, asking(running_copy(), "publishing", _WHO) as ask:
        scopes = scope or ["feed:read", "webhooks:manage", "keys:manage"]
        ask.post("/v1/partners", {"name": name, "title": title, "scopes": scopes})
        _show_key(out, ask.post(f"/v1/partners/{name}/keys", {}))


@partners.command("key", help="En nyckel till; visas en gång.")
def key(name: Name, as_json: AsJson = False, language: Language = "sv") -> None:
    """Two may work at a time, so that one can be changed for the other."""
    with screen(as_json, language) as out, asking(running_copy(), "publishing", _WHO) as ask:
        _show_key(out, ask.post(f"/v1/partners/{name}/keys", {}))


@partners.command("end", help="Avsluta en partner: inget av den fungerar sedan.")
def end(name: Name, as_json: AsJson = False, language: Language = "sv") -> None:
    """All keys are revoked, and nothing more is sent."""
    with screen(as_json, language) as out, asking(running_copy(), "publishing", _WHO) as ask:
        ended = ask.post(f"/v1/partners/{name}/ending")
        if as_json:
            out.answer(ended)
        else:
            out.say(f"{name} är avslutad.", f"{name} has been ended.")


@partners.command("owed", help="Har de fått allt?")
def owed(name: Name, as_json: AsJson = False, language: Language = "sv") -> None:
    """What it was owed, and what it got, door by door."""
    with screen(as_json, language) as out, asking(running_copy(), "publishing", _WHO) as ask:
        found = ask.get(f"/v1/partners/{name}/owed")
        if as_json:
            out.answer(found)
        else:
            _say_owed(out, found)


def _say_owed(out: Screen, found: dict[str, Any]) -> None:
    owed_, given, confirmed = found["owed"], found["given"], found["confirmed"]
    if found["everything"]:
        out.say(
            f"Ja: alla {owed_} poster är bekräftade.",
            f"Yes: all {owed_} entries are confirmed.",
            "green",
        )
    else:
        out.say(
            f"Nej: {confirmed} av {owed_} poster är bekräftade, {given} lämnade.",
            f"No: {confirmed} of {owed_} entries are confirmed, {given} were given.",
            "yellow",
        )
        first = ", ".join(map(str, found["missing"]))
        out.say(f"Saknas (position): {first}", f"Missing (position): {first}")
    doors = [
        (one["door"], one["name"], one["open"], len(one["given_up"]), one["last_at"] or "")
        for one in found["doors"]
    ]
    heads = (("Dörr", "Door"), ("Webhook", "Webhook"), ("Väntar", "Open"), ("Uppgivna", "Lost"))
    out.table([out.words(*each) for each in (*heads, ("Senast", "Last"))], doors)


def _show_key(out: Screen, made: dict[str, Any]) -> None:
    if out.as_json:
        out.answer(made)
        return
    out.say(made["key"], made["key"])
    out.remark(
        "Visas bara nu. Lämna den till partnern på ett säkert sätt.",
        "Shown only now. Hand it to the partner in a safe way.",
    )


def _working(one: dict[str, Any]) -> int:
    return sum(key["revoked_at"] is None for key in one["keys"])
