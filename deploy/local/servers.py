"""Both embedded servers, started side by side. Used by the local copy and by the tests alike."""

from __future__ import annotations

import asyncio
from typing import Any

from pymongo import MongoClient

from deploy.local.data_folder import DataFolder, write_json
from deploy.local.kept_secrets import Secrets
from deploy.local.mongod import Mongod
from deploy.local.ports import Ports
from deploy.local.processes import Child, Children, Told, to_nobody
from deploy.local.rabbit import Rabbit
from deploy.mongodb import Account, accounts, ensure_users
from shared.contracts.catalogue import SERVICES

WITH_A_DATABASE = (*SERVICES, "web")

ACCOUNTS: tuple[Account, ...] = accounts(WITH_A_DATABASE, with_keys=SERVICES)


class Servers:
    """One mongod and one RabbitMQ of one data folder."""

    def __init__(
        self,
        folder: DataFolder,
        ports: Ports,
        secrets: Secrets,
        *,
        told: Told = to_nobody,
    ) -> None:
        self._folder, self._secrets, self._told = folder, secrets, told
        self.mongod = Mongod(folder, ports, secrets)
        self.rabbit = Rabbit(folder, ports, secrets)
        self.children = Children()

    async def start_mongod(self) -> None:
        """Start MongoDB and make its users; returns when services can sign in."""
        await self._start(Child(self.mongod.command(), told=self._changed))
        await asyncio.to_thread(self._prepare_mongod)

    async def start_rabbit(self) -> None:
        """Start RabbitMQ with its topology; returns when services can sign in."""
        await self._start(Child(self.rabbit.name_service(), told=self._changed))
        await self.rabbit.wait_for_name_service()
        await self._start(Child(self.rabbit.command(), told=self._changed))
        await self.rabbit.wait_until_open()

    async def start(self) -> None:
        """Both; writes `servers.json` when they are ready."""
        await asyncio.gather(self.start_mongod(), self.start_rabbit())
        self._ready = True
        self._write()

    async def stop(self) -> None:
        """Both, within 3.5 s."""
        self._ready = False
        self._folder.servers.unlink(missing_ok=True)
        await self.children.stop()

    def mongo_url(self, user: str) -> str:
        """For one service (`booking`) or its keys (`booking-keys`)."""
        account = next(account for account in ACCOUNTS if account.user == user)
        return self.mongod.url(user, self._secrets.word(f"mongodb/{user}"), account.database)

    def addresses(self) -> dict[str, Any]:
        """Everything one needs to reach the servers, with passwords."""
        return {
            "mongodb": {
                "administrator": self.mongod.administrator_url,
                "users": {account.user: self.mongo_url(account.user) for account in ACCOUNTS},
            },
            "amqp": {user: self.rabbit.url(user) for user in self.rabbit.passwords},
            "pids": self.pids(),
        }

    def pids(self) -> dict[str, int]:
        """The process ids of those that run."""
        return {c.command.name: c.pid for c in self.children.running if c.pid is not None}

    _ready = False

    async def _start(self, child: Child) -> None:
        await self.children.start(child)

    def _prepare_mongod(self) -> None:
        self.mongod.wait_until_primary()
        passwords = {a.user: self._secrets.word(f"mongodb/{a.user}") for a in ACCOUNTS}
        with MongoClient[dict[str, Any]](self.mongod.administrator_url) as administrator:
            ensure_users(administrator, ACCOUNTS, passwords)

    def _changed(self, name: str, what: str) -> None:
        self._told(name, what)
        if self._ready:  # a restarted server has another process id
            self._write()

    def _write(self) -> None:
        write_json(self._folder.servers, self.addresses())
