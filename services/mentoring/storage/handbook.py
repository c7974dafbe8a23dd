"""The newest edition of the handbook, and who has read which."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter

from services.mentoring.domain.handbook import Confirmation, Handbook
from services.mentoring.use_cases.mentors import CONFIRMATIONS, HANDBOOK
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Session

_HANDBOOK: TypeAdapter[Handbook] = TypeAdapter(Handbook)
_CONFIRMATION: TypeAdapter[Confirmation] = TypeAdapter(Confirmation)


class MongoHandbooks:
    """See the port in `use_cases.mentors`. A confirmation is never changed."""

    def __init__(self, database: Database) -> None:
        self._handbook = database[HANDBOOK]
        self._confirmations = database[CONFIRMATIONS]

    async def newest(
        self,
        *,
        by: Actor,  # noqa: ARG002
        session: Session | None = None,
    ) -> Handbook:
        """See the port."""
        found = await self._handbook.find_one({"_id": HANDBOOK}, session=session)
        return Handbook() if found is None else _HANDBOOK.validate_python(found)

    async def confirmed(self, username: str, *, by: Actor) -> Confirmation | None:  # noqa: ARG002
        """See the port."""
        found = await self._confirmations.find_one({"username": username}, sort=[("edition", -1)])
        return None if found is None else _CONFIRMATION.validate_python(found)

    async def confirmations(
        self,
        *,
        by: Actor,  # noqa: ARG002
        limit: int,
        offset: int,
    ) -> tuple[Sequence[Confirmation], int]:
        """See the port."""
        total = await self._confirmations.count_documents({})
        found = self._confirmations.find({}).sort([("edition", -1), ("username", 1)])
        page = found.skip(offset).limit(limit)
        return [_CONFIRMATION.validate_python(each) async for each in page], total
