"""The names on the broker, said once: used by the services and by the generated topology."""

EVENTS = "safespace.events"
"""Durable topic exchange: every event of every service."""

UNHEARD = "safespace.unheard"
"""Alternate exchange and bounded queue: events that nobody listens to yet."""

VHOST = "safespace"

DELAYS: tuple[tuple[str, int], ...] = (("1s", 1), ("10s", 10), ("1m", 60), ("10m", 600))
"""The retry ladder: (name of the step, seconds waited)."""

DELIVERY_LIMIT = 50
"""Lost connections count for every prefetched message, so the limit is wide (see DESIGN, §7)."""

PREFETCH = 32


def listening_queue(listener: str, teller: str) -> str:
    """The one quorum queue that brings one service's events to one listener, in order."""
    return f"{listener}.from-{teller}"


def retry_exchange(service: str) -> str:
    """Direct exchange into which a service puts what it wants to try again later."""
    return f"{service}.retry"


def delay_queue(service: str, listening: str, step: str) -> str:
    """One waiting room per listening queue and step: expiry brings it back to that queue."""
    return f"{service}.retry.{listening.removeprefix(service + '.')}.{step}"


def again_exchange(service: str) -> str:
    """Direct exchange that returns an expired wait to the listening queue that it came from."""
    return f"{service}.again"


def parked(service: str) -> str:
    """Exchange and quorum queue of what was given up; consumed into a Mongo collection."""
    return f"{service}.parked"


def work_exchange(service: str) -> str:
    """Direct exchange by which a service gives work to its own processes."""
    return f"{service}.work"


def work_queue(service: str, work: str) -> str:
    """Quorum queue of one kind of work; any number of processes take from it."""
    return f"{service}.work.{work}"


def feed_queue(service: str) -> str:
    """Quorum queue with one active consumer: all that partners may know, in one order."""
    return f"{service}.feed"
