"""The event catalogue as a Markdown page for people."""

from __future__ import annotations

from shared.contracts.catalogue import EVENTS, LISTENING, SERVICES
from shared.contracts.event import Contract

_HEAD = """# Event catalogue

Made from `shared/contracts` by `make docs`; a test fails when it is stale.
Every event is a structured CloudEvents 1.0 JSON document on the topic exchange `safespace.events`.
A version once published never changes: additive only, or a new version beside it.
"""


def events_page() -> str:
    """One section per telling service: a table of its events, then each event's fields."""
    parts = [_HEAD]
    for service in SERVICES:
        told = [event for event in EVENTS if event.teller == service]
        if told:
            parts.append(_section(service, told))
    return "\n".join(parts)


def _section(service: str, told: list[type[Contract]]) -> str:
    rows = "\n".join(
        f"| [`{event.name}.v{event.version}`](schemas/{event.routing_key()}.json)"
        f" | {event.audience} | {_heard_by(event)} | {_first_line(event)} |"
        for event in told
    )
    fields = "\n\n".join(_fields(event) for event in told)
    return (
        f"## {service} tells\n\n| event | audience | heard by | what happened |\n"
        f"|---|---|---|---|\n{rows}\n\n{fields}\n"
    )


def _heard_by(event: type[Contract]) -> str:
    listeners = [
        listener
        for listener, tellers in LISTENING.items()
        if event in tellers.get(event.teller, ())
    ]
    return ", ".join(listeners) or "–"


def _first_line(event: type[Contract]) -> str:
    return (event.__doc__ or "").strip().splitlines()[0]


def _fields(event: type[Contract]) -> str:
    names = ", ".join(
        f"`{name}`" + ("" if field.is_required() else " (optional)")
        for name, field in event.model_fields.items()
    )
    sealed = " The body is sealed." if event.sealed else ""
    return f"**{event.routing_key()}** – {names}.{sealed}"
