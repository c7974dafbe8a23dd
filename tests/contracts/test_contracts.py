"""Events keep their word: each published version still parses, and the documents are fresh."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from deploy.documents.pages import pages
from shared.contracts.catalogue import EVENTS, LISTENING, contract_for
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract

GOLDENS = Path(__file__).parent / "goldens"
DOCS = Path(__file__).resolve().parents[2] / "docs"
PERSONAL = {"name", "phone", "email", "address", "personal_number", "class_name", "school"}


def named(event: type[Contract]) -> str:
    return event.routing_key()


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_each_event_has_a_golden_that_parses(event: type[Contract]) -> None:
    """A sample of each published version is kept, and today's contract reads it without loss."""
    golden = GOLDENS / f"{event.routing_key()}.json"
    envelope = Envelope.from_bytes(golden.read_bytes())
    assert contract_for(envelope.type) is event
    read = event.model_validate(envelope.data)
    assert read.model_dump(mode="json") == envelope.data


def test_each_golden_belongs_to_an_event() -> None:
    """No published event disappears from the catalogue."""
    known = {f"{event.routing_key()}.json" for event in EVENTS}
    assert {path.name for path in GOLDENS.glob("*.json")} == known


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_unknown_fields_are_ignored(event: type[Contract]) -> None:
    """A teller may add a field without any listener noticing."""
    envelope = json.loads((GOLDENS / f"{event.routing_key()}.json").read_bytes())
    more = {**envelope["data"], "added_later": {"anything": 1}}
    assert event.model_validate(more) == event.model_validate(envelope["data"])


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_a_golden_fits_its_published_schema(event: type[Contract]) -> None:
    """The JSON Schema that partners download describes what is really sent."""
    schema = json.loads((DOCS / "schemas" / f"{event.routing_key()}.json").read_bytes())
    envelope = json.loads((GOLDENS / f"{event.routing_key()}.json").read_bytes())
    jsonschema.validate(envelope["data"], schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({}, schema)


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_no_event_has_a_personal_field(event: type[Contract]) -> None:
    """Names, addresses, classes and schools have no place on the bus."""
    schema = json.dumps(event.model_json_schema()["properties"])
    assert PERSONAL.isdisjoint(json.loads(schema))


def test_only_told_events_are_listened_to() -> None:
    """Nobody waits for an event that nobody tells."""
    for tellers in LISTENING.values():
        for teller, events in tellers.items():
            assert all(event in EVENTS and event.teller == teller for event in events)


def test_what_mentoring_tells_stays_internal() -> None:
    """Nothing mentoring tells is wider than internal, aggregate statistics excepted."""
    told = [event for event in EVENTS if event.teller == "mentoring"]
    wide = [event for event in told if event.audience != "internal"]
    assert [event.name for event in wide] in ([], ["statistics-published"])


def test_the_documents_are_fresh() -> None:
    """docs/ holds what the code says today (`make docs` writes it)."""
    for name, text in pages().items():
        assert (DOCS / name).read_text("utf-8") == text, f"docs/{name} is stale: run make docs"
    schemas = {f"schemas/{path.name}" for path in (DOCS / "schemas").glob("*.json")}
    assert schemas == {name for name in pages() if name.startswith("schemas/")}
