"""Bringing the definitions to a broker that is already there. Doing it again changes nothing."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from shared.broker.names import VHOST


class NotApplied(Exception):
    """The broker refused the definitions, or could not be asked. Says which, never a password."""


def apply(
    definitions: Mapping[str, Any],
    *,
    management_url: str | None = None,
    rabbitmqctl: Sequence[str] = ("rabbitmqctl",),
    environment: Mapping[str, str] | None = None,
) -> None:
    """Import the document into a running broker. Raises NotApplied.

    Through the management HTTP API when its URL is given (with an administrator's name and
    password in it), else through `rabbitmqctl` on this machine, run with `environment`.
    """
    if management_url is not None:
        _over_http(definitions, management_url)
    else:
        _by_command(definitions, rabbitmqctl, environment)


def empty(queues: Iterable[str], management_url: str) -> None:
    """Throw away whatever stands in these queues of our virtual host. Raises NotApplied."""
    for queue in queues:
        path = f"/api/queues/{quote(VHOST, safe='')}/{quote(queue, safe='')}/contents"
        _asked("DELETE", path, management_url)


def _over_http(definitions: Mapping[str, Any], management_url: str) -> None:
    _asked("POST", "/api/definitions", management_url, json=definitions)


def _asked(method: str, path: str, management_url: str, **more: Any) -> None:
    address = httpx.URL(management_url)
    bare = str(address.copy_with(username=None, password=None)).rstrip("/")
    auth = (address.username, address.password)
    try:
        answer = httpx.request(method, bare + path, auth=auth, timeout=60, **more)
    except httpx.HTTPError as error:
        raise NotApplied(f"management API: {type(error).__name__}") from error
    if answer.is_error:
        raise NotApplied(f"management API: HTTP {answer.status_code}")


def _by_command(
    definitions: Mapping[str, Any],
    rabbitmqctl: Sequence[str],
    environment: Mapping[str, str] | None,
) -> None:
    # A private file rather than standard input: rabbitmqctl 3.10 reads a file path only.
    with tempfile.NamedTemporaryFile("w", suffix=".json") as document:
        json.dump(definitions, document)
        document.flush()
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command, no shell
                [*rabbitmqctl, "import_definitions", document.name],
                env=None if environment is None else dict(environment),
                capture_output=True,
                timeout=60,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotApplied(f"rabbitmqctl: {type(error).__name__}") from error
    if done.returncode:
        raise NotApplied(f"rabbitmqctl: exit code {done.returncode}")
