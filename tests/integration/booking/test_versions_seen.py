"""A change is made to what was seen, or not at all (RFC 9110 §13: If-Match)."""

from __future__ import annotations

from typing import Any

from tests.integration.booking.test_offers import a_line
from tests.integration.booking.world import World, if_match


async def test_an_old_page_answers_no_newer_offer(world: World) -> None:
    """Moved since, and offered places anew: a yes from the old page takes nothing."""
    _, (first, second, _, _) = await a_line(world)
    other = await world.an_occasion(capacity=30, starts_local="2027-02-04T09:00:00")
    holder = await world.book(other["id"], size=30)
    await world.cancel(first)
    link = await world.link_of(second["id"])
    old_page = await world.seen_by(link)
    path, body = f"/v1/bookings/{second['id']}/move", {"occasion_id": other["id"]}
    await world.change("POST", path, json={**body, "when_full": "wait"})
    gone = await world.client.post("/v1/my-booking/offer/acceptance", headers=old_page)
    assert (gone.status_code, gone.json()["type"].split("/")[-1]) == (404, "offer-not-found")
    await world.cancel(holder)
    for answer in ("acceptance", "refusal"):
        late = await world.client.post(f"/v1/my-booking/offer/{answer}", headers=old_page)
        assert (late.status_code, late.json()["type"].split("/")[-1]) == (412, "version-conflict")
    mine = (await world.client.get("/v1/my-booking", headers=link)).json()
    assert (mine["state"], mine["occasion"]["starts_at"]) == ("offered", other["starts_at"])


async def test_changes_name_the_version_that_was_seen(world: World) -> None:
    """Without If-Match 428, with an old one 412, and nothing happens."""
    occasion, (first, second, *_) = await a_line(world)
    link = await world.link_of(second["id"])
    staff, mine = world.signed_in(), {**link}
    moved = {"booking_id": second["id"], "position": 1, "reason": "Rullstol."}
    asked: list[tuple[str, dict[str, str], dict[str, Any] | None]] = [
        (f"/v1/bookings/{first['id']}/cancellation", staff, {}),
        (f"/v1/bookings/{first['id']}/move", staff, {"occasion_id": occasion["id"]}),
        (f"/v1/occasions/{occasion['id']}/cancellation", staff, {"reason": "Sjuk."}),
        (f"/v1/occasions/{occasion['id']}/line-moves", staff, moved),
        (f"/v1/occasions/{occasion['id']}/attendance", staff, {"came": []}),
        ("/v1/my-booking/cancellation", mine, None),
        ("/v1/my-booking/move", mine, {"occasion_id": occasion["id"]}),
        ("/v1/my-booking/offer/acceptance", mine, None),
        ("/v1/my-booking/offer/refusal", mine, None),
    ]
    for path, headers, body in asked:
        missing = await world.client.post(path, headers=headers, json=body)
        assert missing.status_code == 428, path
        if "offer" not in path and body != {"came": []}:
            old = await world.client.post(path, headers={**headers, **if_match(77)}, json=body)
            assert old.status_code == 412, path
    assert (await world.occasion(occasion["id"]))["cancelled"] is False
    assert await world.told("booking-cancelled") == []
    etag = (await world.client.get(f"/v1/occasions/{occasion['id']}/line", headers=staff)).headers
    version = (await world.occasion(occasion["id"]))["version"]
    assert etag["etag"] == f'"{version}"'
