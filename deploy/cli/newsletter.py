"""`safespace newsletter …`: who gets it."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.importing import Commit, File, Import, run_import
from deploy.cli.screen import AsJson, Language

newsletter = typer.Typer(no_args_is_help=True, help="Nyhetsbrev: prenumeranter.")

_NAMED = (
    ("rows", "Rader", "Rows"),
    ("confirmed", "Prenumererar från och med nu", "Subscribed from now on"),
    ("asked", "Får ett brev att bekräfta", "Get a letter to confirm"),
    ("changed", "Ändrade", "Changed"),
    ("unchanged", "Oförändrade", "Unchanged"),
    ("repeated", "– varav samma adress igen", "– of these the same address again"),
    ("left", "Har lämnat listan, rörs inte", "Have left the list, not touched"),
    ("stopped", "Spärrade, rörs inte", "Stopped, not touched"),
    ("rejected", "Gick inte att läsa", "Could not be read"),
)


@newsletter.command("import-subscribers", help="Läs in prenumeranter ur ett kalkylark.")
def import_subscribers(
    file: File,
    list_id: Annotated[str, typer.Option("--list", help="Vilken lista.")],
    ask: Annotated[
        bool, typer.Option("--ask", help="Skicka ett brev att bekräfta till dem utan bevis.")
    ] = False,
    commit: Commit = False,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Addresses with the proof of their consent, or asked by letter. Without `--commit` a dry run.

    The same file again changes nothing, so an import that broke off goes on.
    """
    asked = {"list": list_id, "ask": "true" if ask else "false"}
    path = "/v1/subscriber-imports"
    wanted = Import(path, file, commit, "publishing", "editor", asked, _NAMED)
    run_import(wanted, as_json=as_json, language=language)
