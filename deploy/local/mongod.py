"""The embedded MongoDB: a real mongod, a replica set of one, with authentication, on loopback.

For development and tests only: one member loses its disk, it loses everything.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sysconfig
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.data_folder import DataFolder
from deploy.local.environment import plain_environment
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.processes import Command

REPLICA_SET = "rs0"
ADMINISTRATOR = "administrator"
_READY_WITHIN = 90.0
"""Long: if whoever took our kept port says nothing at all, mongod listens to that for a while."""
_PAUSE = 0.05


class NoMongod(Exception):
    """No mongod was found on this machine, or it did not start."""


def find_mongod() -> Path:
    """The one on PATH, else the real mongod 6.0 inside the wheel. Raises NoMongod."""
    on_path = shutil.which("mongod")
    if on_path:
        return Path(on_path)
    in_wheel = Path(sysconfig.get_path("purelib")) / "fiftyone" / "db" / "bin" / "mongod"
    if not in_wheel.exists():
        raise NoMongod("mongod saknas: kör `make setup` · mongod is missing: run `make setup`")
    if not os.access(in_wheel, os.X_OK):
        in_wheel.chmod(0o755)
    return in_wheel


class Mongod:
    """How to start it, wait for it, and reach it."""

    def __init__(self, folder: DataFolder, ports: Ports, secrets_: Secrets) -> None:
        self.port = ports.take("mongodb")
        self._folder = folder
        self._password = secrets_.word(f"mongodb/{ADMINISTRATOR}")

    def command(self) -> Command:
        """How to start it: on loopback, with a key file, which switches authentication on.

        Nothing personal lands in its log: profiling is off and no operation counts as slow.
        Compressors are off because of CVE-2025-14847.
        """
        home = self._folder.folder("mongodb")
        return Command(
            name="mongodb",
            argv=(
                *(str(find_mongod()), "--dbpath", str(self._folder.folder("mongodb/db"))),
                *("--port", str(self.port), "--bind_ip", "127.0.0.1", "--nounixsocket"),
                *("--replSet", REPLICA_SET, "--keyFile", str(_key_file(home))),
                *("--networkMessageCompressors", "disabled"),
                *("--profile", "0", "--slowms", "1000000", "--quiet"),
                *("--wiredTigerCacheSizeGB", "0.5", "--oplogSize", "512"),
                *("--setParameter", "diagnosticDataCollectionEnabled=false"),
                # What a killed process had begun is in everybody's way until then.
                *("--setParameter", "transactionLifetimeLimitSeconds=20"),
                # A primary without a second member would wait 15 s for one to take over.
                *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
            ),
            environment=plain_environment(),
            log=self._folder.log("mongodb"),
            folder=home,
            stop_within=3.0,
            if_we_die=signal.SIGTERM,
        )

    @property
    def administrator_url(self) -> str:
        """For making users and for tests; services have users of their own."""
        return self.url(ADMINISTRATOR, self._password, "admin")

    def url(self, user: str, password: str, database: str) -> str:
        """A connection string for one user and database."""
        return (
            f"mongodb://{quote(user)}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"
            f"?authSource=admin&replicaSet={REPLICA_SET}"
        )

    def wait_until_primary(self) -> None:
        """Return when documents can be written. Blocking. Raises NoMongod after 90 s.

        Forms the replica set the first time, and follows a changed port.
        """
        deadline = time.monotonic() + _READY_WITHIN
        while True:
            try:
                if self._is_primary():
                    return
            except PyMongoError as error:
                last: Exception | None = error
            else:
                last = None
            if time.monotonic() > deadline:
                raise NoMongod(f"mongod: {type(last).__name__}, see {self._folder.log('mongodb')}")
            time.sleep(_PAUSE)

    def _is_primary(self) -> bool:
        # A fresh client each time: one opened before the set was formed knows no sessions.
        with self._direct() as anyone:
            hello = anyone.admin.command("hello")
        if hello.get("isWritablePrimary"):
            self._ensure_administrator()
            return True
        if not hello.get("setName") or self._member not in hello.get("hosts", [self._member]):
            self._form_set()
        return False

    def _ensure_administrator(self) -> None:
        try:
            with self._direct(signed_in=True) as administrator:
                administrator.admin.command("ping")
        except OperationFailure:
            # Nobody is there yet: the localhost exception lets the first user be made.
            with self._direct() as anyone:
                anyone.admin.command(
                    "createUser", ADMINISTRATOR, pwd=self._password, roles=["root"]
                )

    def _form_set(self) -> None:
        wanted = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": self._member}]}
        try:
            with self._direct() as anyone:
                anyone.admin.command("replSetInitiate", wanted)
        except OperationFailure:
            self._follow_port(wanted)

    def _follow_port(self, wanted: dict[str, Any]) -> None:
        """The set was formed under another port: tell its only member who it is now."""
        with self._direct(signed_in=True) as administrator:
            kept = administrator.admin.command("replSetGetConfig")["config"]
            if kept["members"][0]["host"] == self._member:
                return
            kept["members"] = wanted["members"]
            kept["version"] += 1
            administrator.admin.command("replSetReconfig", kept, force=True)

    @property
    def _member(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _direct(self, *, signed_in: bool = False) -> MongoClient[dict[str, Any]]:
        who: dict[str, Any] = (
            {"username": ADMINISTRATOR, "password": self._password} if signed_in else {}
        )
        return MongoClient(
            "127.0.0.1",
            self.port,
            directConnection=True,
            serverSelectionTimeoutMS=1000,
            **who,
        )


def _key_file(home: Path) -> Path:
    path = home / "keyfile"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64).replace("-", "a").replace("_", "b"))
    return path
