"""Making the secrets of an installation: a folder with one file each, made once, never overwritten.

The folder is its owner's alone (0700). The files in it can be read by anybody (0444): a container
runtime mounts each one into the containers that need it, under whatever user they run as, while
the folder keeps everybody else on the machine away from them.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.mongodb import ACCOUNTS
from deploy.production.processes import BROKER, MONGODB, Where
from deploy.production.told import NotTold, all_secrets
from deploy.rabbitmq.users import SCALER, WATCHER
from shared.broker.names import VHOST

NAMESPACE = "safespace"
REPLICA_SET = "safespace"
ADMINISTRATOR = "administrator"
MEMBERS: dict[str, tuple[str, ...]] = {
    "compose": (MONGODB,),
    "kubernetes": tuple(f"{MONGODB}-{n}.{MONGODB}" for n in range(3)),
}
BROKERS: dict[str, str] = {"compose": BROKER, "kubernetes": f"{BROKER}.{NAMESPACE}.svc"}
"""Whole, as whoever counts the queues does so from another namespace."""

GIVEN = ("notifications-elks-password",)
"""Not ours to make: somebody else gives them, and the operator puts them there."""

SERVERS = (
    "mongodb-keyfile",
    "mongodb-administrator-password",
    "mongodb-administrator-url",
    "keycloak-administrator-password",
    "keycloak-database-password",
    "keycloak-web-client-secret",
)
"""What the servers themselves and the jobs beside them need."""


class Store:
    """The folder of secrets of one installation."""

    def __init__(self, folder: Path, where: Where) -> None:
        self._folder = folder
        self._members = ",".join(f"{host}:27017" for host in MEMBERS[where])
        self._broker = BROKERS[where]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def make(self) -> list[str]:
        """Make what is missing. Returns the names of those that somebody must still put there."""
        self._once("mongodb-keyfile", lambda: secrets.token_hex(128))
        self._once("mongodb-administrator-password", _word)
        administrator = self._read("mongodb-administrator-password")
        self._once("mongodb-administrator-url", lambda: self._mongodb(ADMINISTRATOR, administrator))
        for name in SERVERS[3:]:
            self._once(name, _word)
        for account in ACCOUNTS:
            self._once(
                f"{account.user}-mongodb-url", self._for_account(account.user, account.database)
            )
        for user in (WATCHER, SCALER):
            self._once(f"{user}-amqp-url", self._amqp(user))
        for name in all_secrets():
            if name not in GIVEN and not (self._folder / name).exists():
                self._once(name, self._maker(name))
        return [name for name in GIVEN if not (self._folder / name).exists()]

    def _maker(self, name: str) -> Callable[[], str]:
        if name.endswith("-mongodb-url"):
            raise NotTold(f"{name}: nobody of that name among the accounts in deploy/mongodb")
        if name.endswith("-amqp-urls"):
            url = self._amqp(name.removesuffix("-amqp-urls"))
            return lambda: json.dumps([url()])
        if name.endswith("-pem"):
            return _rsa
        if name.endswith("-imap-url"):
            return str  # empty: there is no such mailbox until somebody writes where it is
        # Of several keys the first: the next master key is known everywhere before it is used.
        return _key if name.endswith(("-key", "-keys")) else _word

    def _for_account(self, user: str, database: str) -> Callable[[], str]:
        return lambda: self._mongodb(user, _word(), database)

    def _amqp(self, user: str) -> Callable[[], str]:
        return lambda: f"amqp://{quote(user)}:{_word()}@{self._broker}:5672/{VHOST}"

    def _mongodb(self, user: str, password: str, database: str = "admin") -> str:
        options = f"authSource=admin&replicaSet={REPLICA_SET}"
        return f"mongodb://{quote(user)}:{password}@{self._members}/{database}?{options}"

    def _read(self, name: str) -> str:
        return (self._folder / name).read_text("utf-8")

    def _once(self, name: str, make: Callable[[], str]) -> None:
        path = self._folder / name
        if not path.exists():
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
            with os.fdopen(opened, "w", encoding="utf-8") as file:
                file.write(make())
            path.chmod(0o444)


def every_name() -> Sequence[str]:
    """All secrets of an installation, made and given."""
    return sorted(set(_names()))


def _names() -> Iterator[str]:
    yield from SERVERS
    yield from all_secrets()
    yield from (f"{account.user}-mongodb-url" for account in ACCOUNTS)
    yield from (f"{user}-amqp-url" for user in (WATCHER, SCALER))


def _word() -> str:
    return secrets.token_urlsafe(32)


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _rsa() -> str:
    """Mail servers know RSA everywhere, Ed25519 not yet."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
