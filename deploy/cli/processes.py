"""`safespace process stop|start`: one service of a running copy, while the others go on."""

from __future__ import annotations

import time
from typing import Annotated, Any

import httpx
import typer

from deploy.cli.running_copy import RunningCopy, running_copy
from deploy.cli.screen import AsJson, Language, Stopped, screen
from deploy.local.data_folder import read_json
from deploy.local.held import belongs, hold, release

_WITHIN = 60.0
_PAUSE = 0.2

process = typer.Typer(
    help="Stoppa en tjänst medan de andra går vidare, och starta den igen.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="En tjänst eller process, t.ex. publishing.")]


@process.command("stop", help="Stoppa den. Den förblir stoppad tills du startar den igen.")
def stop(name: Name, as_json: AsJson = False, language: Language = "sv") -> None:
    """Stop the processes of that name, and return when they are gone."""
    with screen(as_json, language) as out:
        copy = running_copy()
        _known(copy, name)
        stopped = hold(copy.folder, name, _pids(copy))
        _wait(lambda: not _running(copy, name), name)
        if as_json:
            out.answer({"stopped": stopped})
        else:
            out.say(f"Stoppad: {', '.join(stopped)}.", f"Stopped: {', '.join(stopped)}.")


@process.command("start", help="Starta den igen.")
def start(name: Name, as_json: AsJson = False, language: Language = "sv") -> None:
    """Let the processes of that name run again, and return when they can do their work."""
    with screen(as_json, language) as out:
        copy = running_copy()
        _known(copy, name)
        release(copy.folder, name)
        addresses = {n: url for n, url in _addresses(copy).items() if belongs(n, name)}
        _wait(lambda: all(map(is_ready, addresses.values())), name)
        if as_json:
            out.answer({"started": sorted(addresses)})
        else:
            out.say(f"Igång: {', '.join(addresses)}.", f"Running: {', '.join(addresses)}.")


def _addresses(copy: RunningCopy) -> dict[str, str]:
    return {
        **{f"{name}-http": url for name, url in copy.apis().items()},
        **{f"{name}-worker": url for name, url in copy.workers.items()},
        **copy.engines,
    }


def _known(copy: RunningCopy, name: str) -> None:
    if not any(belongs(each, name) for each in _addresses(copy)):
        raise Stopped(
            "Det finns ingen sådan tjänst.", "There is no such service.", kind="unknown-process"
        )


def _pids(copy: RunningCopy) -> dict[str, int]:
    found: dict[str, Any] = read_json(copy.folder.copy) or {}
    return dict(found.get("pids", {}))


def _running(copy: RunningCopy, name: str) -> bool:
    return any(belongs(each, name) for each in _pids(copy))


def _wait(until: Any, name: str) -> None:
    deadline = time.monotonic() + _WITHIN
    while not until():
        if time.monotonic() > deadline:
            raise Stopped(
                f"{name} hann inte på {_WITHIN:.0f} s.",
                f"{name} did not get there in {_WITHIN:.0f} s.",
                kind="too-slow",
            )
        time.sleep(_PAUSE)


def is_ready(url: str) -> bool:
    """Whether the process there can do its work now."""
    try:
        return httpx.get(f"{url}/health/ready", timeout=3.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False
