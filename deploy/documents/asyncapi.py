"""AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0) of the event bus."""

from __future__ import annotations

from typing import Any

from shared.broker.names import EVENTS as EXCHANGE
from shared.broker.names import listening_queue
from shared.contracts.catalogue import EVENTS, LISTENING
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.event import Contract


def asyncapi() -> dict[str, Any]:
    """One channel per event, one send operation per teller, one receive operation per listener."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Safe Space – händelser",
            "version": "1",
            "description": "Structured CloudEvents 1.0 JSON on one durable topic exchange.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {event.routing_key(): _channel(event) for event in EVENTS},
        "operations": {**_sends(), **_receives()},
    }


def _channel(event: type[Contract]) -> dict[str, Any]:
    return {
        "address": event.routing_key(),
        "description": (event.__doc__ or "").strip(),
        "messages": {
            event.name: {
                "name": event.event_type(),
                "contentType": CONTENT_TYPE,
                "payload": {"$ref": f"schemas/{event.routing_key()}.json"},
                "x-audience": event.audience,
            }
        },
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": EXCHANGE, "type": "topic", "durable": True},
            }
        },
    }


def _sends() -> dict[str, Any]:
    return {
        f"{event.teller} tells {event.routing_key()}": _operation("send", event) for event in EVENTS
    }


def _receives() -> dict[str, Any]:
    return {
        f"{listening_queue(listener, teller)} hears {event.routing_key()}": _operation(
            "receive", event
        )
        for listener, tellers in LISTENING.items()
        for teller, events in tellers.items()
        for event in events
    }


def _operation(action: str, event: type[Contract]) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{event.routing_key()}"}}
