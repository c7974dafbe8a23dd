"""The OpenAPI document: our problems, our policies, and what is missing is found."""

from __future__ import annotations

import jsonschema

from shared.web.openapi import examples, gaps, operations
from tests.unit.shared.sample_api import client_of, sample_app


async def test_the_document_is_ours() -> None:
    """Every operation has its policy, security and our problem; the framework's 422 is gone."""
    async with client_of(sample_app()) as client:
        document = (await client.get("/openapi.json")).json()
    assert "HTTPValidationError" not in str(document)
    for _, _, operation in operations(document):
        assert "application/problem+json" in operation["responses"]["default"]["content"]
        assert operation["x-policy"]["kind"]
        assert "security" in operation


def test_gaps_are_found() -> None:
    """An operation without description or example is named; a complete one is not."""
    found = gaps(sample_app().openapi())
    assert "POST /v1/bookings: summary or description" in found
    assert "POST /v1/bookings: example of request" in found
    assert [line for line in found if "/v1/api-info" in line] == []


def test_examples_hold() -> None:
    """The examples that come with the rim are valid for their schemas."""
    document = sample_app().openapi()
    held = list(examples(document))
    assert held
    for _, schema, example in held:
        jsonschema.validate(example, {**schema, "components": document["components"]})
