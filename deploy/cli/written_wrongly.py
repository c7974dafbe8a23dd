"""A command that was written wrongly: which, what is wrong, and where help is. Exit code 2.

What was typed is not repeated: it may be somebody's number. Only names of our own are said.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from typer.exceptions import Abort, TyperException

from deploy.cli.screen import Screen
from deploy.cli.start import language_of

WRITTEN_WRONGLY = 2
BROKEN_OFF = 1
_SENTENCES = {
    "MissingParameter": ("Något fattas i kommandot: {what}.", "Something is missing: {what}."),
    "BadParameter": ("Värdet går inte att använda: {what}.", "The value cannot be used: {what}."),
    "NoSuchOption": ("Kommandot har inte det valet.", "The command has no such option."),
    "BadOptionUsage": ("Ett val är skrivet på fel sätt.", "An option is written wrongly."),
}
_OTHERWISE = ("Kommandot finns inte, eller har något för mycket.", "No such command, or too much.")


def orderly(run: Callable[[], Any], typed: Sequence[str]) -> int:
    """Run a command line; gives its exit code, and says in words or JSON what is wrong with it."""
    try:
        return int(run() or 0)
    except Abort:
        Screen(as_json="--json" in typed, language=language_of(typed)).remark(
            "Avbrutet.", "Broken off."
        )
        return BROKEN_OFF
    except TyperException as wrong:
        if wrong.exit_code != WRITTEN_WRONGLY:
            raise
        _say(wrong, Screen(as_json="--json" in typed, language=language_of(typed)))
        return WRITTEN_WRONGLY


def _say(wrong: TyperException, out: Screen) -> None:
    context: Any = getattr(wrong, "ctx", None)
    path = context.command_path if context else "safespace"
    if type(wrong).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(wrong.message + "\n")
        return
    sv, en = _SENTENCES.get(type(wrong).__name__, _OTHERWISE)
    parameter: Any = getattr(wrong, "param", None)
    what = parameter.opts[-1] if parameter is not None and parameter.opts else path
    sv, en = sv.format(what=what), en.format(what=what)
    out.remark(f"{sv} Hjälp: {path} --help", f"{en} Help: {path} --help")
    if out.as_json:
        out.answer({"error": {"kind": "written-wrongly", "sentence": out.words(sv, en)}})
