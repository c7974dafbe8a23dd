"""Bodies and answers in the API's description, each with the example that its model carries."""

from __future__ import annotations

from typing import Any

from fastapi import Body
from pydantic import BaseModel


def documented(model: type[BaseModel], status: int, what: str) -> dict[int | str, dict[str, Any]]:
    """The answer as the API's description has it; problems are described for every route."""
    content = {"application/json": {"example": example_of(model)}}
    return {status: {"model": model, "description": what, "content": content}}


def sent(model: type[BaseModel]) -> Any:
    """A body of this model, with the model's example in the API's description."""
    return Body(openapi_examples={"exempel": {"value": example_of(model)}})


def listed_example(model: type[BaseModel]) -> dict[str, Any]:
    """One page of a list, as the API's description has it."""
    page = {"items": [example_of(model)], "total": 1, "limit": 20, "offset": 0}
    content = {"application/json": {"example": page}}
    return {"description": "En sida av listan.", "content": content}


def example_of(model: type[BaseModel]) -> Any:
    """The example that a model carries; every model that is answered has one."""
    extra = model.model_config["json_schema_extra"]
    if not isinstance(extra, dict):
        raise TypeError("an example is a dictionary")
    return extra["example"]
