"""Webhooks as documents: what people decide, the line that one sender moves, and what was tried.

Signing secrets lie under a key of the webhook's own, like a person's. Whoever sends has the webhook
for the length of a lease; a `turn` counts the holders, so that one that lost it can save nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pymongo import DESCENDING, ReturnDocument

from services.publishing.feeds.domain.endpoint import Endpoint, Why
from services.publishing.feeds.domain.line import Line
from services.publishing.feeds.domain.ranges import Ranges, with_range
from services.publishing.feeds.domain.reconciling import Got, of_webhook
from services.publishing.feeds.domain.signatures import Secret
from services.publishing.feeds.storage.partners import filter_document, filter_of
from services.publishing.feeds.storage.webhook_documents import (
    Attempt,
    Errand,
    Held,
    attempt_document,
    attempt_of,
    errand_of,
    line_document,
    line_of,
    ranges_of,
    record_of,
    whose,
)
from services.publishing.storage.feed_indexes import ATTEMPTS, ENDPOINTS, ERRANDS, LOST
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
        self._attempts = database[ATTEMPTS]
        self._lost = database[LOST]
        self._errands = database[ERRANDS]
        self._vault = vault

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

    async def change(
        self, session: Session, endpoint: Endpoint, *, line: Line | None = None
    ) -> Endpoint:
        """What people decided, if nobody else did meanwhile. Raises VersionConflict.

        A `line` is put in the place of the one there is; whoever has the webhook loses it.
        """
        seen = {"_id": endpoint.id, "version": endpoint.version}
        change: Document = {"$set": await self._decided(endpoint), "$inc": {"version": 1}}
        if line is not None:
            change["$set"] |= {"line": line_document(line), "until": None}
            change["$inc"] |= {"turn": 1}
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

    async def save(
        self,
        webhook_id: str,
        turn: int,
        line: Line,
        *,
        confirmed: Ranges | None = None,
        off: Why | None = None,
        session: Session | None = None,
    ) -> bool:
        """Where it stands now; False: somebody else has it, and nothing was saved."""
        change: Document = {"line": line_document(line)}
        if confirmed is not None:
            change["confirmed"] = [list(one) for one in confirmed]
        update: Document = {"$set": change}
        if off is not None:
            change |= {"off": off, "off_at": real_now()}
            update["$inc"] = {"version": 1}
        seen = {"_id": webhook_id, "turn": turn}
        result = await self._webhooks.update_one(seen, update, session=session)
        return bool(result.matched_count)

    async def got(self, partner_id: str) -> list[Got]:
        """What each of a partner's webhooks has confirmed."""
        rows = await self._webhooks.find({"partner_id": partner_id}).sort("_id", 1).to_list(None)
        return [await self._got(row) for row in rows]

    async def lose(self, webhook_id: str, position: int, event_id: str) -> None:
        """It was given up: the webhook never got it, and can ask for it again."""
        row = {"webhook": webhook_id, "position": position, "event_id": event_id}
        key = {"_id": f"{webhook_id}/{position}"}
        await self._lost.update_one(key, {"$setOnInsert": row}, upsert=True)

    async def find_again(self, webhook_id: str, position: int) -> None:
        """It arrived after all."""
        await self._lost.delete_one({"_id": f"{webhook_id}/{position}"})

    async def lost(self, webhook_id: str) -> list[int]:
        """Positions that were given up."""
        found = self._lost.find({"webhook": webhook_id}).sort("position", 1).limit(_LOST_KEPT)
        return [row["position"] for row in await found.to_list(None)]

    async def note(self, attempts: Sequence[Attempt]) -> None:
        """Tries, as they were."""
        if attempts:
            await self._attempts.insert_many([attempt_document(one) for one in attempts])

    async def attempts(self, webhook_id: str, *, limit: int) -> list[Attempt]:
        """The newest first."""
        found = self._attempts.find({"webhook": webhook_id}).sort("_id", DESCENDING).limit(limit)
        return [attempt_of(row) for row in await found.to_list(None)]

    async def ask(self, session: Session, errand: Errand) -> None:
        """Whoever has the webhook does it."""
        row = {
            "_id": errand.id,
            "webhook": errand.webhook,
            "kind": errand.kind,
            "event_id": errand.event_id,
            "after": errand.after,
            "state": errand.state,
            "status": 0,
            "why": "",
            "at": real_now(),
        }
        await self._errands.insert_one(row, session=session)

    async def errands(self, webhooks: Sequence[str]) -> list[Errand]:
        """What these are asked to do, oldest first."""
        asked = {"state": "waiting", "webhook": {"$in": list(webhooks)}}
        rows = await self._errands.find(asked).sort("_id", 1).limit(100).to_list(None)
        return [errand_of(row) for row in rows]

    async def errand(self, errand_id: str, webhook_id: str) -> Errand:
        """One, with what became of it. Raises NotFound."""
        row = await self._errands.find_one({"_id": errand_id, "webhook": webhook_id})
        if row is None:
            raise NotFound
        return errand_of(row)

    async def done(self, errand_id: str, *, status: int, why: str) -> None:
        """What became of an errand."""
        result = {"state": "done", "status": status, "why": why}
        await self._errands.update_one({"_id": errand_id}, {"$set": result})

    async def _got(self, row: Document) -> Got:
        line = line_of(row["line"])
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
            line=line_of(row["line"]),
            off=row["off"],
            off_at=row["off_at"],
            made_at=row["made_at"],
            version=row["version"],
        )

    async def _secret(self, webhook_id: str, row: Mapping[str, Any]) -> Secret:
        sealed = {"material": row["material"]}
        opened = await self._vault.open(whose(webhook_id), sealed, record=record_of(row["id"]))
        return Secret(row["scheme"], base64.b64decode(opened["material"]), row["until"])
