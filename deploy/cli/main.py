"""The command, wired together. A part is imported when its command is asked for, or all helped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer
from typer.core import TyperGroup

from deploy.cli.written_wrongly import orderly

Add = Callable[[typer.Typer, str], None]


def _one(module: str, function: str, text: str, **settings: Any) -> Add:
    def add(part: typer.Typer, name: str) -> None:
        found = getattr(import_module(f"deploy.cli.{module}"), function)
        part.command(name, help=text, context_settings=settings)(found)

    return add


def _several(module: str, group: str) -> Add:
    def add(part: typer.Typer, name: str) -> None:
        part.add_typer(getattr(import_module(f"deploy.cli.{module}"), group), name=name)

    return add


COMMANDS: Mapping[str, Add] = MappingProxyType(
    {
        "up": _one("copies", "up", "Starta en kopia i förgrunden, som make run."),
        "status": _one("copies", "status", "Var allt finns, och om det är igång."),
        "people": _one("copies", "people", "Vilka man kan logga in som."),
        "token": _one("copies", "token", "En nyckel för att prova API:erna."),
        "clock": _one(
            *("copies", "clock", "Flytta kopians tid: +24h, -2h, reset, show."),
            ignore_unknown_options=True,
        ),
        "doctor": _one("doctor", "doctor", "Mår allt bra? Annars: vad man gör åt det."),
        "trace": _one("trace", "trace", "Vad som hänt med en bokning, i alla tjänster."),
        "booking": _several("booking", "booking"),
        "mailing": _several("mailing", "mailing"),
        "newsletter": _several("newsletter", "newsletter"),
        "events": _several("events", "events"),
        "feeds": _several("feeds", "feeds"),
        "partners": _several("partners", "partners"),
        "publications": _several("publications", "publications"),
        "dead-letters": _several("dead_letters", "dead_letters"),
        "audit": _several("audit", "audit"),
        "keys": _several("keys", "keys"),
        "backup": _one("backup", "backup", "Spara allt i en mapp; nycklarna i en annan."),
        "restore": _one("backup", "restore", "Lägg tillbaka det i en stoppad kopia."),
        "process": _several("processes", "process"),
        "topology": _several("copies", "topology"),
    }
)
"""In the order in which help lists them."""


class _WhenAskedFor(TyperGroup):
    """All parts together take most of a second to import; one command needs one of them."""

    def main(self, *told: Any, **settings: Any) -> Any:
        """Run what was typed, and leave with its exit code."""
        typed = told[0] if told else settings.get("args")
        line = sys.argv[1:] if typed is None else list(typed)
        run = partial(super().main, *told, **{**settings, "standalone_mode": False})
        sys.exit(orderly(run, line))

    def list_commands(self, _ctx: Any) -> list[str]:
        """The names, without importing anything."""
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """The command or group of that name, imported now."""
        add = COMMANDS.get(cmd_name)
        if add is None:
            return None
        part = typer.Typer(add_completion=False, rich_markup_mode=None)
        add(part, cmd_name)
        return typer.main.get_group(part).commands[cmd_name]


app = typer.Typer(
    help="Safe Space från kommandoraden. Varje kommando tar --json och --language en.",
    cls=_WhenAskedFor,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _safespace() -> None:
    pass


if __name__ == "__main__":
    app()
