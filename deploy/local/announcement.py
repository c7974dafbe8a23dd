"""What `make run` says to the person in front of it. The children's own words go to files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from deploy.local.data_folder import CHECKOUT, DataFolder
from deploy.local.identity.people import PEOPLE, Person
from shared.kernel.clock import real_now

_HOW = "Ctrl-C stoppar allt · Ctrl-C stops everything"
_PROFILE = (
    "Lokalt läge: tysta timmar är av, och databasen är bara för utveckling.",
    "Local profile: quiet hours are off, and the database is for development only.",
)


class Announcer:
    """Short lines while it starts, one table when it is ready, and a log line for each event."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._console = Console(highlight=False)
        self._log = folder.log("local").open("a", encoding="utf-8")

    def starting(self) -> None:
        """The first words, before anything is ready."""
        self._write("local", "starting")
        self._console.print("Safe Space startar … · Safe Space is starting …")

    def told(self, name: str, what: str) -> None:
        """A child or server changed. Ordinary starts and stops go to the log only."""
        self._write(name, what)
        state, _, rest = what.partition(" ")
        if state == "ready":
            self._console.print(f"  [green]✓[/] {name:<22} [dim]{rest} s[/]")
        elif state in {"died", "restarted"}:
            word = "dog, startas om · died, restarting" if state == "died" else "igång · back"
            self._console.print(f"  [yellow]![/] {name:<22} {word} {rest}", style="yellow")

    def ready(self, described: Mapping[str, Any]) -> None:
        """Everything answers: where it is, and who one can be."""
        self._write("local", "ready")
        self._console.print()
        self._console.print(_addresses(described))
        self._console.print()
        self._console.print(_people(PEOPLE))
        for line in (*_PROFILE, f"Data: {self._shown()}", _HOW):
            self._console.print(Text(line, style="dim"))

    def failed(self, error: Exception) -> None:
        """Something did not start."""
        self._write("local", f"failed {type(error).__name__}")
        self._console.print("✗ Startade inte · Did not start:", style="red", end=" ")
        self._console.print(str(error), markup=False, soft_wrap=True)

    def already_running(self, front_door: str | None) -> None:
        """The folder is in use."""
        where = f" ({front_door})" if front_door else ""
        self._console.print(
            f"[red]✗[/] En kopia körs redan i {self._shown()}{where}. "
            f"Välj en annan mapp: SAFESPACE_DATA=/en/mapp make run\n"
            "  A copy already runs in this folder. "
            "Choose another: SAFESPACE_DATA=/some/folder make run"
        )

    def stopping(self) -> None:
        """Told to stop, or failed."""
        self._console.print("Stoppar … · Stopping …", style="dim")

    def stopped(self) -> None:
        """Nothing runs any more."""
        self._write("local", "stopped")
        self._console.print("Stoppat. · Stopped.", style="dim")
        self._log.close()

    def _shown(self) -> str:
        root = self._folder.root
        return str(root.relative_to(CHECKOUT) if root.is_relative_to(CHECKOUT) else root)

    def _write(self, name: str, what: str) -> None:
        line = {"timestamp": real_now().isoformat(), "process": name, "event": what}
        self._log.write(json.dumps(line) + "\n")
        self._log.flush()


def _addresses(described: Mapping[str, Any]) -> Table:
    table = Table(title="Safe Space", title_justify="left", title_style="bold", box=None)
    table.add_column("Vad")
    table.add_column("Adress")
    table.add_row("Webbplatsen (börja här)", described["front_door"], style="bold")
    table.add_row("Personalens konsol", described["front_door"] + "/console")
    table.add_row("Telefonen: sms som kom fram", described["sms_sink"] + "/phone")
    table.add_row("Brevlådan: e-post som kom fram", described["sms_sink"] + "/mail")
    table.add_row("Inloggning (lokala personer)", described["identity"])
    for service, url in described["services"].items():
        if service != "web":
            front = described["front_door"]
            table.add_row(f"API {service}", f"{front}/api/{service}/v1  [dim]({url})[/]")
    table.add_row("E-post in (SMTP)", described["smtp_sink"])
    return table


def _people(people: Sequence[Person]) -> Table:
    table = Table(title="Personer att vara", title_justify="left", title_style="bold", box=None)
    table.add_column("Namn")
    table.add_column("Uppgift")
    table.add_column("På kommandoraden", style="dim")
    for person in people:
        table.add_row(person.name, person.task, f"safespace token --as {person.username}")
    return table
