"""What every service's house stands on: its databases, its people's keys, its outbox, its clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from shared.delivery.indexes import ensure_delivery_indexes
from shared.delivery.outbox import Outbox
from shared.kernel.clock import Clock, ShiftedClock
from shared.mongo import transactions
from shared.mongo.client import Database, Session, connect, database_of
from shared.mongo.primary import has_primary
from shared.mongo.settings import StoreSettings
from shared.privacy.vault import Vault
from shared.web.idempotency import Idempotency

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """One of each. `keys` is the database of keys; `people` opens and seals with them."""

    service: str
    database: Database
    keys: Database
    people: Vault
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

    async def ready(self) -> Mapping[str, bool]:
        """What an HTTP process needs at least: its primary."""
        return {"database": await has_primary(self.database)}

    def close(self) -> None:
        """Let go of both databases."""
        self.database.client.close()
        self.keys.client.close()


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
    url, keys_url = (
        secret.get_secret_value() for secret in (settings.mongodb_url, settings.keys_mongodb_url)
    )
    database, keys = database_of(connect(url), url), database_of(connect(keys_url), keys_url)
    return Ground(
        service=service,
        database=database,
        keys=keys,
        people=Vault(keys, settings.master_key),
        once=Idempotency(database),
        outbox=Outbox(database),
        clock=clock or ShiftedClock(settings.clock_file),
    )
