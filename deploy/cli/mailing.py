"""`safespace mailing …`: what is being sent, how far it has come, and a word to it."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy.cli.asking import Asker, asking
from deploy.cli.running_copy import running_copy
from deploy.cli.screen import AsJson, Language, Screen, screen

mailing = typer.Typer(help="Utskick: läge, takt och styrning.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="Utskickets id.")]
_EVERY = 0.5
_OVER = frozenset({"finished", "finished-with-failures", "cancelled"})
_STATES = {
    "draft": ("utkast", "draft"),
    "scheduled": ("schemalagt", "scheduled"),
    "running": ("i gång", "running"),
    "paused": ("pausat", "paused"),
    "stalled": ("stoppat av ett fel", "stalled"),
    "finished": ("klart", "finished"),
    "finished-with-failures": ("klart, med fel", "finished with failures"),
    "cancelled": ("avbrutet", "cancelled"),
}
_CAUSES = {
    "sender-refused": ("avsändaren nekas", "the sender is refused"),
    "no-server": ("ingen e-postserver svarar", "no mail server answers"),
    "key-missing": ("breven går inte att skriva", "the letters cannot be written"),
    "ledger-away": ("liggaren går inte att skriva i", "the ledger cannot be written"),
    "too-many-refused": ("för många nekas", "too many are refused"),
}
_WORDS = {"pause": "pause", "resume": "resumption", "cancel": "cancellation", "start": "start"}


@mailing.command("list", help="Utskicken, det senaste först.")
def listed(as_json: AsJson = False, language: Language = "sv") -> None:
    """Every mailing with its state."""
    with screen(as_json, language) as out:
        with asking(running_copy(), "publishing", "editor", language) as asker:
            found = asker.all("/v1/mailings")
        if as_json:
            out.answer(found)
            return
        heads = ("Id", out.words("Lista", "List"), out.words("Läge", "State"), "")
        out.table(heads, [(m["id"], m["list_id"], _state(out, m), m["recipients"]) for m in found])


@mailing.command("watch", help="Följ ett utskick tills det är klart. Ctrl-C slutar bara titta.")
def watch(mailing_id: Id, as_json: AsJson = False, language: Language = "sv") -> None:
    """Counts, rate and time left, until everybody is accounted for."""
    with screen(as_json, language) as out:
        with asking(running_copy(), "publishing", "editor", language) as asker:
            found = _followed(out, asker, mailing_id)
        if as_json:
            return
        out.table(("", ""), [(name, found[name]) for name in _counts(found)])
        for each in found["codes"]:
            out.table(("", ""), [(each["code"], each["count"])])


@mailing.command("say", help="pause, resume, cancel eller start.")
def say(
    word: Annotated[str, typer.Argument(metavar="ORD", help="pause, resume, cancel, start.")],
    mailing_id: Id,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """One step, at the version that it has now."""
    with screen(as_json, language) as out:
        if word not in _WORDS:
            raise typer.BadParameter("pause, resume, cancel, start")
        with asking(running_copy(), "publishing", "editor", language) as asker:
            seen = asker.get(f"/v1/mailings/{mailing_id}")["version"]
            found = asker.post(f"/v1/mailings/{mailing_id}/{_WORDS[word]}", seen=seen)
        if as_json:
            out.answer(found)
            return
        out.table(("", ""), [(out.words("Läge", "State"), _state(out, found))])


def _followed(out: Screen, asker: Asker, mailing_id: str) -> Any:
    with _bar(out) as bar:
        task = bar.add_task("", total=None, said="")
        while True:
            found = asker.get(f"/v1/mailings/{mailing_id}/progress")
            if out.as_json:
                out.line(found)
            done = found["recipients"] - found["waiting"] - found["in_hand"]
            total = found["recipients"] or None
            bar.update(task, total=total, completed=done, said=_said(out, found))
            if found["state"] in _OVER and not found["waiting"] + found["in_hand"]:
                return found
            time.sleep(_EVERY)


def _said(out: Screen, found: Any) -> str:
    said = _state(out, found)
    if found["stall"] is not None:
        said += ": " + out.words(*_CAUSES[found["stall"]])
    if found["per_second"]:
        said += f" · {found['per_second']:.0f}/s"
    if found["seconds_left"]:
        minutes, seconds = divmod(found["seconds_left"], 60)
        said += out.words(" · kvar ", " · left ") + f"{minutes}:{seconds:02}"
    return said


def _bar(out: Screen) -> Progress:
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[said]}"),
        console=out.aside,
        disable=out.as_json,
    )


def _state(out: Screen, found: Any) -> str:
    return out.words(*_STATES[found["state"]])


def _counts(found: Any) -> list[str]:
    names = ("recipients", "accepted", "bounced", "suppressed", "uncertain")
    return [name for name in names if found[name]]
