"""How answers are given: the same bytes for the first request and for its copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

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
    """An occasion, or a view of it, as an answer, with its ETag: the version after the save."""

    def present(occasion: Occasion) -> Answer:
        headers = {"ETag": etag(occasion.version)}
        if status == 201:
            headers["Location"] = f"/v1/occasions/{occasion.id}"
        return Answer.of(status, model(occasion), headers)

    return present
