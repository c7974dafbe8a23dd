"""`safespace publications …`: brochures and the handbook from a folder, and printed copies."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.asking import Asker, Refused, asking
from deploy.cli.running_copy import running_copy
from deploy.cli.screen import AsJson, Language, Stopped, screen

publications = typer.Typer(no_args_is_help=True, help="Broschyrer, handboken och tryckta exemplar.")

Folder = Annotated[
    Path, typer.Argument(help="Mappen: publication.toml, en .md per språk, och bilderna.")
]
Name = Annotated[str, typer.Argument(help="Publikationens adress, t.ex. att-vaga-fraga.")]
_PICTURES = ("*.png", "*.jpg", "*.jpeg")


@publications.command("list", help="Alla publikationer.")
def listed(as_json: AsJson = False, language: Language = "sv") -> None:
    """Address, newest edition and title."""
    with screen(as_json, language) as out, asking(running_copy(), "publishing", "editor") as ask:
        found = ask.all("/v1/publications")
        if as_json:
            out.answer(found)
            return
        heads = [
            out.words(*each)
            for each in (("Adress", "Address"), ("Utgåva", "Edition"), ("Titel", "Title"))
        ]
        rows = [(one["id"], one["latest"] or "–", _title(one["titles"])) for one in found]
        out.table(heads, rows)


@publications.command("release", help="Ge ut en utgåva av en mapp; samma utgåva igen ändrar inget.")
def release(
    folder: Folder,
    edition: Annotated[str, typer.Option("--edition", help="Annan än den i filen.")] = "",
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Add the publication if it is new, write its draft, and release it."""
    with screen(as_json, language) as out, asking(running_copy(), "publishing", "editor") as ask:
        told = _read(folder)
        released = _release(ask, folder.resolve().name, told, edition or told["edition"], folder)
        if as_json:
            out.answer(released)
        else:
            out.say(
                f"{released['publication']} {released['edition']} är ute.",
                f"{released['publication']} {released['edition']} is out.",
            )


@publications.command("stock", help="Exemplar från tryckeriet, av den senaste utgåvan.")
def stock(
    name: Name,
    copies: Annotated[int, typer.Argument(help="Antal.")],
    tongue: Annotated[str, typer.Option("--in", help="Språket.")] = "sv",
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """They can be ordered from now on."""
    copy = running_copy()
    with screen(as_json, language) as out, asking(copy, "publishing", "coordinator") as ask:
        latest = ask.get(f"/v1/library/{name}/latest")["edition"]
        wanted = {"publication": name, "language": tongue, "edition": latest, "copies": copies}
        shelf = ask.post("/v1/print-items", wanted)
        if as_json:
            out.answer(shelf)
        else:
            out.say(f"{shelf['free']} exemplar på hyllan.", f"{shelf['free']} copies on the shelf.")


@publications.command("orders", help="Skolornas beställningar, de äldsta först.")
def orders(
    state: Annotated[str | None, typer.Option("--state", help="t.ex. received")] = None,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Number, school, copies and state; nobody's name."""
    copy = running_copy()
    with screen(as_json, language) as out, asking(copy, "publishing", "coordinator") as ask:
        found = ask.all("/v1/print-orders", state=state)
        if as_json:
            out.answer(found)
            return
        heads = [
            out.words(*each)
            for each in (("Nummer", "Number"), ("Skola", "School"), ("Antal", "Copies"),
                         ("Läge", "State"))
        ]  # fmt: skip
        out.table(heads, [(o["number"], o["school"], str(o["copies"]), o["state"]) for o in found])


@publications.command("pick-list", help="Spara plocklistan som PDF. Att läsa den antecknas.")
def pick_list(
    file: Annotated[Path, typer.Argument(help="Vart den sparas.")], language: Language = "sv"
) -> None:
    """One page an order, with names and addresses."""
    copy = running_copy()
    with screen(as_json=False, language=language) as out:
        with asking(copy, "publishing", "coordinator") as ask:
            file.write_bytes(ask.octets("/v1/print-orders/pick-list"))
        out.say(f"Sparad i {file}.", f"Saved in {file}.")


def _read(folder: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads((folder / "publication.toml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Stopped(
            "Det finns ingen publication.toml att läsa i mappen.",
            "There is no publication.toml to read in the folder.",
            kind="no-publication",
        ) from error


def _release(ask: Asker, name: str, told: Mapping[str, Any], edition: str, folder: Path) -> Any:
    now = _added(ask, name, told["kind"])
    known = [] if not now["latest"] else ask.get(f"/v1/library/{name}")["items"]
    if any(each["edition"] == edition for each in known):
        return {"publication": name, "edition": edition}
    texts = {path.stem: _text(path, told[path.stem]) for path in sorted(folder.glob("*.md"))}
    pictures = {
        path.name: ask.send("/v1/images", path.read_bytes())["id"]
        for pattern in _PICTURES
        for path in sorted(folder.glob(pattern))
    }
    draft = {"texts": texts, "pictures": pictures}
    written = ask.put(f"/v1/publications/{name}/draft", draft, seen=now["version"])
    changes = {each: told[each]["changes"] for each in texts if "changes" in told[each]}
    wanted = {"edition": edition, "changes": changes}
    return ask.post(f"/v1/publications/{name}/editions", wanted, seen=written["version"])


def _added(ask: Asker, name: str, kind: str) -> Any:
    try:
        return ask.get(f"/v1/publications/{name}")
    except Refused as no:
        if no.status != 404:
            raise
    return ask.post("/v1/publications", {"id": name, "kind": kind})


def _text(path: Path, told: Mapping[str, Any]) -> dict[str, str]:
    return {
        "title": told["title"],
        "summary": told.get("summary", ""),
        "markdown": path.read_text("utf-8"),
    }


def _title(titles: Mapping[str, str]) -> str:
    return titles.get("sv") or next(iter(titles.values()), "")
