"""`safespace doctor`: everything that should hold, each with a tick or with what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import typer
from rich.text import Text

from deploy.cli.asking import asking
from deploy.cli.dead_letters import parked
from deploy.cli.running_copy import NoCopy, RunningCopy, running_copy
from deploy.cli.screen import REFUSED, AsJson, Language, Screen, Stopped, screen
from deploy.local.data_folder import read_json
from deploy.local.held import is_held
from deploy.rabbitmq.topology import UNHEARD_KEPT
from shared.broker import names
from shared.kernel.clock import real_now

_ENOUGH_DISK = 2 * 1024**3
MANY_UNHEARD = UNHEARD_KEPT // 2
"""Events that nobody needs pile up to the queue's bound; half of it is worth a look."""
_PATIENCE = 5.0
_TOLD_WITHIN = timedelta(hours=26)
_ANNOUNCED = "sealing-key-announced.v1"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `advice` says what to do when it does not hold."""

    what: str
    holds: bool
    seen: str
    advice: str = ""


def doctor(as_json: AsJson = False, language: Language = "sv") -> None:
    """Look at everything. Exit code 1 when something does not hold."""
    with screen(as_json, language) as out:
        copy = running_copy()
        found = [finding for look in _LOOKS for finding in _looked(look, copy, out)]
        well = all(finding.holds for finding in found)
        if as_json:
            out.answer({"well": well, "findings": [asdict(finding) for finding in found]})
        else:
            _show(out, found, well)
        if not well:
            raise typer.Exit(REFUSED)


def _processes(copy: RunningCopy, out: Screen) -> Iterator[Finding]:
    pids: dict[str, int] = (read_json(copy.folder.copy) or {}).get("pids", {})
    gone = sorted(name for name, pid in pids.items() if not _alive(pid))
    yield Finding(
        out.words("Processer", "Processes"),
        not gone,
        ", ".join(gone) or str(len(pids)),
        out.words(
            "De startas om av sig själva; annars: stoppa med Ctrl-C och kör make run igen.",
            "They restart by themselves; if not: stop with Ctrl-C and run make run again.",
        ),
    )


def _readiness(copy: RunningCopy, out: Screen) -> Iterator[Finding]:
    addresses = {
        **copy.apis(),
        "web": copy.web_health,
        **{f"{name}-worker": url for name, url in copy.workers.items()},
        **copy.engines,
        "sms-sink": copy.sms_sink,
    }
    for name, url in addresses.items():
        if is_held(copy.folder, name):
            yield Finding(name, True, out.words("stoppad med avsikt", "stopped on purpose"))
            continue
        ready, seen = _ready(url)
        yield Finding(
            name,
            ready,
            seen,
            out.words(
                f"Se loggen: {copy.folder.log(_process(copy, name))}",
                f"See the log: {copy.folder.log(_process(copy, name))}",
            ),
        )


def _unheard(copy: RunningCopy, out: Screen) -> Iterator[Finding]:
    address = str(copy.amqp.get("watcher_url", ""))
    yield unheard_finding(asyncio.run(_waiting(address, names.UNHEARD)), out)


def unheard_finding(waiting: int | None, out: Screen) -> Finding:
    """What so many unheard events mean; None when the broker could not say."""
    return Finding(
        out.words("Händelser som ingen lyssnar på", "Events that nobody listens to"),
        waiting is not None and waiting < MANY_UNHEARD,
        out.words("okänt", "unknown") if waiting is None else str(waiting),
        out.words("RabbitMQ svarar inte.", "RabbitMQ does not answer.")
        if waiting is None
        else out.words(
            "Några är som det ska: inte allt behöver höras. Så här många kan betyda att en "
            "lyssnare saknas: kör safespace topology apply.",
            "Some are as they should be: not everything needs hearing. So many may mean that a "
            "listener is missing: run safespace topology apply.",
        ),
    )


def _given_up(copy: RunningCopy, out: Screen) -> Iterator[Finding]:
    for service in copy.apis():
        with asking(copy, service, "operator", out.language) as asker:
            left = parked(asker)
        yield Finding(
            f"dead letters · {service}",
            left == 0,
            str(left),
            "safespace dead-letters list",
        )


def _sealing_key(copy: RunningCopy, out: Screen) -> Iterator[Finding]:
    """Told daily, and made anew weekly before it is told: so a recent telling means a young key."""
    with asking(copy, "notifications", "operator", out.language) as asker:
        entries = asker.get("/v1/journal", subject="notifications")["entries"]
    told = [x["at"] for x in entries if str(x["type"]).endswith(_ANNOUNCED)]
    newest = max((datetime.fromisoformat(at) for at in told), default=None)
    age = None if newest is None else real_now() - newest
    seen = "–" if age is None else f"{max(age.total_seconds(), 0) / 3600:.0f} h"
    yield Finding(
        out.words("Förseglingsnyckeln berättades för", "The sealing key was told"),
        age is not None and age < _TOLD_WITHIN,
        out.words(f"{seen} sedan", f"{seen} ago"),
        out.words(
            "notifications-worker byter den varje vecka och berättar den varje dygn.",
            "notifications-worker rotates it weekly and tells it daily.",
        ),
    )


def _person_keys(copy: RunningCopy, out: Screen) -> Iterator[Finding]:
    total = unopened = 0
    for service in copy.apis():
        with asking(copy, service, "operator", out.language) as asker:
            standing = asker.get("/v1/key-rotation")
        total, unopened = total + standing["total"], unopened + standing["unopened"]
    yield Finding(
        out.words("Nycklar som går att öppna", "Keys that can be opened"),
        unopened == 0,
        f"{total - unopened} / {total}",
        out.words(
            "De andra är inslagna med en huvudnyckel som inte finns här. Den ligger i "
            "secrets.json i den datamapp som de kommer från.",
            "The others are wrapped with a master key that is not here. It is in secrets.json of "
            "the data folder that they come from.",
        ),
    )


def _clock(copy: RunningCopy, out: Screen) -> Iterator[Finding]:
    kept = read_json(copy.folder.clock) or {"offset_seconds": 0}
    hours = float(kept["offset_seconds"]) / 3600
    yield Finding(
        out.words("Klockan", "The clock"),
        True,
        out.words("rätt", "right") if not hours else f"{hours:+.1f} h",
    )


def _disk(copy: RunningCopy, out: Screen) -> Iterator[Finding]:
    free = shutil.disk_usage(copy.folder.root).free
    yield Finding(
        out.words("Ledigt på disken", "Free disk"),
        free > _ENOUGH_DISK,
        f"{free / 1024**3:.1f} GiB",
        out.words(
            f"Gör plats. Kopians data ligger i {copy.folder.root}.",
            f"Make room. The copy's data is in {copy.folder.root}.",
        ),
    )


_LOOKS: tuple[Callable[[RunningCopy, Screen], Iterator[Finding]], ...] = (
    _processes,
    _readiness,
    _unheard,
    _given_up,
    _sealing_key,
    _person_keys,
    _clock,
    _disk,
)


def _looked(
    look: Callable[[RunningCopy, Screen], Iterator[Finding]], copy: RunningCopy, out: Screen
) -> list[Finding]:
    try:
        return list(look(copy, out))
    except (Stopped, httpx.HTTPError, OSError) as error:
        said = out.words(error.sv, error.en) if isinstance(error, Stopped) else ""
        if isinstance(error, NoCopy):
            said = out.words("En tjänst svarar inte.", "A service does not answer.")
        return [Finding(look.__name__.strip("_"), False, type(error).__name__, said)]


def _ready(url: str) -> tuple[bool, str]:
    try:
        answer = httpx.get(f"{url}/health/ready", timeout=_PATIENCE, trust_env=False)
    except httpx.HTTPError as error:
        return False, type(error).__name__
    try:
        checks: dict[str, Any] = answer.json().get("checks", {})
    except ValueError:
        checks = {}
    failing = [name for name, holds in checks.items() if not holds]
    return answer.is_success, ", ".join(failing) or ("ok" if answer.is_success else "503")


async def _waiting(address: str, queue: str) -> int | None:
    import aio_pika

    try:
        async with await aio_pika.connect(address, timeout=_PATIENCE) as connection:
            channel = await connection.channel()
            found = await channel.declare_queue(queue, passive=True)
            return found.declaration_result.message_count
    except (OSError, aio_pika.exceptions.AMQPError, TimeoutError):
        return None


def _process(copy: RunningCopy, name: str) -> str:
    if name == "sms-sink":
        return "sinks"
    return f"{name}-http" if name in copy.apis() else name


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return Path(f"/proc/{pid}").exists() or os.name != "posix"


def _show(out: Screen, found: list[Finding], well: bool) -> None:
    rows = []
    for finding in found:
        mark = Text("✓", style="green") if finding.holds else Text("✗", style="red")
        rows.append((mark, finding.what, finding.seen, "" if finding.holds else finding.advice))
    out.table(("", "", "", ""), rows)
    if well:
        out.say("Allt mår bra.", "All is well.", "bold green")
    else:
        out.say("Något behöver ses över.", "Something needs a look.", "bold yellow")
