"""`safespace feeds …`: the feed as a partner reads it, and words taken out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import httpx
import typer

from deploy.cli.asking import Refused, asking, nobody_home
from deploy.cli.running_copy import running_copy
from deploy.cli.screen import AsJson, Language, Screen, screen

feeds = typer.Typer(no_args_is_help=True, help="Flödet, som en partner läser det.")


@feeds.command("tail", help="Visa flödet när det kommer. Ctrl-C slutar.")
def tail(
    key: Annotated[str, typer.Option("--key", envvar="SAFESPACE_PARTNER_KEY", help="Nyckeln.")],
    after: Annotated[str, typer.Option("--after", help="Fortsätt efter den här posten.")] = "",
    types: Annotated[list[str] | None, typer.Option("--type", help="Bara dessa typer.")] = None,
    most: Annotated[int, typer.Option("--count", help="Sluta efter så många; 0 = aldrig.")] = 0,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """History first, then what comes; a connection that breaks goes on where it was."""
    with screen(as_json, language) as out, nobody_home():
        for number, event in enumerate(_events(key, after, types or []), start=1):
            _show(out, event)
            if number == most:
                return


@feeds.command("redact", help="Ta bort ord ur flödet. Id och position står kvar.")
def redact(
    about: Annotated[str, typer.Argument(help="Händelsens id, eller id för det den handlar om.")],
    because: Annotated[
        str,
        typer.Option("--because", help="personal-data, wrong, consent-withdrawn eller other."),
    ],
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """One entry, or all about an occasion, a publication, a newsletter or a warning."""
    with screen(as_json, language) as out, asking(running_copy(), "publishing", "editor") as ask:
        done = ask.post("/v1/feed-redactions", {"about": about, "because": because})
        if as_json:
            out.answer(done)
            return
        count = done["entries"]
        out.say(f"{count} poster är tomma nu.", f"{count} entries are empty now.")


def _events(key: str, after: str, types: list[str]) -> Iterator[dict[str, Any]]:
    base = running_copy().services["publishing"]
    timeout = httpx.Timeout(30.0, connect=3.0)
    with httpx.Client(base_url=base, timeout=timeout, trust_env=False) as client:
        while True:
            headers = {"Authorization": f"Bearer {key}"} | (
                {"Last-Event-ID": after} if after else {}
            )
            asked = client.stream(
                "GET", "/v1/feed/stream", headers=headers, params={"types": types}
            )
            try:
                with asked as answer:
                    if answer.is_error:
                        answer.read()
                        raise Refused(answer)
                    for event in _parsed(answer):
                        after = event["id"]
                        yield event
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.ReadTimeout):
                continue


def _parsed(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    for line in answer.iter_lines():
        if line.startswith("data: "):
            event = json.loads(line.removeprefix("data: "))
            if "specversion" in event:
                yield event


def _show(out: Screen, event: dict[str, Any]) -> None:
    if out.as_json:
        out.line(event)
        return
    said = f"{event['position']:>7}  {event['time']}  {event['type']}  {event['subject']}"
    out.say(said, said, "dim" if event.get("redacted") else "")
