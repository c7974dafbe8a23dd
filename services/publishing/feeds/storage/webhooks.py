"""Webhooks as documents: what people decide, and the line that one sender moves.

Signing secrets lie under a key of the webhook's own, like a person's. Whoever sends has the webhook
for the length of a lease; a `turn` counts the holders, so that one that lost it can save nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from pymongo import DeleteOne, ReturnDocument, UpdateOne

from services.publishing.feeds.domain.endpoint import Endpoint, Why
from services.publishing.feeds.domain.ranges import with_range
from services.publishing.feeds.domain.reconciling import Got, of_webhook
from services.publishing.feeds.domain.signatures import Secret
from services.publishing.feeds.storage.attempts import Attempts
from services.publishing.feeds.storage.errands import Errands
from services.publishing.feeds.storage.partners import filter_document, filter_of
from services.publishing.feeds.storage.webhook_documents import (
    Held,
    Lost,
    Stand,
    line_document,
    line_in,
    ranges_of,
    record_of,
    whose,
)
from services.publishing.storage.feed_indexes import ENDPOINTS, LOST
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound, VersionConflict
from shared.mongo.client import Database, Document, Session
from shared.privacy.vault import Vault

_LOST_KEPT = 10_000


class Webhooks:
    """Kept for partners (their routes name them) and for our own senders."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._webhooks = database[ENDPOINTS]
        self._lost = database[LOST]
        self._vault = vault
        self.attempts = Attempts(database)
        self.errands = Errands(database)

    async def of_partner(self, partner_id: str) -> list[Endpoint]:
        """A partner's, oldest first."""
        rows = await self._webhooks.find({"partner_id": partner_id}).sort("_id", 1).to_list(None)
        return [await self._endpoint(row) for row in rows]

    async def one(self, webhook_id: str, partner_id: str) -> Endpoint:
        """One of a partner's. Raises NotFound: somebody else's is not there either."""
        row = await self._webhooks.find_one({"_id": webhook_id, "partner_id": partner_id})
        if row is None:
            raise NotFound
        return await self._endpoint(row)

    async def add(self, session: Session, endpoint: Endpoint) -> Endpoint:
        """A new one."""
        document = {
            "_id": endpoint.id,
            "partner_id": endpoint.partner_id,
            **await self._decided(endpoint),
            "since": endpoint.since,
            "line": line_document(endpoint.line),
            "confirmed": [],
            "turn": 0,
            "until": None,
            "made_at": endpoint.made_at,
            "version": 1,
        }
        await self._webhooks.insert_one(document, session=session)
        return replace(endpoint, version=1)

    async def new_key(self, webhook_id: str) -> None:
        """The key that its secrets will lie under."""
        await self._vault.new_person(whose(webhook_id))

    async def change(self, session: Session, endpoint: Endpoint) -> Endpoint:
        """What people decided, if nobody else did meanwhile. Raises VersionConflict.

        Whoever has the webhook keeps it until it has written where it stands.
        """
        seen = {"_id": endpoint.id, "version": endpoint.version}
        change = {"$set": await self._decided(endpoint), "$inc": {"version": 1}}
        if not (await self._webhooks.update_one(seen, change, session=session)).matched_count:
            raise VersionConflict
        return replace(endpoint, version=endpoint.version + 1)

    async def remove(self, session: Session, endpoint: Endpoint) -> None:
        """It is not there any more."""
        await self._webhooks.delete_one({"_id": endpoint.id}, session=session)

    async def versions(self) -> dict[str, tuple[int, str]]:
        """Every webhook that is on → its version, and whose it is."""
        rows = self._webhooks.find({"off": None}, {"version": 1, "partner_id": 1})
        return {row["_id"]: (row["version"], row["partner_id"]) async for row in rows}

    async def take(self, webhook_id: str, until: datetime) -> Held | None:
        """Have it, if nobody else does.

        A lease that ends far later than one taken now was taken by a clock that was set back since.
        """
        now = real_now()
        odd = until + (until - now)
        ends = [{"until": None}, {"until": {"$lte": now}}, {"until": {"$gt": odd}}]
        free = {"_id": webhook_id, "off": None, "$or": ends}
        row = await self._webhooks.find_one_and_update(
            free,
            {"$set": {"until": until}, "$inc": {"turn": 1}},
            return_document=ReturnDocument.AFTER,
        )
        if row is None:
            return None
        return Held(await self._endpoint(row), row["turn"], ranges_of(row["confirmed"]))

    async def keep(self, held: Mapping[str, int], until: datetime) -> frozenset[str]:
        """Go on having these (each with its turn); those that are still ours."""
        ours = [{"_id": webhook_id, "turn": turn} for webhook_id, turn in held.items()]
        if not ours:
            return frozenset()
        await self._webhooks.update_many({"$or": ours}, {"$set": {"until": until}})
        rows = await self._webhooks.find({"$or": ours}, {"_id": 1}).to_list(None)
        return frozenset(row["_id"] for row in rows)

    async def give_back(self, webhook_id: str, turn: int) -> None:
        """Let the next one have it at once."""
        await self._webhooks.update_one(
            {"_id": webhook_id, "turn": turn}, {"$set": {"until": None}}
        )

    async def save(self, stands: Sequence[Stand]) -> frozenset[str]:
        """Where each stands now, in one write; those in whose place nobody else has one."""
        if not stands:
            return frozenset()
        updates = [UpdateOne(*_written(one)) for one in stands]
        result = await self._webhooks.bulk_write(updates, ordered=False)
        if result.matched_count == len(stands):
            return frozenset(one.webhook for one in stands)
        ours = [{"_id": one.webhook, "turn": one.turn} for one in stands]
        rows = await self._webhooks.find({"$or": ours}, {"_id": 1}).to_list(None)
        return frozenset(row["_id"] for row in rows)

    async def switch_off(self, session: Session, stand: Stand, why: Why) -> bool:
        """Off, with where it stands; False: somebody else has it, or it is, and nothing changed."""
        seen, update = _written(stand)
        seen["off"] = None
        update["$set"] |= {"off": why, "off_at": real_now()}
        update["$inc"] = {"version": 1}
        result = await self._webhooks.update_one(seen, update, session=session)
        return bool(result.matched_count)

    async def got(self, partner_id: str) -> list[Got]:
        """What each of a partner's webhooks has confirmed."""
        rows = await self._webhooks.find({"partner_id": partner_id}).sort("_id", 1).to_list(None)
        return [await self._got(row) for row in rows]

    async def settle(self, lost: Sequence[Lost], found: Sequence[tuple[str, int]]) -> None:
        """Given up: these webhooks never got them, and can ask again. Found: they came after all.

        `found`: webhook and position of each.
        """
        rows = [
            UpdateOne({"_id": f"{one.webhook}/{one.position}"}, {"$set": asdict(one)}, upsert=True)
            for one in lost
        ]
        gone = [DeleteOne({"_id": f"{webhook}/{position}"}) for webhook, position in found]
        if rows or gone:
            await self._lost.bulk_write([*rows, *gone])

    async def given_up(self, webhook_id: str, *, limit: int) -> list[Lost]:
        """The first entries that it never got, whole."""
        found = self._lost.find({"webhook": webhook_id}, {"_id": 0}).sort("position", 1)
        return [Lost(**row) for row in await found.limit(limit).to_list(None)]

    async def lost(self, webhook_id: str) -> list[int]:
        """Positions that were given up."""
        found = self._lost.find({"webhook": webhook_id}).sort("position", 1).limit(_LOST_KEPT)
        return [row["position"] for row in await found.to_list(None)]

    async def _got(self, row: Document) -> Got:
        line = line_in(row)
        lost = await self.lost(row["_id"])
        open_positions = [one.position for one in line.open]
        confirmed = of_webhook(
            since=row["since"],
            read_up_to=line.read_up_to,
            open_positions=open_positions,
            given_up=lost,
        )
        for one in ranges_of(row["confirmed"]):
            confirmed = with_range(confirmed, *one)
        return Got(
            door="webhook",
            name=row["_id"],
            given=confirmed,
            confirmed=confirmed,
            open=len(open_positions),
            given_up=tuple(lost[:50]),
            last_at=line.last_taken_at,
        )

    async def _decided(self, one: Endpoint) -> Document:
        return {
            "url": one.url,
            "only": filter_document(one.only),
            "thin": one.thin,
            "secrets": [await self._sealed(one.id, each) for each in one.secrets],
            "off": one.off,
            "off_at": one.off_at,
            "off_by": one.off_by,
            "switched_on": one.switched_on,
        }

    async def _sealed(self, webhook_id: str, secret: Secret) -> Document:
        secret_id = new_id()
        fields = {"material": base64.b64encode(secret.material).decode()}
        sealed = await self._vault.seal(whose(webhook_id), fields, record=record_of(secret_id))
        return {"id": secret_id, "scheme": secret.scheme, "until": secret.until, **sealed}

    async def _endpoint(self, row: Document) -> Endpoint:
        return Endpoint(
            id=row["_id"],
            partner_id=row["partner_id"],
            url=row["url"],
            secrets=tuple([await self._secret(row["_id"], each) for each in row["secrets"]]),
            only=filter_of(row["only"]),
            thin=row["thin"],
            since=row["since"],
            line=line_in(row),
            off=row["off"],
            off_at=row["off_at"],
            off_by=row.get("off_by", ""),
            switched_on=row.get("switched_on", 0),
            made_at=row["made_at"],
            version=row["version"],
        )

    async def _secret(self, webhook_id: str, row: Mapping[str, Any]) -> Secret:
        sealed = {"material": row["material"]}
        opened = await self._vault.open(whose(webhook_id), sealed, record=record_of(row["id"]))
        return Secret(row["scheme"], base64.b64decode(opened["material"]), row["until"])


def _written(one: Stand) -> tuple[Document, Document]:
    change = {
        "line": line_document(one.line, one.as_of),
        "confirmed": [list(each) for each in one.confirmed],
    }
    return {"_id": one.webhook, "turn": one.turn}, {"$set": change}
