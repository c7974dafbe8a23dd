"""A one-shot job that brings the topology to production's broker. Doing it again changes nothing.

`python -m deploy.rabbitmq write FILE` writes the definitions, for a broker that loads them at
start. `python -m deploy.rabbitmq apply` imports them into the running broker whose management API
is at `RABBITMQ_MANAGEMENT_URL`, as the user in the secrets `broker-username` and
`broker-password`. The passwords are those in the URLs that the users were given.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx

from deploy.mounted_secrets import MountedSecrets, NoSecret
from deploy.rabbitmq.applying import NotApplied, apply
from deploy.rabbitmq.topology import definitions
from deploy.rabbitmq.users import SCALER, WATCHER
from shared.contracts.catalogue import SERVICES

URLS = {
    **{service: f"{service}-amqp-urls" for service in SERVICES},
    **{user: f"{user}-amqp-url" for user in (WATCHER, SCALER)},
}
"""User → the secret in which its password stands."""


def main(arguments: list[str]) -> None:
    """Exit code 1 and the kind of error when it did not go."""
    secrets = MountedSecrets()
    try:
        passwords = {user: secrets.password_in(url) for user, url in URLS.items()}
        document = definitions(passwords)
        match arguments:
            case ["write", file]:
                _write(Path(file), document)
            case ["apply"]:
                apply(document, management_url=_management_url(secrets))
            case _:
                sys.exit("python -m deploy.rabbitmq write FILE | apply")
    except (NoSecret, NotApplied) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    print(f"{len(document['queues'])} queues and {len(URLS)} users are in place")


def _write(file: Path, document: dict[str, Any]) -> None:
    """Beside the file first, so that a broker never reads half of it."""
    half = file.with_suffix(".half")
    half.write_text(json.dumps(document, indent=1), "utf-8")
    half.chmod(0o444)  # the broker runs as another user, and holds hashes of passwords only
    half.replace(file)


def _management_url(secrets: MountedSecrets) -> str:
    address = httpx.URL(os.environ.get("RABBITMQ_MANAGEMENT_URL", "http://broker:15672"))
    name, password = secrets.read("broker-username"), secrets.read("broker-password")
    return str(address.copy_with(username=name, password=password))


if __name__ == "__main__":
    main(sys.argv[1:])
