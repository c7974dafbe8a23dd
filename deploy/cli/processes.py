"""`safespace process stop|start`: one service of a running copy, while the others go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Any

import httpx
import typer

from deploy.cli.running_copy import RunningCopy, running_copy
from deploy.cli.screen import AsJson, Language, Stopped, screen
from deploy.local.data_folder import read_json
from deploy.local.held import belongs, hold, release

_WITHIN = 120.0
"""Seconds. A mailer runs behind everybody else: on a machine that is busy it takes its time."""
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
        _wait(lambda: [each for each in _pids(copy) if belongs(each, name)])
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
        with looking() as client:
            waiting = dict(addresses)

            def not_yet() -> list[str]:
                for each, url in tuple(waiting.items()):
                    if is_ready(url, client):
                        del waiting[each]
                        out.remark(f"  ✓ {each}", f"  ✓ {each}")
                return list(waiting)

            _wait(not_yet)
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


def _wait(for_whom: Callable[[], list[str]]) -> None:
    """Until there is nobody any more to wait for."""
    deadline = time.monotonic() + _WITHIN
    while late := for_whom():
        if time.monotonic() > deadline:
            raise Stopped(
                f"{', '.join(late)} hann inte på {_WITHIN:.0f} s, men fortsätter. Se: doctor",
                f"{', '.join(late)} did not get there in {_WITHIN:.0f} s, but goes on. See: doctor",
                kind="too-slow",
            )
        time.sleep(_PAUSE)


def looking() -> httpx.Client:
    """For looks at processes of this machine, which speak no TLS: its roots are not loaded."""
    return httpx.Client(timeout=3.0, trust_env=False, verify=False)  # noqa: S501 - see above


def is_ready(url: str, client: httpx.Client) -> bool:
    """Whether the process there can do its work now."""
    try:
        return client.get(f"{url}/health/ready").is_success
    except httpx.HTTPError:
        return False
