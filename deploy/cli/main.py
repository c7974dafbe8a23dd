"""The command, wired together."""

from __future__ import annotations

import typer

from deploy.cli import copies
from deploy.cli.audit import audit
from deploy.cli.booking import booking
from deploy.cli.dead_letters import dead_letters
from deploy.cli.doctor import doctor
from deploy.cli.events import events
from deploy.cli.trace import trace

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
app.command("doctor", help="Mår allt bra? Annars: vad man gör åt det.")(doctor)
app.command("trace", help="Vad som hänt med en bokning, i alla tjänster.")(trace)
app.add_typer(booking, name="booking")
app.add_typer(events, name="events")
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(audit, name="audit")
app.add_typer(copies.topology, name="topology")

if __name__ == "__main__":
    app()
