"""What comes back by mail: delivery reports (RFC 3464) and complaints (RFC 5965).

Whom one is about is told by a stamp of ours and by nothing else: the address that it was sent to,
or the unsubscribe link in the mail that somebody complained of. Without one it changes nothing.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import structlog

from services.publishing.domain import reports
from services.publishing.domain.bounce_score import WEIGHTS
from services.publishing.domain.letter import Letter
from services.publishing.domain.links import place_of
from services.publishing.domain.reports import Complaint, Reported
from services.publishing.domain.return_paths import recipient_of
from services.publishing.domain.smtp_replies import Code, Kind
from services.publishing.domain.stamps import Keyring
from services.publishing.domain.subscriber import Subscriber, leaves
from services.publishing.domain.suppression import Suppression
from services.publishing.use_cases.changing import Change, ChangeSubscriber
from services.publishing.use_cases.count_bounce import OF_SUBSCRIBERS, CountBounce, Mailboxes
from services.publishing.use_cases.decide_letter import OpenLetters
from services.publishing.use_cases.ports import Session
from services.publishing.use_cases.subscriber_ports import Suppressions
from shared.kernel.actor import housekeeping
from shared.kernel.clock import Clock

log = structlog.get_logger(__name__)

AT_ONCE = 50
_BY = housekeeping("take-reports")
Outcome = Literal["counted", "passing", "forged", "unknown", "other"]
"""passing: nothing failed for good. forged: no stamp of ours. unknown: nobody is there any
more, or it had failed already.
other: no report at all; a person may want to read it."""


class Postbox(Protocol):
    """Where reports arrive. It may give the same one again after a crash: that is harmless."""

    async def waiting(self, limit: int) -> Sequence[tuple[str, bytes]]:
        """Some that were not taken yet: a name each, and the mail."""
        ...

    async def taken(self, name: str, *, keep: bool) -> None:
        """It was dealt with: gone for good, or kept aside for a person."""
        ...


class Rows(Protocol):
    """Recipients of mailings."""

    async def __call__(
        self, recipient: uuid.UUID, code: Code, kind: Kind
    ) -> tuple[uuid.UUID, bool] | None:
        """It has bounced; whose address it is, and whether that is new. None: none of ours."""
        ...


@dataclass(frozen=True, slots=True)
class TakeReports:
    """Several of one day count as one, so that a report that comes twice changes nothing more."""

    box: Postbox
    ring: Keyring
    mark: Rows
    letters: OpenLetters
    count: CountBounce
    mailboxes: Mailboxes
    suppressions: Suppressions
    change: ChangeSubscriber
    clock: Clock

    async def __call__(self) -> int:
        """Take some; how many there were."""
        waiting = await self.box.waiting(AT_ONCE)
        for name, raw in waiting:
            outcome = await self.take(raw)
            if outcome in ("forged", "unknown", "other"):
                log.info("report_not_counted", outcome=outcome)
            await self.box.taken(name, keep=outcome == "other")
        return len(waiting)

    async def take(self, raw: bytes) -> Outcome:
        """One mail."""
        try:
            found, recipient = await asyncio.to_thread(self._read, raw)
        except Exception as error:  # noqa: BLE001 - one mail must not stop the others
            log.warning("report_not_read", kind=type(error).__name__)
            return "other"
        if found is None:
            return "other"
        if isinstance(found, Complaint):
            return await self._complaint(found, recipient)
        if recipient is None:
            return "forged"
        failed = [each for each in found if each.kind is not None]
        if not failed:
            return "passing"
        # A return path has one reader, however many a report says that it is about.
        gravest = max(failed, key=lambda each: WEIGHTS[each.kind or "policy"])
        return "counted" if await self._failed(recipient, gravest) else "unknown"

    def _read(self, raw: bytes) -> tuple[tuple[Reported, ...] | Complaint | None, uuid.UUID | None]:
        """What it says, and whose return path it was sent to, by our stamp."""
        found = reports.read(raw)
        if found is not None:
            for address in reports.sent_to(raw):
                recipient = recipient_of(self.ring, address)
                if recipient is not None:
                    return found, recipient
        return found, None

    async def _failed(self, recipient: uuid.UUID, told: Reported) -> bool:
        """Whether it counts: a letter fails once, however often and late somebody says so.

        The points of a mailing's letter follow from its ledger (`count_bounce`).
        """
        kind = told.kind
        if kind is None:
            return False
        marked = await self.mark(recipient, told.code, kind)
        if marked is None:
            return await self._of_letter(recipient, kind, told.code)
        subscriber, failed = marked
        return failed and await self.mailboxes.fingerprint(subscriber, by=_BY) is not None

    async def _of_letter(self, recipient: uuid.UUID, kind: Kind, code: Code) -> bool:
        """A single letter came back: it has failed, and perhaps it was about a subscriber."""
        letter: Letter | None = await self.letters.find(str(recipient), by=_BY)
        if letter is None or letter.state == "failed":
            return False
        known = letter.kind in OF_SUBSCRIBERS and await self.count(
            uuid.UUID(letter.about), kind, self.clock.now()
        )
        if letter.state in ("sent", "uncertain"):
            await self.letters.move(letter, "failed", by=_BY, why=f"report-{code.reply}")
        return known

    async def _complaint(self, told: Complaint, recipient: uuid.UUID | None) -> Outcome:
        """Whoever calls us spam gets nothing at all any more."""
        token = (told.link or "").rstrip("/").rpartition("/")[2]
        place = place_of(self.ring, token)
        subscriber = place.subscriber if place else None
        if subscriber is None and recipient is not None:
            marked = await self.mark(recipient, Code(550, (5, 7, 0)), "policy")
            subscriber = marked[0] if marked else None
        if subscriber is None:
            return "forged"
        now = self.clock.now()
        whose = subscriber

        def decide(known: Subscriber) -> Subscriber:
            return leaves(known, None, "complaint", now)

        async def beside(session: Session, _: Change) -> None:
            blind = await self.mailboxes.fingerprint(whose, session, by=_BY)
            if blind is not None:
                await self.suppressions.add(session, Suppression(blind, "complaint", now))

        changed = await self.change(whose, decide, beside, by=_BY)
        return "counted" if changed else "unknown"
