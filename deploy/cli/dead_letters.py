"""`safespace dead-letters …`: what was given up, and what to do with it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from deploy.cli.asking import Asker, Refused, asking
from deploy.cli.running_copy import RunningCopy, running_copy
from deploy.cli.screen import AsJson, Language, Stopped, screen

dead_letters = typer.Typer(
    help="Meddelanden som gavs upp: se dem, skicka igen, kasta.", no_args_is_help=True
)
Service = Annotated[str | None, typer.Option(help="Bara den här tjänsten.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Id ur listan.")]
_OPERATOR = "operator"


@dead_letters.command("list", help="Vad som gavs upp, och varför.")
def show_all(
    service: Service = None,
    state: Annotated[
        Literal["parked", "replayed", "discarded"], typer.Option(help="Läge.")
    ] = "parked",
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """All of them, in every service."""
    with screen(as_json, language) as out:
        copy = running_copy()
        found: list[dict[str, Any]] = []
        for name in _services(copy, service):
            with asking(copy, name, _OPERATOR, language) as asker:
                letters = asker.all("/v1/dead-letters", state=state)
                found += [{"service": name, **letter} for letter in letters]
        if as_json:
            out.answer(found)
        elif not found:
            out.say("Inget har getts upp.", "Nothing was given up.")
        else:
            heads = (
                "Id",
                out.words("Tjänst", "Service"),
                out.words("Skäl", "Reason"),
                out.words("Händelse", "Event"),
                out.words("När", "When"),
            )
            rows = [
                (x["id"], x["service"], x["reason"], x["type"] or "–", x["parked_at"])
                for x in found
            ]
            out.table(heads, rows)


@dead_letters.command("show", help="Ett av dem.")
def show(
    letter_id: Id, service: Service = None, as_json: AsJson = False, language: Language = "sv"
) -> None:
    """One of them, with its body unless it is sealed."""
    with screen(as_json, language) as out:
        name, letter = _find(running_copy(), letter_id, service, language)
        if as_json:
            out.answer({"service": name, **letter})
            return
        body = letter.pop("body", None)
        steps = letter.pop("history", [])
        out.table(("", ""), [(key, str(value)) for key, value in letter.items()])
        out.table(("", "", ""), [(s["at"], s["did"], s["by"] + " " + s["reason"]) for s in steps])
        if body:
            out.out.print_json(body)


@dead_letters.command("replay", help="Skicka det till sin kö igen.")
def replay(
    letter_id: Id, service: Service = None, as_json: AsJson = False, language: Language = "sv"
) -> None:
    """Hand it to its listener once more."""
    with screen(as_json, language) as out:
        copy = running_copy()
        name, _ = _find(copy, letter_id, service, language)
        with asking(copy, name, _OPERATOR, language) as asker:
            answer = asker.post(f"/v1/dead-letters/{letter_id}/replay")
        if as_json:
            out.answer({"service": name, **answer})
        else:
            out.say("Skickat igen.", "Sent again.")


@dead_letters.command("discard", help="Kasta det. Det behövs ett skäl.")
def discard(
    letter_id: Id,
    reason: Annotated[str, typer.Option(help="Varför det inte behövs.")],
    service: Service = None,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Decide that it need not be handled; the reason is kept."""
    with screen(as_json, language) as out:
        copy = running_copy()
        name, _ = _find(copy, letter_id, service, language)
        with asking(copy, name, _OPERATOR, language) as asker:
            answer = asker.post(f"/v1/dead-letters/{letter_id}/discard", {"reason": reason})
        if as_json:
            out.answer({"service": name, **answer})
        else:
            out.say("Kastat.", "Discarded.")


def parked(asker: Asker) -> int:
    """How many wait for somebody to decide."""
    return int(asker.get("/v1/dead-letters", limit=1)["total"])


def _find(
    copy: RunningCopy, letter_id: str, service: str | None, language: str
) -> tuple[str, dict[str, Any]]:
    for name in _services(copy, service):
        try:
            with asking(copy, name, _OPERATOR, language) as asker:
                return name, asker.get(f"/v1/dead-letters/{letter_id}")
        except Refused as refused:
            if refused.status not in (404, 422):
                raise
    raise Stopped(
        "Ingen tjänst har ett sådant meddelande.",
        "No service has such a message.",
        kind="not-found",
    )


def _services(copy: RunningCopy, service: str | None) -> list[str]:
    apis = copy.apis()
    if service is None:
        return sorted(apis)
    if service not in apis:
        raise Stopped(
            f"Tjänsterna heter {', '.join(sorted(apis))}.",
            f"The services are {', '.join(sorted(apis))}.",
            code=2,
            kind="unknown-service",
        )
    return [service]
