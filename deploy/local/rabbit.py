"""The embedded RabbitMQ: a private, unprivileged node of the installed rabbitmq-server.

It has its own name service (epmd), cookie, home and folders, listens on loopback only, and loads
the one definitions document at start. For development and tests only: one node.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deploy.local.data_folder import DataFolder, write_json
from deploy.local.environment import plain_environment
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.processes import Command
from deploy.rabbitmq.topology import definitions
from deploy.rabbitmq.users import WATCHER
from shared.broker.names import VHOST
from shared.contracts.catalogue import SERVICES

ADMINISTRATOR = "administrator"
_NODE = "safespace@localhost"
_LOOPBACK = "-kernel inet_dist_use_interface {127,0,0,1}"
_READY_WITHIN = 120.0
_PAUSE = 0.1
_GREETING = b"AMQP\x00\x00\x09\x01"
_METHOD_FRAME = b"\x01"


class NoRabbit(Exception):
    """No rabbitmq-server was found on this machine, or it did not start."""


def find_scripts() -> Path:
    """The folder of `rabbitmq-server` itself. Raises NoRabbit.

    Not of Debian's wrappers, which insist on root or on the system's broker user.
    """
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin"))
    if found:
        return found[-1]
    on_path = shutil.which("rabbitmq-server")
    if on_path:
        return Path(on_path).resolve().parent
    raise NoRabbit(
        "RabbitMQ saknas: kör `make setup` eller installera paketet rabbitmq-server · "
        "RabbitMQ is missing: run `make setup` or install the package rabbitmq-server"
    )


class Rabbit:
    """How to start it, wait for it, and reach it."""

    def __init__(self, folder: DataFolder, ports: Ports, secrets: Secrets) -> None:
        self.port = ports.take("amqp")
        self._epmd_port = ports.take("epmd")
        self._node_port = ports.take("amqp-node")
        self._folder = folder
        self._home = folder.folder("rabbitmq")
        self.passwords = {
            user: secrets.word(f"amqp/{user}") for user in (*SERVICES, WATCHER, ADMINISTRATOR)
        }

    def name_service(self) -> Command:
        """Our own epmd, in the foreground: else the node starts one that outlives it."""
        epmd = shutil.which("epmd")
        if epmd is None:
            raise NoRabbit("epmd saknas (paketet erlang-base) · epmd is missing (erlang-base)")
        return Command(
            name="epmd",
            argv=(epmd,),
            environment=self.environment(),
            log=self._folder.log("epmd"),
            folder=self._home,
        )

    def command(self) -> Command:
        """The node itself; writes its configuration and the definitions first."""
        self._write_configuration()
        return Command(
            name="rabbitmq",
            argv=(str(find_scripts() / "rabbitmq-server"),),
            environment=self.environment(),
            log=self._folder.log("rabbitmq"),
            folder=self._home,
            stop_within=3.0,
            if_we_die=signal.SIGTERM,
        )

    def environment(self) -> dict[str, str]:
        """For the node, its name service, and `rabbitmqctl` against them."""
        return plain_environment(
            HOME=str(self._folder.folder("rabbitmq/home")),
            LANG="C.UTF-8",
            ERL_EPMD_PORT=str(self._epmd_port),
            ERL_EPMD_ADDRESS="127.0.0.1",
            ERL_CRASH_DUMP=os.devnull,
            RABBITMQ_NODENAME=_NODE,
            RABBITMQ_MNESIA_BASE=str(self._folder.folder("rabbitmq/data")),
            RABBITMQ_LOG_BASE=str(self._folder.folder("rabbitmq/log")),
            RABBITMQ_CONFIG_FILE=str(self._home / "rabbitmq.conf"),
            RABBITMQ_CONF_ENV_FILE=os.devnull,
            RABBITMQ_ENABLED_PLUGINS_FILE=str(self._home / "enabled_plugins"),
            RABBITMQ_DIST_PORT=str(self._node_port),
            RABBITMQ_CTL_ERL_ARGS=_LOOPBACK,
            # The script then becomes the node instead of waiting beside it, so that signals,
            # also the kernel's when we die, reach the node itself.
            RABBITMQ_ALLOW_INPUT="1",
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=f"-noinput {_LOOPBACK}",
        )

    def rabbitmqctl(self) -> Sequence[str]:
        """The command line of the node's own control tool, to be run with `environment()`."""
        return (str(find_scripts() / "rabbitmqctl"),)

    def url(self, user: str) -> str:
        """The address for one user, in the virtual host of Safe Space."""
        password = quote(self.passwords[user], safe="")
        return f"amqp://{quote(user)}:{password}@127.0.0.1:{self.port}/{VHOST}"

    def definitions(self, *, with_administrator: bool = True) -> dict[str, Any]:
        """The one document, with this copy's passwords."""
        return definitions(
            self.passwords, administrator=ADMINISTRATOR if with_administrator else None
        )

    def empty_queues(self) -> None:
        """Throw away all that the stopped node keeps; users and topology come at its start."""
        shutil.rmtree(self._folder.folder("rabbitmq/data"))

    async def wait_until_open(self) -> None:
        """Return when the node speaks AMQP. Raises NoRabbit after 120 s.

        It opens its port only after the definitions are loaded.
        """
        deadline = time.monotonic() + _READY_WITHIN
        while not await self._speaks():
            if time.monotonic() > deadline:
                raise NoRabbit(f"rabbitmq-server: see {self._folder.log('rabbitmq')}")
            await asyncio.sleep(_PAUSE)

    async def wait_for_name_service(self) -> None:
        """Return when epmd listens."""
        deadline = time.monotonic() + _READY_WITHIN
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self._epmd_port)
                writer.close()
                return
            if time.monotonic() > deadline:
                raise NoRabbit(f"epmd: see {self._folder.log('epmd')}")
            await asyncio.sleep(0.02)

    async def _speaks(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        try:
            writer.write(_GREETING)
            async with asyncio.timeout(2.0):
                return await reader.read(1) == _METHOD_FRAME
        except (OSError, TimeoutError):
            return False
        finally:
            writer.close()

    def _write_configuration(self) -> None:
        document = self._home / "definitions.json"
        write_json(document, self.definitions())
        (self._home / "enabled_plugins").write_text("[].\n")
        (self._home / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            f"default_vhost = {VHOST}\n"
            "definitions.import_backend = local_filesystem\n"
            f"definitions.local.path = {document}\n"
            "definitions.skip_if_unchanged = true\n"
            "log.file = false\n"
            "log.console = true\n"
            "log.console.level = info\n"
            "log.console.formatter = json\n"
        )
