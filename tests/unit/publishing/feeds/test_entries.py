"""What may become an entry: decided by the contract, and mentoring's never, from whatever side."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from itertools import product

import pytest

from services.publishing.feeds.domain.atom import atom
from services.publishing.feeds.domain.entry import (
    COUNTS,
    Contractual,
    Entry,
    body_of,
    not_for_feeds,
    places_of,
    redacted_body,
    scope_of,
    seen_with,
    thin_body,
)
from shared.contracts.catalogue import EVENTS
from shared.contracts.event import Contract

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
EVENT = {
    "specversion": "1.0",
    "id": "019df000-0000-7000-8000-000000000001",
    "source": "/booking",
    "type": "se.safespace.booking.occasion-published.v1",
    "subject": "o1",
    "time": "2027-02-01T12:00:00Z",
    "sequence": 1,
    "correlationid": "secret-correlation",
    "causationid": "secret-cause",
    "traceparent": "00-secret-01",
    "dataschema": "/schemas/x.json",
    "data": {
        "occasion": {"title": "Öppet <hus>", "room": "Sal 2", "starts_at": "2027-03-01T10:00Z"}
    },
}


def contractual(kind: type[Contract], **other: object) -> Contractual:
    said = {
        "teller": kind.teller,
        "routing_key": kind.routing_key(),
        "audience": kind.audience,
        "sealed": kind.sealed,
    }
    return Contractual(**{**said, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.routing_key())
def test_every_contract_there_is(kind: type[Contract]) -> None:
    """Told as it is, an event is an entry if its contract says partner or public."""
    why = not_for_feeds(contractual(kind), source=f"/{kind.teller}", routing_key=kind.routing_key())
    assert (why is None) == (kind.audience != "internal")


@pytest.mark.parametrize(
    "kind",
    [kind for kind in EVENTS if kind.teller == "mentoring" and kind.routing_key() != COUNTS],
    ids=lambda kind: kind.routing_key(),
)
def test_mentoring_never_whatever_it_says(kind: type[Contract]) -> None:
    """An audience widened by mistake, another source, another routing key: refused all the same."""
    sources = ("/mentoring", "/booking", "/publishing", "", "mentoring")
    keys = (kind.routing_key(), "booking.occasion-published.v1", COUNTS)
    for audience, source, key in product(("internal", "partner", "public"), sources, keys):
        told = contractual(kind, audience=audience)
        assert not_for_feeds(told, source=source, routing_key=key) is not None


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.routing_key())
def test_a_message_that_is_not_what_it_says(kind: type[Contract]) -> None:
    """Another service's name as source, or another key than the contract's."""
    told, key = contractual(kind), kind.routing_key()
    for source, routing_key in (("/web", key), (f"/{kind.teller}", key + "0"), ("", key)):
        assert not_for_feeds(told, source=source, routing_key=routing_key) is not None


def test_what_is_sealed_is_never_an_entry() -> None:
    """Even if somebody called it public."""
    told = Contractual("booking", "booking.x.v1", "public", sealed=True)
    assert not_for_feeds(told, source="/booking", routing_key="booking.x.v1") == "not-for-partners"


def test_partners_do_not_see_what_joins_events() -> None:
    """Correlation, cause and trace stay inside; the rest is the CloudEvent, with its position."""
    body = body_of(EVENT, 7)
    assert b"secret" not in body
    told = json.loads(body)
    assert (told["position"], told["id"], told["data"]) == (7, EVENT["id"], EVENT["data"])


def test_a_redacted_entry_keeps_its_place() -> None:
    """Id, position, type and time stay; the data is gone."""
    before, after = json.loads(body_of(EVENT, 7)), json.loads(redacted_body(body_of(EVENT, 7)))
    assert "data" not in after
    assert after.pop("redacted") is True
    before.pop("data")
    assert after == before


def test_thin_says_that_something_happened_and_where_to_look() -> None:
    """No data leaves by itself; a redacted one has nothing to look at."""
    thin = json.loads(thin_body(body_of(EVENT, 7), "https://door.example/v1/feed"))
    assert "data" not in thin
    assert thin["dataref"] == f"https://door.example/v1/feed/entries/{EVENT['id']}"
    assert "dataref" not in json.loads(thin_body(redacted_body(body_of(EVENT, 7)), "https://x"))


def test_places_and_scopes() -> None:
    """An occasion is in its room, a bulletin in its area; bulletins are members'."""
    assert places_of(EVENT["data"]) == ("Sal 2",)  # type: ignore[arg-type]
    assert places_of({"area": "Rosengård"}) == ("Rosengård",)
    assert places_of({"occasion": "odd"}) == ()
    assert scope_of("publishing.bulletin-published.v1", "partner") == "cews:read"
    assert scope_of("booking.occasion-published.v1", "public") == "public"
    assert scope_of(COUNTS, "partner") == "feed:read"
    assert seen_with(["feed:read", "webhooks:manage"]) == {"public", "feed:read"}
    assert seen_with(["cews:read"]) == {"cews:read"}
    assert seen_with(["cews:post", "keys:manage"]) == frozenset()


def test_atom_is_well_formed_whatever_a_title_holds() -> None:
    """Markup is text, control characters are gone, ids are stable, and redaction shows nothing."""
    strange = {**EVENT, "data": {"title": 'A & B <b>"\x08'}}
    entries = [
        Entry(
            2, "id-2", str(EVENT["type"]), "o1", "feed:read", ("Sal 2",), NOW, body_of(strange, 2)
        ),
        Entry(
            1, "id-1", "t.x.v1", "o1", "feed:read", (), NOW, redacted_body(body_of(EVENT, 1)), True
        ),
    ]
    feed = ET.fromstring(atom(entries, title="T <1>", feed="https://door.example/v1/feed"))
    space = "{http://www.w3.org/2005/Atom}"
    found = feed.findall(f"{space}entry")
    assert [each.findtext(f"{space}id") for each in found] == ["urn:uuid:id-2", "urn:uuid:id-1"]
    assert found[0].findtext(f"{space}title") == 'Nytt tillfälle: A & B <b>"'
    assert found[1].findtext(f"{space}title") == "Borttaget"
    assert feed.findtext(f"{space}updated") == "2027-02-01T12:00:00Z"
    assert ET.fromstring(atom([], title="T", feed="https://x")) is not None
