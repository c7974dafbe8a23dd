"""`safespace backup` and `safespace restore`: the local copy's data, and apart from it the keys."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy.backup.file_set import NotWhole
from deploy.backup.restoring import AnotherAudit, NobodyKnows
from deploy.backup.restoring import restore as put_back
from deploy.backup.taking import AlreadyThere, Together, take
from deploy.backup.taking import Progress as Told
from deploy.cli.screen import AsJson, Language, Screen, Stopped, screen
from deploy.local.data_folder import data_folder
from deploy.local.database import CopyRuns, on_database
from deploy.local.mongod import NoMongod
from deploy.local.up import AlreadyRunning

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
            out.answer({"id": made.id, "documents": made.documents, "files": len(made.files)})
            return
        out.say(
            f"{made.documents} dokument är sparade. Nycklar: {keys or 'inte med'}.",
            f"{made.documents} documents are saved. Keys: {keys or 'not included'}.",
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
        done = _do(
            out,
            lambda url, told: put_back(url, folder, keys, told, nobody_since=nobody_since),
            services_may_run=False,
        )
        if as_json:
            out.answer(
                {"at": done.at, "documents": done.documents, "left_out": done.left_out}
                | {"tombstones": done.tombstones}
            )
            return
        out.say(
            f"{done.documents} dokument är tillbaka; {done.left_out} lämnades ute, "
            "eftersom personen är glömd.",
            f"{done.documents} documents are back; {done.left_out} were left out, "
            "as their person is forgotten.",
        )


class _BrokenOff(Exception):
    """Somebody pressed Ctrl-C."""


def _do(out: Screen, work: Callable[[str, Told], T], *, services_may_run: bool) -> T:
    with _bar(out) as told:

        def doing(url: str, over: threading.Event) -> T:
            def tell(done: int, of: int) -> None:
                if over.is_set():
                    raise _BrokenOff
                told(done, of)

            return work(url, tell)

        return on_database(data_folder(), doing, services_may_run=services_may_run)


@contextmanager
def _in_words() -> Iterator[None]:
    """What can go wrong, in both languages."""
    try:
        yield
    except tuple(_WORDS) as error:
        sv, en, kind = _WORDS[type(error)]
        name = getattr(error, "name", "")
        raise Stopped(sv.format(name=name), en.format(name=name), kind=kind) from error


_WORDS: dict[type[Exception], tuple[str, str, str]] = {
    Together: (
        "Nycklar och data ska ligga i skilda mappar, helst på skilda ställen.",
        "Keys and data belong in separate folders, better still in separate places.",
        "keys-and-data-together",
    ),
    AlreadyThere: (
        "Mappen finns redan. En säkerhetskopia skrivs aldrig över.",
        "The folder is there already. A backup is never written over.",
        "folder-exists",
    ),
    CopyRuns: (
        "Stoppa kopian först: inget får läsa eller skriva medan data läggs tillbaka.",
        "Stop the copy first: nothing may read or write while data is put back.",
        "copy-is-running",
    ),
    AlreadyRunning: (
        "Kopian är på väg upp eller ner. Försök igen om en stund.",
        "The copy is starting or stopping. Try again in a moment.",
        "copy-is-busy",
    ),
    NoMongod: (
        "MongoDB gick inte att starta.",
        "MongoDB could not be started.",
        "no-mongod",
    ),
    NotWhole: (
        "Säkerhetskopian är inte hel: {name}. Inget har ändrats.",
        "The backup is not whole: {name}. Nothing was changed.",
        "backup-not-whole",
    ),
    NobodyKnows: (
        "Inga gravstenar finns här: ingen vet vilka som har glömts sedan. Inget har ändrats.",
        "There are no tombstones here: nobody knows who was forgotten since. Nothing was changed.",
        "nobody-knows-who-is-forgotten",
    ),
    AnotherAudit: (
        "Granskningsloggen här är en annan än kopians. Inget har ändrats.",
        "The audit here is another than the backup's. Nothing was changed.",
        "another-audit",
    ),
}


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
