"""What can become of a publish that was not confirmed."""

from __future__ import annotations


class NotConfirmed(Exception):
    """The broker has not confirmed the message. Keep it, and publish it again with the same id."""


class Unknown(NotConfirmed):
    """No answer in time, or the connection broke meanwhile: it may arrive, now or later."""


class Away(NotConfirmed):
    """There is no connection right now; nothing was sent."""


class Turned(NotConfirmed):
    """The broker took it not: no queue for it, a full queue, or no right to send it."""


class TopologyMissing(Exception):
    """A queue or exchange that this service needs is not there; the definitions are not loaded."""
