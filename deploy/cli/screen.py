"""Where a command's words go: answers to standard output, everything else to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from deploy.cli.start import CANCELLED, begun

AsJson = Annotated[
    bool, typer.Option("--json", help="Skriv svaret som JSON på standard ut, och inget annat där.")
]
Language = Annotated[
    Literal["sv", "en"],
    typer.Option("--language", envvar="SAFESPACE_LANGUAGE", help="Språk: sv eller en."),
]

REFUSED, NO_COPY = 1, 3
"""Exit codes: refused, nothing is running, Ctrl-C. (2 is a command that was written wrongly.)"""

_WIDE = 200
Cell = str | int | Text | None


class Stopped(Exception):
    """The command ends here, with a sentence and an exit code; never with a traceback."""

    def __init__(self, sv: str, en: str, *, code: int = REFUSED, kind: str = "refused") -> None:
        super().__init__(kind)
        self.sv, self.en, self.code, self.kind = sv, en, code, kind


class Screen:
    """One command's output, in one language, as words or as JSON."""

    def __init__(self, *, as_json: bool, language: str) -> None:
        self.as_json, self.language = as_json, language
        self.has_answered = False
        # Nobody's window is that narrow when the words go to a file or another program.
        wide = None if sys.stdout.isatty() else _WIDE
        self.out = Console(highlight=False, width=wide)
        self.aside = Console(stderr=True, highlight=False)

    def words(self, sv: str, en: str) -> str:
        """The one that is to be read."""
        return sv if self.language == "sv" else en

    def answer(self, value: Any) -> None:
        """The machine's answer; call it once, and only when `as_json`."""
        self.has_answered = True
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def line(self, value: Any) -> None:
        """One answer of many, on a line of its own."""
        self.has_answered = True
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def say(self, sv: str, en: str, style: str = "") -> None:
        """A sentence to standard output."""
        self.out.print(Text(self.words(sv, en), style=style), soft_wrap=True)

    def remark(self, sv: str, en: str, style: str = "") -> None:
        """A sentence beside the answer."""
        self.aside.print(Text(self.words(sv, en), style=style), soft_wrap=True)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "") -> None:
        """Rows under heads; numbers stand to the right."""
        kept = [[_cell(cell) for cell in row] for row in rows]
        table = Table(
            title=title or None,
            title_justify="left",
            show_header=any(heads),
            box=None,
            pad_edge=False,
        )
        for place, head in enumerate(heads):
            numbers = bool(kept) and all(row[place].plain.isdigit() for row in kept)
            table.add_column(head, justify="right" if numbers else "left", header_style="bold")
        for row in kept:
            table.add_row(*row)
        self.out.print(table)


@contextmanager
def screen(as_json: bool, language: str) -> Iterator[Screen]:
    """A screen, and the orderly end of whatever stops the command."""
    out = Screen(as_json=as_json, language=language)
    try:
        begun()
        yield out
    except Stopped as stopped:
        out.remark(stopped.sv, stopped.en)
        if as_json:
            sentence = out.words(stopped.sv, stopped.en)
            out.answer({"error": {"kind": stopped.kind, "sentence": sentence}})
        raise typer.Exit(stopped.code) from stopped
    except KeyboardInterrupt as cancelled:
        out.remark("Avbrutet.", "Cancelled.")
        if as_json and not out.has_answered:
            sentence = out.words("Avbrutet.", "Cancelled.")
            out.answer({"error": {"kind": "cancelled", "sentence": sentence}})
        raise typer.Exit(CANCELLED) from cancelled
    except BrokenPipeError as closed:
        # The reader went away (`| head`): nothing more to say, and nothing to say it to.
        sys.stderr.close()
        raise typer.Exit from closed


def _cell(value: Cell) -> Text:
    if isinstance(value, Text):
        return value
    return Text("" if value is None else str(value))
