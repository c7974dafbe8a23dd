"""Both servers, started side by side. Used by the local copy and by the tests alike.

`MONGODB_URL` and `AMQP_URL` (with an administrator's rights) name servers that are already there;
then nothing is started, and the users, and through `RABBITMQ_MANAGEMENT_URL` the topology, are
brought to them.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

from pymongo import MongoClient

from deploy.local.data_folder import DataFolder, write_json
from deploy.local.given import amqp_url_for, mongodb_url_for
from deploy.local.kept_secrets import Secrets
from deploy.local.mongod import Mongod
from deploy.local.ports import Ports
from deploy.local.processes import Child, Children, Told, to_nobody
from deploy.local.rabbit import ADMINISTRATOR, Rabbit
from deploy.mongodb import ACCOUNTS, ensure_users
from deploy.rabbitmq import apply, empty


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
        self._folder, self._told = folder, told
        self._passwords = {a.user: secrets.word(f"mongodb/{a.user}") for a in ACCOUNTS}
        self._given_mongodb = os.environ.get("MONGODB_URL")
        self._given_amqp = os.environ.get("AMQP_URL")
        self._given_management = os.environ.get("RABBITMQ_MANAGEMENT_URL")
        self.mongod = Mongod(folder, ports, secrets)
        self.rabbit = Rabbit(folder, ports, secrets)
        self.children = Children()
        self._ready = False

    async def start_mongod(self) -> None:
        """Start MongoDB and make its users; returns when services can sign in."""
        if self._given_mongodb is None:
            await self.children.start(Child(self.mongod.command(), told=self._changed))
            await asyncio.to_thread(self.mongod.wait_until_primary)
        await asyncio.to_thread(self._make_users)

    async def start_rabbit(self) -> None:
        """Start RabbitMQ with its topology; returns when services can sign in."""
        if self._given_amqp is None:
            await self.children.start(Child(self.rabbit.name_service(), told=self._changed))
            await self.rabbit.wait_for_name_service()
            await self.children.start(Child(self.rabbit.command(), told=self._changed))
            await self.rabbit.wait_until_open()
        elif self._given_management is not None:
            document = self.rabbit.definitions(with_administrator=False)
            await asyncio.to_thread(apply, document, management_url=self._given_management)

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

    def empty_queues(self) -> bool:
        """Throw away whatever stands in the queues of a stopped copy; False if we have no way to.

        Raises NotApplied.
        """
        if self._given_amqp is None:
            self.rabbit.empty_queues()
        elif self._given_management is not None:
            document = self.rabbit.definitions(with_administrator=False)
            empty([queue["name"] for queue in document["queues"]], self._given_management)
        return self._given_amqp is None or self._given_management is not None

    def mongo_url(self, user: str) -> str:
        """For one service (`booking`) or its keys (`booking-keys`)."""
        account = next(account for account in ACCOUNTS if account.user == user)
        who = (user, self._passwords[user], account.database)
        if self._given_mongodb is not None:
            return mongodb_url_for(self._given_mongodb, *who)
        return self.mongod.url(*who)

    def amqp_url(self, user: str) -> str:
        """For one service's worker, or the watcher."""
        if self._given_amqp is None:
            return self.rabbit.url(user)
        if user == ADMINISTRATOR:
            return self._given_amqp
        return amqp_url_for(self._given_amqp, user, self.rabbit.passwords[user])

    @property
    def mongo_administrator_url(self) -> str:
        """For making users and for tests."""
        return self._given_mongodb or self.mongod.administrator_url

    def addresses(self) -> dict[str, Any]:
        """Everything one needs to reach the servers, with passwords."""
        return {
            "mongodb": {
                "administrator": self.mongo_administrator_url,
                "users": {account.user: self.mongo_url(account.user) for account in ACCOUNTS},
            },
            "amqp": {user: self.amqp_url(user) for user in self.rabbit.passwords},
            "pids": self.pids(),
        }

    def pids(self) -> dict[str, int]:
        """The process ids of those that run."""
        return self.children.pids()

    def _make_users(self) -> None:
        with MongoClient[dict[str, Any]](self.mongo_administrator_url) as administrator:
            ensure_users(administrator, ACCOUNTS, self._passwords)

    def _changed(self, name: str, what: str) -> None:
        self._told(name, what)
        if self._ready:  # a restarted server has another process id
            self._write()

    def _write(self) -> None:
        write_json(self._folder.servers, self.addresses())
