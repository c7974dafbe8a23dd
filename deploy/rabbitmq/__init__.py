"""Exchanges, queues, bindings, users and rights on the broker, generated from the catalogue."""

from deploy.rabbitmq.applying import apply
from deploy.rabbitmq.topology import definitions

__all__ = ["apply", "definitions"]
