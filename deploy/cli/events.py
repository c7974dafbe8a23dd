"""`safespace events tail`: events as they go by. Ids and types only; their data stays unread."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from deploy.cli.running_copy import NoCopy, running_copy
from deploy.cli.screen import AsJson, Language, Screen, Stopped, screen
from shared.broker import names
from shared.contracts.envelope import Envelope
from shared.kernel.ids import new_id

events = typer.Typer(help="Händelser mellan tjänsterna.", no_args_is_help=True)
_MOST_WAITING = 1000


@events.command("tail", help="Visa händelser när de sker. Ctrl-C slutar.")
def tail(
    pattern: Annotated[
        list[str] | None, typer.Argument(help="Vilka: t.ex. booking.# eller *.place-offered.v1")
    ] = None,
    most: Annotated[int, typer.Option("--count", help="Sluta efter så många; 0 = aldrig.")] = 0,
    as_json: AsJson = False,
    language: Language = "sv",
) -> None:
    """Follow the event exchange with a queue of its own, which ends with the command."""
    with screen(as_json, language) as out:
        address = str(running_copy().amqp.get("watcher_url", ""))
        if not address:
            raise NoCopy
        asyncio.run(_follow(out, address, pattern or ["booking.#", "notifications.#"], most))


async def _follow(out: Screen, address: str, patterns: list[str], most: int) -> None:
    import aio_pika

    try:
        connection = await aio_pika.connect(address)
    except (OSError, aio_pika.exceptions.AMQPError) as error:
        raise NoCopy from error
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(
            f"safespace.watch.{new_id()}",
            exclusive=True,
            auto_delete=True,
            arguments={"x-max-length": _MOST_WAITING},
        )
        exchange = await channel.get_exchange(names.EVENTS, ensure=False)
        try:
            for pattern in patterns:
                await queue.bind(exchange, pattern)
        except aio_pika.exceptions.AMQPError as error:
            raise Stopped(
                "Den sortens händelser får inte visas här.",
                "Events of that kind may not be shown here.",
                kind="forbidden",
            ) from error
        # Said when it is true: what is told from now on is seen.
        out.remark("Väntar på händelser …", "Waiting for events …", "dim")
        seen = 0
        async with queue.iterator(no_ack=True) as coming:
            async for message in coming:
                with contextlib.suppress(ValidationError):
                    _show(out, Envelope.from_bytes(message.body))
                seen += 1
                if seen == most:
                    return


def _show(out: Screen, event: Envelope) -> None:
    facts: dict[str, Any] = {
        "time": event.time.isoformat().replace("+00:00", "Z"),
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "id": event.id,
        "correlation_id": event.correlationid,
        "causation_id": event.causationid,
    }
    if out.as_json:
        out.line(facts)
        return
    at = event.time.astimezone().strftime("%H:%M:%S")
    kind = event.type.removeprefix("se.safespace.")
    out.out.print(f"[dim]{at}[/] [bold]{kind}[/] {event.subject} [dim]{event.sequence}[/]")
