"""A number that is sent must be a number: `true` is not guessed to be 1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from shared.contracts.catalogue import SERVICES
from shared.web.route_table import RouteTable
from tests.contracts.test_asked_once import Issuer, app_of, issuer  # noqa: F401


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of, and those within them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_in(field.annotation)
    for part in get_args(annotation):
        yield from models_in(part)


def takes_yes(field: FieldInfo) -> bool:
    """Whether a yes is taken for a whole number."""
    try:
        return type(TypeAdapter(field.rebuild_annotation()).validate_python(True)) is int
    except ValueError:
        return False


@pytest.mark.parametrize("service", SERVICES)
async def test_no_number_is_guessed(service: str, issuer: Issuer) -> None:  # noqa: F811
    """Each field of each body that is a whole number refuses a yes."""
    table = RouteTable(app_of(service, issuer.url))
    routes = [each.original for each in table.routes if isinstance(each.original, APIRoute)]
    bodies = [r.body_field.field_info.annotation for r in routes if r.body_field is not None]
    models = {model for body in bodies for model in models_in(body)}
    assert models, "the measure itself works: there are bodies"
    found = sorted(
        f"{model.__module__}.{model.__name__}.{name}"
        for model in models
        for name, field in model.model_fields.items()
        if takes_yes(field)
    )
    assert not found, "\n".join(["", *found])
