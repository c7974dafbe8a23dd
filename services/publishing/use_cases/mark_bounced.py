"""A delivery report came back: it is worth more than the first server's word."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from services.publishing.domain.recipients import row_of
from services.publishing.domain.smtp_replies import Code
from services.publishing.use_cases.mailing_ports import Batches, Mailings


@dataclass(frozen=True, slots=True)
class MarkBounced:
    """The stamped return path names the row; nothing else in a report is believed."""

    mailings: Mailings
    batches: Batches

    async def whose(self, recipient: uuid.UUID) -> uuid.UUID | None:
        """A subscriber's id; None: no mailing of ours, no such row, or it had failed already."""
        row = row_of(recipient)
        mailing_id = await self.mailings.with_key(row.mailing)
        return None if mailing_id is None else await self.batches.unfailed(mailing_id, row)

    async def __call__(self, recipient: uuid.UUID, code: Code) -> uuid.UUID | None:
        """Whose address it is (a subscriber's id); None: no mailing of ours, or no such row."""
        row = row_of(recipient)
        mailing_id = await self.mailings.with_key(row.mailing)
        if mailing_id is None:
            return None
        return await self.batches.report(mailing_id, row, code)
