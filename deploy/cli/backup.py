"""`safespace backup` and `safespace restore`: the local copy's data, and apart from it the keys."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy.backup.restoring import Restored
from deploy.backup.restoring import restore as put_back
from deploy.backup.taking import Progress as Told
from deploy.backup.taking import take
from deploy.cli.backup_words import WORDS
from deploy.cli.screen import AsJson, Language, Screen, Stopped, screen
from deploy.local.data_folder import data_folder
from deploy.local.database import on_database
from deploy.local.servers import Servers

T = TypeVar("T")
Keys = Annotated[
    Path | None, typer.Option("--keys", help="En annan mapp för nycklar och gravstenar.")
]


def backup(
    folder: Annotated[Path, typer.Argument(help="En ny mapp för data.")],
    keys: Keys = None,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Everything as it is at one moment. Without the keys the data cannot be read."""
    with screen(as_json, language) as out, _in_words():
        made = _do(out, lambda url, told: take(url, folder, keys, told), services_may_run=True)
        if as_json:
            found = {"id": made.id, "documents": made.documents, "files": len(made.files)}
            out.answer({**found, "sealed_on_the_way": made.sealed_on_the_way})
            return
        out.say(
            f"{made.documents} dokument är sparade. Nycklar: {keys or 'inte med'}.",
            f"{made.documents} documents are saved. Keys: {keys or 'not included'}.",
        )
        if lost := made.sealed_on_the_way:
            out.say(
                f"{lost} förseglade brev (som kontaktkort) var på väg mellan tjänsterna och "
                "följer inte med. Ta en ny kopia när de har kommit fram: `safespace doctor` "
                "visar om någon tjänst står still.",
                f"{lost} sealed letters (such as contact cards) were on their way between the "
                "services and are not in it. Make another backup when they have arrived: "
                "`safespace doctor` shows whether a service stands still.",
                "bold yellow",
            )


def restore(
    folder: Annotated[Path, typer.Argument(help="Mappen med data.")],
    keys: Keys = None,
    nobody_since: Annotated[
        bool,
        typer.Option(
            "--nobody-forgotten-since",
            help="Du intygar att ingen har glömts sedan dess. Bara när alla nycklar är borta.",
        ),
    ] = False,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Put it back into a copy that is stopped. Whoever was forgotten since stays forgotten."""
    with screen(as_json, language) as out, _in_words():
        emptied: list[bool] = []
        done = _do(
            out,
            lambda url, told: put_back(url, folder, keys, told, nobody_since=nobody_since),
            services_may_run=False,
            afterwards=lambda servers: emptied.append(servers.empty_queues()),
        )
        if as_json:
            found = {name: each for name, each in asdict(done).items() if name != "databases"}
            out.answer({**found, "queues_emptied": emptied == [True]})
            return
        _show(out, done)
        if emptied != [True]:
            out.say(
                "Töm Safe Spaces köer i RabbitMQ innan du startar: det som står där hör till en "
                "tid som inte längre gäller.",
                "Empty the queues of Safe Space in RabbitMQ before you start: what stands there "
                "belongs to a time that is undone.",
                "bold yellow",
            )


def _show(out: Screen, done: Restored) -> None:
    out.say(f"{done.documents} dokument är tillbaka.", f"{done.documents} documents are back.")
    if done.left_out:
        out.say(
            f"{done.left_out} lämnades ute, eftersom personen är glömd.",
            f"{done.left_out} were left out, as their person is forgotten.",
        )
    if done.told_again:
        out.say(
            f"{done.told_again} händelser var på väg mellan tjänsterna och berättas igen.",
            f"{done.told_again} events were on their way between the services and are told again.",
        )
    if done.lost:
        out.say(
            f"{done.lost} förseglade brev (som kontaktkort) var på väg och kan inte berättas "
            "igen: de personerna behöver lämna sina uppgifter på nytt.",
            f"{done.lost} sealed letters (such as contact cards) were on their way and cannot be "
            "told again: those people have to leave their details anew.",
            "bold yellow",
        )


class _BrokenOff(Exception):
    """Somebody pressed Ctrl-C."""


def _do(
    out: Screen,
    work: Callable[[str, Told], T],
    *,
    services_may_run: bool,
    afterwards: Callable[[Servers], None] = lambda _: None,
) -> T:
    with _bar(out) as told:

        def doing(url: str, over: threading.Event) -> T:
            def tell(done: int, of: int) -> None:
                if over.is_set():
                    raise _BrokenOff
                told(done, of)

            return work(url, tell)

        return on_database(
            data_folder(), doing, services_may_run=services_may_run, afterwards=afterwards
        )


@contextmanager
def _in_words() -> Iterator[None]:
    """What can go wrong, in both languages."""
    try:
        yield
    except tuple(WORDS) as error:
        sv, en, kind = WORDS[type(error)]
        name = getattr(error, "name", "")
        raise Stopped(sv.format(name=name), en.format(name=name), kind=kind) from error


@contextmanager
def _bar(out: Screen) -> Iterator[Told]:
    began = time.monotonic()
    with Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        console=out.aside,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None, pace="")

        def told(done: int, of: int) -> None:
            rate = done / max(time.monotonic() - began, 0.001)
            left = round(max(of - done, 0) / rate) if rate else 0
            pace = out.words(
                f"{rate:.0f} dokument/s, {left} s kvar", f"{rate:.0f} documents/s, {left} s left"
            )
            bar.update(task, completed=done, total=max(of, done), pace=pace)

        yield told
