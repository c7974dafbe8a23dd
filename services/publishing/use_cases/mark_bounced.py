"""A delivery report came back: it is worth more than the first server's word."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from services.publishing.domain.recipients import row_of
from services.publishing.domain.smtp_replies import Code, Kind
from services.publishing.use_cases.mailing_ports import Batches, Mailings


@dataclass(frozen=True, slots=True)
class MarkBounced:
    """The stamped return path names the row; nothing else in a report is believed."""

    mailings: Mailings
    batches: Batches

    async def __call__(
        self, recipient: uuid.UUID, code: Code, kind: Kind
    ) -> tuple[uuid.UUID, bool] | None:
        """Whose address it is (a subscriber's id), and whether it failed by that.

        None: no mailing of ours, or no such row. The ledger owes the points from now on.
        """
        row = row_of(recipient)
        mailing_id = await self.mailings.with_key(row.mailing)
        if mailing_id is None:
            return None
        return await self.batches.report(mailing_id, row, code, kind)
