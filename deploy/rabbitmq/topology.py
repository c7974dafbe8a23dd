"""The ONE definitions document: loaded at broker start, and imported into brokers already there.

The format is RabbitMQ's own definitions export (rabbitmq.com/docs/definitions). Services declare
nothing; whatever exists on the broker is in here.

The way of a retry: a service publishes to `<service>.retry` with the original routing key, and
names the delay queue in the `BCC` header (the direct exchange routes by either; BCC is not
delivered). When the wait is over, the broker moves it to `<service>.again`, where the original
routing key leads back to the listening queue. Publishing with the delay queue's name as routing
key works too, for those who need no routing key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deploy.rabbitmq.users import SCALER, permissions, topic_permissions, users
from shared.broker import names
from shared.contracts import catalogue
from shared.contracts.event import Contract

Entry = dict[str, Any]
Listening = Mapping[str, Mapping[str, Sequence[type[Contract]]]]

UNHEARD_KEPT = 10_000
"""Events nobody listens to are counted, not collected: the oldest make way."""

NEVER = 1_000_000
"""A delivery limit that is never met, on broker versions with and without one of their own."""


def definitions(
    passwords: Mapping[str, str],
    *,
    administrator: str | None = None,
    listening: Listening = catalogue.LISTENING,
    services: Sequence[str] = catalogue.SERVICES,
) -> Entry:
    """Make the whole document. The same arguments always give the same one, byte for byte.

    `passwords` holds one per user, and the scaler's if there is to be one. `administrator` names a
    user, present in `passwords`, who may do anything: for local copies and tests; elsewhere the
    operator is already there.
    """
    return {
        "vhosts": [{"name": names.VHOST}],
        "users": users(services, passwords, administrator),
        "permissions": permissions(services, listening, administrator, scaler=SCALER in passwords),
        "topic_permissions": topic_permissions(services, administrator),
        "exchanges": list(_exchanges(services)),
        "queues": list(_queues(services, listening)),
        "bindings": list(_bindings(services, listening)),
    }


def _exchanges(services: Sequence[str]) -> Iterator[Entry]:
    yield _exchange(names.EVENTS, "topic", {"alternate-exchange": names.UNHEARD})
    yield _exchange(names.UNHEARD, "fanout")
    for service in services:
        yield _exchange(names.retry_exchange(service), "direct")
        yield _exchange(names.again_exchange(service), "direct")
        yield _exchange(names.parked(service), "fanout")
        if service in catalogue.WORK:
            yield _exchange(names.work_exchange(service), "direct")


def _queues(services: Sequence[str], listening: Listening) -> Iterator[Entry]:
    yield _queue(names.UNHEARD, {"x-max-length": UNHEARD_KEPT, "x-overflow": "drop-head"})
    for service in services:
        # The last place there is: no number of lost connections may throw something out of it.
        yield _queue(names.parked(service), {"x-delivery-limit": NEVER})
        for work in catalogue.WORK.get(service, ()):
            yield _queue(names.work_queue(service, work), _dead_letters_to(names.parked(service)))
    if catalogue.FEED_TELLER in services:
        yield _queue(
            names.feed_queue(catalogue.FEED_TELLER),
            {
                "x-single-active-consumer": True,
                **_dead_letters_to(names.parked(catalogue.FEED_TELLER)),
            },
        )
        # Nothing is tried later there, as that would break its order; what was parked is replayed.
        yield _queue(_waiting_for_the_feed(catalogue.FEED_TELLER), _waits(catalogue.FEED_TELLER, 1))
    for listener, queue, _ in _listening_queues(listening):
        yield _queue(queue, _dead_letters_to(names.parked(listener)))
        for step, seconds in names.DELAYS:
            yield _queue(names.delay_queue(listener, queue, step), _waits(listener, seconds))


def _bindings(services: Sequence[str], listening: Listening) -> Iterator[Entry]:
    yield _binding(names.UNHEARD, names.UNHEARD, "")
    for service in services:
        yield _binding(names.parked(service), names.parked(service), "")
        for work in catalogue.WORK.get(service, ()):
            yield _binding(names.work_exchange(service), names.work_queue(service, work), work)
    if catalogue.FEED_TELLER in services:
        for contract in catalogue.for_partners():
            feed = names.feed_queue(catalogue.FEED_TELLER)
            yield _binding(names.EVENTS, feed, contract.routing_key())
        yield from _replays_to_the_feed(catalogue.FEED_TELLER)
    for listener, queue, heard in _listening_queues(listening):
        for contract in heard:
            yield _binding(names.EVENTS, queue, contract.routing_key())
            yield _binding(names.again_exchange(listener), queue, contract.routing_key())
        for step, _ in names.DELAYS:
            waiting = names.delay_queue(listener, queue, step)
            yield _binding(names.retry_exchange(listener), waiting, waiting)
            # A wait that was asked for by the name of its queue alone comes back by that name.
            yield _binding(names.again_exchange(listener), queue, waiting)


def _listening_queues(listening: Listening) -> Iterator[tuple[str, str, Sequence[type[Contract]]]]:
    for listener, tellers in sorted(listening.items()):
        for teller, heard in sorted(tellers.items()):
            yield listener, names.listening_queue(listener, teller), heard


def _waiting_for_the_feed(teller: str) -> str:
    return names.delay_queue(teller, names.feed_queue(teller), names.DELAYS[0][0])


def _replays_to_the_feed(teller: str) -> Iterator[Entry]:
    waiting = _waiting_for_the_feed(teller)
    yield _binding(names.retry_exchange(teller), waiting, waiting)
    yield _binding(names.again_exchange(teller), names.feed_queue(teller), waiting)


def _waits(listener: str, seconds: int) -> Entry:
    return {"x-message-ttl": seconds * 1000, **_dead_letters_to(names.again_exchange(listener))}


def _dead_letters_to(exchange: str) -> Entry:
    """At-least-once dead-lettering; it demands reject-publish (rabbitmq.com/docs/quorum-queues)."""
    return {
        "x-dead-letter-exchange": exchange,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _exchange(name: str, kind: str, arguments: Entry | None = None) -> Entry:
    return {
        "name": name,
        "vhost": names.VHOST,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": arguments or {},
    }


def _queue(name: str, arguments: Entry) -> Entry:
    return {
        "name": name,
        "vhost": names.VHOST,
        "durable": True,
        "auto_delete": False,
        "arguments": {
            "x-queue-type": "quorum",
            "x-delivery-limit": names.DELIVERY_LIMIT,
            **arguments,
        },
    }


def _binding(source: str, queue: str, key: str) -> Entry:
    return {
        "source": source,
        "vhost": names.VHOST,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }
