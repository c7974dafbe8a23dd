"""Ten thousand rows of each kind behind the console's lists: copies of rows made for real."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import bson
from pymongo import MongoClient

from deploy.local.data_folder import CHECKOUT
from shared.kernel.ids import new_id
from tests.browser.shown_world import (
    a_message,
    a_partner,
    an_order,
    busy_occasion,
    park_one,
    written,
)
from tests.privacy.test_canary import administrator
from tests.support.whole_copy import WholeCopy

ROWS = 10_000
_BATCH = 1000
KINDS: Mapping[tuple[str, str], Sequence[str]] = {
    ("booking", "occasions"): (),
    ("booking", "bookings"): ("link_hash", "recipient_id", "fingerprint"),
    ("notifications", "messages"): (),
    ("notifications", "dead_letters"): (),
    ("publishing", "subscribers"): ("blind",),
    ("publishing", "feed_partners"): ("name",),
    ("publishing", "print_orders"): ("number", "link_hash"),
    ("publishing", "mailings"): ("key",),
    ("publishing", "newsletters"): (),
    ("mentoring", "cases"): ("pseudonym",),
}
"""Database and collection → fields that no two rows share, where they are there at all. Dates are
spread over a year."""


async def ten_thousand(copy: WholeCopy) -> None:
    """One of each is made by the APIs, the rest are its copies; rows that are there stay."""
    url, _ = administrator(copy)
    with MongoClient[dict[str, Any]](url) as client:
        if client["notifications"]["dead_letters"].estimated_document_count() >= ROWS:
            return
    samples = CHECKOUT / "deploy" / "samples" / "publications"
    copy.safespace("publications", "release", str(samples / "att-vaga-fraga"))
    copy.safespace("publications", "stock", "att-vaga-fraga", "500")
    busy = await busy_occasion(copy)
    list_id = (await written(copy))["list_id"]
    await a_partner(copy)
    await an_order(copy)
    await a_message(copy, busy.confirmed)
    await park_one(copy)
    async with copy.client("elsa.blad", "publishing") as desk:
        person = {"email": f"{new_id()}@x.example", "lists": [list_id], "language": "sv"}
        await desk.post("/v1/subscribers", json=person, headers={"Idempotency-Key": new_id()})
    async with copy.client("karin.holm", "mentoring") as lead:
        made = await lead.post("/v1/cases", json={"identity": {"name": "Kim Exempel"}})
        made.raise_for_status()
    with MongoClient[dict[str, Any]](url) as client:
        for (database, name), unique in KINDS.items():
            rows = client[database][name]
            one = rows.find_one(sort=[("_id", -1)])
            missing = ROWS - rows.estimated_document_count()
            assert one is not None, f"no row of {name} to copy"
            for start in range(0, missing, _BATCH):
                rows.insert_many(_copies(one, unique, range(start, min(start + _BATCH, missing))))


def _copies(one: Mapping[str, Any], unique: Sequence[str], numbers: range) -> Iterator[Any]:
    for number in numbers:
        later = timedelta(minutes=number * 53)
        fresh = {
            name: value + later if isinstance(value, datetime) else value
            for name, value in one.items()
        }
        if "keys" in one:  # a partner's, by which they are found
            fresh["keys"] = [{**each, "id": secrets.token_hex(5)} for each in one["keys"]]
        yield {
            **fresh,
            "_id": _another(one["_id"]),
            **{name: _its_own(one[name]) for name in unique if one.get(name) is not None},
        }


def _its_own(value: Any) -> str | bytes:
    return secrets.token_bytes(len(value)) if isinstance(value, bytes) else secrets.token_hex(16)


def _another(key: Any) -> Any:
    if isinstance(key, bson.Binary):
        return bson.Binary(uuid.UUID(new_id()).bytes, key.subtype)
    return new_id()
