"""Applying the topology with this copy's passwords: to its own broker, or to one already there."""

from __future__ import annotations

import os

from deploy.local.data_folder import DataFolder
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.rabbit import Rabbit
from deploy.rabbitmq import NotApplied, apply


def apply_topology(folder: DataFolder) -> None:
    """Import the definitions; doing it again changes nothing. Raises NotApplied.

    Into the broker whose management API `RABBITMQ_MANAGEMENT_URL` names, else into the copy's own
    running node.
    """
    rabbit = running_rabbit(folder)
    management_url = os.environ.get("RABBITMQ_MANAGEMENT_URL")
    if management_url:
        apply(rabbit.definitions(with_administrator=False), management_url=management_url)
    elif "AMQP_URL" in os.environ:
        raise NotApplied("AMQP_URL, but no RABBITMQ_MANAGEMENT_URL")
    else:
        apply(
            rabbit.definitions(),
            rabbitmqctl=rabbit.rabbitmqctl(),
            environment=rabbit.environment(),
        )


def running_rabbit(folder: DataFolder) -> Rabbit:
    """The broker of a copy that runs."""
    return Rabbit(folder, Ports(folder, in_use=True), Secrets(folder))
