"""The command, wired together."""

from __future__ import annotations

import typer

from deploy.cli import copies
from deploy.cli.booking import booking

app = typer.Typer(
    help="Safe Space från kommandoraden. Varje kommando tar --json och --language en.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("up", help="Starta en kopia i förgrunden, som make run.")(copies.up)
app.command("status", help="Var allt finns, och om det är igång.")(copies.status)
app.command("people", help="Vilka man kan logga in som.")(copies.people)
app.command("token", help="En nyckel för att prova API:erna.")(copies.token)
app.command(
    "clock",
    help="Flytta kopians tid: +24h, -2h, reset, show.",
    context_settings={"ignore_unknown_options": True},
)(copies.clock)
app.add_typer(copies.topology, name="topology")
app.add_typer(booking, name="booking")

if __name__ == "__main__":
    app()
