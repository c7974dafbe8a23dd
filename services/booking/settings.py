"""What booking's processes are told by their environment. Read once, frozen, passed down."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from shared.delivery import settings as delivery
from shared.mongo.settings import StoreSettings
from shared.web.settings import WebSettings


class HttpSettings(StoreSettings, WebSettings):
    """The HTTP process. It has no broker user.

    `test_unsafe_version` switches the version check off and holds `test_barrier` requests after
    their load, so that a test can show that without the check a seat is sold twice. It exists in
    the local profile only: production refuses to start with it.
    """

    test_unsafe_version: bool = False
    test_barrier: int = Field(default=2, ge=1, le=1000)

    @model_validator(mode="after")
    def _never_unsafe_in_production(self) -> Self:
        if self.test_unsafe_version and self.profile != "local":
            raise ValueError("the version check cannot be switched off in production")
        return self


class WorkerSettings(StoreSettings, delivery.WorkerSettings):
    """The worker process: relay, listener and the clockwork.

    Staff's own words about a party are deleted so many days after its occasion.
    """

    staff_words_kept_days: int = Field(default=365, ge=1)
