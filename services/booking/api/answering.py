"""How answers are given: the same bytes for the first request and for its copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Body
from pydantic import BaseModel

from services.booking.api.occasion_models import OccasionOut
from services.booking.domain.occasion import Occasion
from services.booking.use_cases.standing import Standing
from shared.web.etags import etag
from shared.web.idempotency import Answer

T = TypeVar("T")


def booking_answer(
    model: Callable[[Standing], BaseModel], status: int = 200
) -> Callable[[Standing], Answer]:
    """A booking as an answer, with its ETag; 201 says where it stands from now on."""

    def present(standing: Standing) -> Answer:
        headers = {"ETag": etag(standing.version)}
        if status == 201:
            headers["Location"] = f"/v1/bookings/{standing.id}"
        return Answer.of(status, model(standing), headers)

    return present


def occasion_answer(
    model: Callable[[Occasion], BaseModel], status: int = 200
) -> Callable[[Occasion], Answer]:
    """An occasion, or a view of it, as an answer. Its version is the one after the save."""

    def present(occasion: Occasion) -> Answer:
        content = model(occasion)
        headers = {"ETag": etag(occasion.version)} if isinstance(content, OccasionOut) else {}
        if status == 201:
            headers["Location"] = f"/v1/occasions/{occasion.id}"
        return Answer.of(status, content, headers)

    return present


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
