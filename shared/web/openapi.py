"""The OpenAPI document: FastAPI's, with our problems, our ways to sign in, and each route's policy.

`gaps` lists what the national profile demands and a document lacks, so that a test can fail on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from shared.web.permissions import RoutePolicy, policies_of
from shared.web.problems import MEDIA_TYPE, TYPE_PREFIX

METHODS = ("get", "post", "put", "patch", "delete")

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Nothing that was sent is repeated in it.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri"},
        "facts": {"type": "object"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
_EXAMPLE = {
    "type": f"{TYPE_PREFIX}not-found",
    "title": "Finns inte",
    "status": 404,
    "detail": "Det du söker finns inte, eller så har du inte tillgång till det.",
    "instance": "urn:uuid:0193a3c0-0000-7000-8000-000000000000",
}
_REFUSED = {
    "description": "Nej, med förklaring. A refusal, explained.",
    "content": {
        MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _EXAMPLE}
    },
}
_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "link": {"type": "apiKey", "in": "header", "name": "Link-Secret"},
}
_SECURITY: Mapping[str, list[dict[str, list[str]]]] = {
    "permission": [{"token": []}],
    "signed-in": [{"token": []}],
    "link": [{"link": []}],
    "open": [{}, {"token": []}],
}


def install_openapi(app: FastAPI) -> None:
    """Let `app.openapi()` and `/openapi.json` give our document, made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _made(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def gaps(document: Mapping[str, Any]) -> list[str]:
    """What is missing where (`GET /v1/x: …`).

    Operations need summary and description, answers a description, JSON bodies an example.
    """
    return [
        f"{method.upper()} {path}: {missing}"
        for path, method, operation in operations(document)
        for missing in _missing(operation)
    ]


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every (path, method, operation)."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def examples(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Every example with the schema that it is to hold for: (where, schema, example)."""
    for path, method, operation in operations(document):
        for place, media in _media(operation):
            if "schema" in media:
                for example in _examples_in(media, document):
                    yield f"{method.upper()} {path} {place}", media["schema"], example


def _made(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    components["securitySchemes"] = _SCHEMES
    policies = {(one.path, one.method.lower()): one for one in policies_of(app)}
    for path, method, operation in operations(document):
        _complete(operation, policies.get((path, method)))
    return document


def _complete(operation: dict[str, Any], policy: RoutePolicy | None) -> None:
    answers = operation.setdefault("responses", {})
    if "HTTPValidationError" in str(answers.get("422")):
        del answers["422"]
    answers.setdefault("default", _REFUSED)
    if policy:
        operation["security"] = _SECURITY[policy.kind]
        operation["x-policy"] = {"kind": policy.kind, "detail": policy.detail}
        # The header is the security scheme; a parameter beside it would say it twice.
        if policy.kind == "link":
            operation["parameters"] = [
                one for one in operation.get("parameters", []) if one["name"] != "link-secret"
            ]


def _missing(operation: Mapping[str, Any]) -> Iterator[str]:
    if not operation.get("summary") or not operation.get("description"):
        yield "summary or description"
    for status, answer in operation.get("responses", {}).items():
        if not answer.get("description"):
            yield f"description of {status}"
    for place, media in _media(operation):
        if "schema" in media and not _has_example(media):
            yield f"example of {place}"


def _media(operation: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    content = operation.get("requestBody", {}).get("content", {})
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        if kind in content:
            yield "request", content[kind]
    for status, answer in operation.get("responses", {}).items():
        media = answer.get("content", {}).get("application/json")
        if media is not None:
            yield f"answer {status}", media


def _has_example(media: Mapping[str, Any]) -> bool:
    return "example" in media or bool(media.get("examples")) or "examples" in media["schema"]


def _examples_in(media: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Any]:
    del document
    if "example" in media:
        yield media["example"]
    named = media.get("examples")
    if isinstance(named, dict):
        yield from (one["value"] for one in named.values() if "value" in one)
    yield from media["schema"].get("examples", [])
