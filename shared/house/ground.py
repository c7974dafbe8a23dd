"""What every service's house stands on: its databases, its people's keys, its outbox, its clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import SecretStr

from shared.audit import follow_up
from shared.audit.audit import PATIENCE, Audit
from shared.audit.checkpoints import MongoCheckpoints
from shared.audit.names import MongoNames
from shared.delivery.indexes import ensure_delivery_indexes
from shared.delivery.outbox import Outbox
from shared.kernel.clock import Clock, ShiftedClock
from shared.mongo import transactions
from shared.mongo.client import Database, Session, connect, database_of
from shared.mongo.primary import has_primary
from shared.mongo.settings import StoreSettings
from shared.privacy.rewrapping import Rewrapping
from shared.privacy.vault import Vault
from shared.web.idempotency import Idempotency

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """One of each. `keys` is the database of keys; `people` opens and seals with them.

    `audit` is asked before anything of a person is shown (see `shared.audit`); `names` says what
    its readers are called.
    """

    service: str
    database: Database
    keys: Database
    people: Vault
    rewrapping: Rewrapping
    audit: Audit
    names: MongoNames
    checkpoints: MongoCheckpoints
    once: Idempotency
    outbox: Outbox
    clock: Clock

    async def transact(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """See `shared.mongo.transactions`."""
        return await transactions.transact(self.database.client, work)

    async def make_indexes(self) -> None:
        """Those of delivery and of once-only; every process may, and again is harmless."""
        await ensure_delivery_indexes(self.database)
        await self.once.make_indexes()
        await follow_up.make_indexes(self.database)

    async def ready(self) -> Mapping[str, bool]:
        """What an HTTP process needs at least: its primary, and that of its audit."""
        database, audit = await asyncio.gather(has_primary(self.database), self.audit.ready())
        return {"database": database, "audit": audit}

    def close(self) -> None:
        """Let go of all databases."""
        self.database.client.close()
        self.keys.client.close()
        self.audit.close()
        self.checkpoints.close()


class House(Protocol):
    """What the processes ask of a service's `house.House`, besides what the service itself does."""

    @property
    def ground(self) -> Ground:
        """What it stands on."""
        ...

    async def make_indexes(self) -> None:
        """The ground's and its own, before the first request or event."""
        ...

    async def ready(self) -> Mapping[str, bool]:
        """What must hold before its HTTP process can do its work, check by check."""
        ...

    def close(self) -> None:
        """Let go of whatever it holds."""
        ...


def ground_of(service: str, settings: StoreSettings, clock: Clock | None = None) -> Ground:
    """Connects when first used. Without a `clock`, the one that the settings name."""
    database, keys = _database(settings.mongodb_url), _database(settings.keys_mongodb_url)
    # Whoever waits for the audit is refused long before; this frees what waits on a dead line.
    audit = _database(settings.audit_mongodb_url, patience=PATIENCE, answer_within=5 * PATIENCE)
    names = MongoNames(database)
    return Ground(
        service=service,
        database=database,
        keys=keys,
        people=Vault(keys, settings.master_keys),
        rewrapping=Rewrapping(keys, settings.master_keys),
        audit=Audit(audit, service, names=names),
        names=names,
        checkpoints=MongoCheckpoints(_database(settings.checkpoints_mongodb_url)),
        once=Idempotency(database),
        outbox=Outbox(database),
        clock=clock or ShiftedClock(settings.clock_file),
    )


def _database(secret: SecretStr, **patience: float) -> Database:
    url = secret.get_secret_value()
    return database_of(connect(url, **patience), url)
