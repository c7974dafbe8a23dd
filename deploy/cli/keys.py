"""`safespace keys …`: another master key, and everything wrapped anew with it."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from deploy.cli.asking import Asker, asking
from deploy.cli.running_copy import running_copy
from deploy.cli.screen import AsJson, Language, Screen, Stopped, screen
from deploy.local.data_folder import data_folder
from deploy.local.kept_secrets import Secrets
from deploy.local.up import AlreadyRunning, alone
from shared.contracts.catalogue import SERVICES

keys = typer.Typer(help="Huvudnycklar: byt, och slå in allt på nytt.", no_args_is_help=True)
_OPERATOR = "operator"
_STEP = 500


@keys.command(
    "new", help="Ge en stoppad kopia nya huvudnycklar. De gamla gäller tills bytet är klart."
)
def new(as_json: AsJson = False, language: Language = "sv") -> None:
    """The copy must not run: its processes learn of keys when they start."""
    with screen(as_json, language) as out:
        folder = data_folder()
        try:
            with alone(folder):
                secrets = Secrets(folder)
                for service in SERVICES:
                    secrets.renew(f"key/{service}/master")
        except AlreadyRunning as running:
            raise Stopped(
                "Stoppa kopian först: processerna läser sina nycklar när de startar.",
                "Stop the copy first: its processes read their keys when they start.",
                kind="copy-is-running",
            ) from running
        if as_json:
            out.answer({"renewed": list(SERVICES)})
        else:
            out.say(
                "Nya huvudnycklar. Starta kopian och kör: safespace keys rotate",
                "New master keys. Start the copy and run: safespace keys rotate",
            )


@keys.command("rotate", help="Slå in alla nycklar på nytt med den nyaste huvudnyckeln.")
def rotate(
    service: Annotated[str | None, typer.Option(help="Bara den här tjänsten.")] = None,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Step by step while the services run. Ctrl-C stops it; the next call goes on from there."""
    with screen(as_json, language) as out:
        copy = running_copy()
        done = []
        for name in [service] if service else sorted(copy.apis()):
            with asking(copy, name, _OPERATOR, language) as asker:
                done.append(_rotate(asker, name, out))
        if as_json:
            out.answer(done)
            return
        for each in done:
            out.say(
                f"{each['service']}: {each['total']} nycklar är inslagna med {each['newest']}.",
                f"{each['service']}: {each['total']} keys are wrapped with {each['newest']}.",
            )


def _rotate(asker: Asker, name: str, out: Screen) -> dict[str, Any]:
    standing: dict[str, Any] = asker.get("/v1/key-rotation")
    began, waiting = time.monotonic(), standing["left"]
    with _bar(out) as bar:
        task = bar.add_task(name, total=waiting, pace="")
        while standing["left"]:
            before = standing["left"]
            standing = asker.post("/v1/key-rotation/steps", limit=_STEP)
            if standing["unopened"] and standing["left"] in (standing["unopened"], before):
                raise Stopped(
                    f"{name}: {standing['left']} nycklar är inslagna med en huvudnyckel som "
                    "tjänsten inte har fått.",
                    f"{name}: {standing['left']} keys are wrapped with a master key that the "
                    "service was not given.",
                    kind="master-key-missing",
                )
            _show(bar, task, waiting - standing["left"], waiting, began, out)
    return standing


def _show(bar: Progress, task: TaskID, done: int, of: int, began: float, out: Screen) -> None:
    rate = done / max(time.monotonic() - began, 0.001)
    left = round((of - done) / rate) if rate else 0
    words = out.words(f"{rate:.0f} nycklar/s, {left} s kvar", f"{rate:.0f} keys/s, {left} s left")
    bar.update(task, completed=done, pace=words)


def _bar(out: Screen) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        console=out.aside,
        transient=True,
    )
