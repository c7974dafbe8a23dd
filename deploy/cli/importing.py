"""`booking import-season` and `import-requests`: a spreadsheet in, progress and a report out."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy.cli.asking import Asker, Refused, asking, nobody_home
from deploy.cli.running_copy import running_copy
from deploy.cli.screen import AsJson, Language, Screen, Stopped, screen
from deploy.cli.start import CANCELLED
from shared.spreadsheets.media_types import media_type_of

File = Annotated[Path, typer.Argument(help="Kalkylarket, som XLSX eller CSV.")]
Commit = Annotated[bool, typer.Option("--commit", help="Gör det på riktigt.")]
_COUNTS = ("rows", "created", "unchanged", "rejected", "flagged")
_ERROR_HEADS = {"sv": ("Rad", "Kolumn", "Fel"), "en": ("Row", "Column", "Error")}
_PATIENCE = httpx.Timeout(120.0, connect=3.0)


def import_season(
    file: File, commit: Commit = False, as_json: AsJson = False, language: Language = "sv"
) -> None:
    """A season's occasions. Without `--commit` it only shows what would happen."""
    run_import(Import("/v1/season-imports", file, commit), as_json=as_json, language=language)


def import_requests(
    file: File, commit: Commit = False, as_json: AsJson = False, language: Language = "sv"
) -> None:
    """Schools' requests, in the order in which they came in."""
    run_import(Import("/v1/request-imports", file, commit), as_json=as_json, language=language)


@dataclass(frozen=True)
class Import:
    """Where a file goes, as whom, and what its report counts (key, Swedish, English)."""

    path: str
    file: Path
    commit: bool
    service: str = "booking"
    who: str = "coordinator"
    asked: Mapping[str, str] = field(default_factory=dict)
    named: Sequence[tuple[str, str, str]] = ()


def run_import(wanted: Import, *, as_json: bool, language: str) -> None:
    """Show progress, then the report; what could not be read goes into a file beside."""
    with screen(as_json, language) as out:
        body = _contents(wanted.file)
        with asking(running_copy(), wanted.service, wanted.who, language) as asker:
            report = _stream(asker, wanted, body, out=out)
        error_file = _write_errors(report["errors"], wanted.file, language)
        if as_json:
            out.answer(_counted(report, wanted, error_file))
        else:
            _show(out, report, wanted, error_file)


def _contents(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Stopped(
            f"Filen gick inte att läsa: {file}",
            f"The file could not be read: {file}",
            kind="unreadable-file",
        ) from error


def _stream(asker: Asker, wanted: Import, body: bytes, *, out: Screen) -> dict[str, Any]:
    asked = asker.client.stream(
        "POST",
        wanted.path,
        params={"commit": "true" if wanted.commit else "false", **wanted.asked},
        content=body,
        headers={"Content-Type": media_type_of(body)},
        timeout=_PATIENCE,
    )
    try:
        with nobody_home(), asked as answer, _bar(out) as bar:
            if answer.is_error:
                answer.read()
                raise Refused(answer)
            task = bar.add_task(out.words("Läser in", "Importing"), total=None, pace="")
            for line in _lines(answer):
                if "report" in line:
                    return dict(line["report"])
                if "problem" in line:
                    no = line["problem"]
                    raise Stopped(no["sv"], no["en"], kind=no["kind"])
                done = line["progress"]
                pace = _pace(done, out)
                bar.update(task, completed=done["done"], total=done["of"] or None, pace=pace)
    except KeyboardInterrupt as cancelled:
        # Also before the first answer: the service may have begun.
        raise _cancelled(wanted.commit) from cancelled
    raise Stopped(
        "Inläsningen bröts innan den var klar. Kör samma kommando igen, så fortsätter den.",
        "The import broke off before its end. Run the same command again, and it goes on.",
        kind="import-broke-off",
    )


def _lines(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    for line in answer.iter_lines():
        if line:
            yield json.loads(line)


def _bar(out: Screen) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        console=out.aside,
        transient=True,
    )


def _pace(done: dict[str, Any], out: Screen) -> str:
    rate, left = done.get("rate"), done.get("seconds_left")
    said = f"{rate:.0f} {out.words('rader/s', 'rows/s')}" if rate else ""
    if left is not None:
        said += f" · {left:.0f} s {out.words('kvar', 'left')}"
    return said


def _cancelled(commit: bool) -> Stopped:
    if not commit:
        return Stopped(
            "Avbrutet. Inget har ändrats.",
            "Cancelled. Nothing was changed.",
            code=CANCELLED,
            kind="cancelled",
        )
    return Stopped(
        "Avbrutet. Det som hann sparas finns kvar; kör samma kommando igen, så fortsätter det.",
        "Cancelled. What was saved is kept; run the same command again, and it goes on.",
        code=CANCELLED,
        kind="cancelled",
    )


def _write_errors(errors: list[dict[str, Any]], file: Path, language: str) -> str | None:
    """The file of what went wrong now; that of an earlier run goes when nothing did."""
    path = Path.cwd() / f"{file.stem}.errors.csv"
    heads = _ERROR_HEADS[language]
    try:
        if not errors:
            _remove_ours(path)
            return None
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            writer = csv.writer(target, delimiter=";")
            writer.writerow(heads)
            for error in errors:
                sentence = error[f"sentence_{language}"]
                writer.writerow((error["row"], error.get("column") or "", sentence))
    except OSError:
        return None
    return str(path)


def _remove_ours(path: Path) -> None:
    """Remove a file of errors that we wrote; somebody else's of that name is left alone."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8-sig", errors="replace") as kept:
        first = kept.readline().strip()
    if first in {";".join(heads) for heads in _ERROR_HEADS.values()}:
        path.unlink()


def _counted(report: dict[str, Any], wanted: Import, error_file: str | None) -> dict[str, Any]:
    """The keys that scripts read; `changed` only when a known row says something new."""
    if wanted.named:
        return {name: report[name] for name, _, _ in wanted.named} | {"error_file": error_file}
    counted = {name: report[name] for name in _COUNTS}
    counted |= {name: report[name] for name in ("confirmed", "waiting") if name in report}
    if report.get("changed"):
        counted["changed"] = report["changed"]
    return counted | {"error_file": error_file}


def _show(out: Screen, report: dict[str, Any], wanted: Import, error_file: str | None) -> None:
    if not wanted.commit:
        out.say(
            "Provkörning: inget är sparat. Lägg till --commit för att göra det på riktigt.",
            "Dry run: nothing is saved. Add --commit to do it.",
            "bold yellow",
        )
    named = wanted.named or _NAMED
    rows = [(out.words(sv, en), report[name]) for name, sv, en in named if name in report]
    out.table(("", ""), rows)
    _show_errors(out, report["errors"], error_file)
    _show_flags(out, report.get("flags", []))


_NAMED = (
    ("rows", "Rader", "Rows"),
    ("created", "Nya", "New"),
    ("changed", "Ändrade", "Changed"),
    ("unchanged", "Oförändrade", "Unchanged"),
    ("rejected", "Gick inte att läsa", "Could not be read"),
    ("flagged", "Att titta på", "To look at"),
    ("confirmed", "Har fått plats", "Have places"),
    ("waiting", "Står i kö", "Wait in line"),
)


def _show_errors(out: Screen, errors: list[dict[str, Any]], error_file: str | None) -> None:
    if not errors:
        return
    sentence = f"sentence_{out.language}"
    heads = (out.words("Rad", "Row"), out.words("Kolumn", "Column"), out.words("Fel", "Error"))
    rows = [(error["row"], error.get("column") or "", error[sentence]) for error in errors]
    out.out.print()
    out.table(heads, rows)
    if error_file:
        out.say(f"Felen ligger i {error_file}", f"The errors are in {error_file}")


def _show_flags(out: Screen, flags: list[dict[str, Any]]) -> None:
    if not flags:
        return
    sentence = f"sentence_{out.language}"
    counted = Counter(flag["flag"] for flag in flags)
    said = {flag["flag"]: flag[sentence] for flag in reversed(flags)}
    rows_with = {
        kind: ", ".join(str(flag["row"]) for flag in flags if flag["flag"] == kind)
        for kind in counted
    }
    heads = (out.words("Att titta på", "To look at"), "", out.words("Rader", "Rows"))
    out.out.print()
    out.table(heads, [(said[k], n, rows_with[k]) for k, n in counted.most_common()])
