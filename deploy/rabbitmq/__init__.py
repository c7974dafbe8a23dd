"""Exchanges, queues, bindings, users and rights on the broker, generated from the catalogue."""

from deploy.rabbitmq.applying import NotApplied, apply, empty
from deploy.rabbitmq.topology import definitions

__all__ = ["NotApplied", "apply", "definitions", "empty"]
