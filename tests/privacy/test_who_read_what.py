"""The audit of a running copy: staff read, an auditor verifies, the database's owner is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection

from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.test_bulletins import SAYS
from tests.support.eventually import eventually
from tests.support.season import a_party, an_occasion
from tests.support.whole_copy import WholeCopy

Rows = Collection[dict[str, Any]]


@contextmanager
def entries_of(copy: WholeCopy) -> Iterator[Rows]:
    """Notifications' audit, as its database's administrator has it in hand."""
    servers = Servers(copy.folder, Ports(copy.folder, in_use=True), Secrets(copy.folder))
    with MongoClient[dict[str, Any]](servers.mongo_administrator_url) as administrator:
        yield administrator["notifications_audit"]["entries"]


async def a_read_contact(copy: WholeCopy) -> tuple[str, str]:
    """Somebody books, and a coordinator looks up how to reach them: whom they read of, and what."""
    async with copy.client() as desk:
        occasion = await an_occasion(desk, 10)
        key = {"Idempotency-Key": new_id()}
        body = a_party(occasion["id"], 5)
        booked = (await desk.post("/v1/bookings", json=body, headers=key)).json()
    async with copy.client("coordinator", "notifications") as desk:

        async def told() -> list[dict[str, Any]]:
            found = await desk.get("/v1/messages", params={"subject": booked["id"]})
            return list(found.json()["items"])

        messages: list[dict[str, Any]] = await eventually(told, every=0.2)
        recipient = messages[0]["recipient_id"]
        contact = await desk.get(f"/v1/recipients/{recipient}/contact")
    assert contact.json()["phone"] == body["contact"]["phone"]
    return f"booking:{recipient}", contact.json()["phone"]


async def an_early_warning(copy: WholeCopy) -> None:
    """A member of the network posts one, and an editor reads it: publishing's audit has both."""
    name = f"varnare-{new_id()[-12:]}"
    async with copy.client("elsa.blad", "publishing") as desk:
        made = {"name": name, "title": "Varnare", "scopes": ["cews:post"]}
        (await desk.post("/v1/partners", json=made)).raise_for_status()
        key = (await desk.post(f"/v1/partners/{name}/keys", json={})).json()["key"]
        posted = await desk.post(
            "/v1/partner/bulletins", json=SAYS, headers={"Authorization": f"Bearer {key}"}
        )
        (await desk.get(f"/v1/bulletins/{posted.json()['id']}")).raise_for_status()


async def test_a_changed_entry_is_named_to_the_auditor(whole_copy: WholeCopy) -> None:
    """`safespace audit verify` believes nobody: not the service, not whoever owns the database."""
    subject, phone = await a_read_contact(whole_copy)
    await an_early_warning(whole_copy)
    [reading, *_] = whole_copy.safespace("audit", "readers", subject, "--service", "notifications")
    assert (reading["purpose"], reading["allowed"]) == ("contact", True)
    assert phone not in str(reading)
    whole = {each["service"]: each for each in whole_copy.safespace("audit", "verify")}
    assert [each["whole"] for each in whole.values()] == [True] * len(whole)
    assert whole["publishing"]["entries"] >= 2
    with entries_of(whole_copy) as rows:
        kept = rows.find_one({"_id": reading["seq"]})
        assert kept is not None
        rows.update_one({"_id": reading["seq"]}, {"$set": {"actor": "somebody-else"}})
        words = ("audit", "verify", "--service", "notifications")
        [found] = whole_copy.safespace(*words, check=False)
        rows.replace_one({"_id": reading["seq"]}, kept)
    assert not found["whole"]
    assert (found["broken"]["seq"], found["broken"]["fault"]) == (reading["seq"], "changed")
    [again] = whole_copy.safespace("audit", "verify", "--service", "notifications")
    assert again["whole"], "it was put back as it had been"
