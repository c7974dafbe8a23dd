"""Take a newsletter out of archive and feed."""

from __future__ import annotations

from dataclasses import dataclass

from services.publishing.domain import newsletter as rules
from services.publishing.domain.newsletter import Because, Newsletter
from services.publishing.use_cases.newsletters import Also, Newsletters
from services.publishing.use_cases.ports import Transact
from services.publishing.use_cases.write_newsletter import save
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import VersionConflict


@dataclass(frozen=True, slots=True)
class RedactNewsletter:
    """Take it out of the archive and of the feeds, words and all, for good.

    What is in people's mail already stays there; a mailing of it that has begun can be cancelled.
    The reason is one of a few, since free words would say again what is to be gone.
    """

    newsletters: Newsletters
    transact: Transact
    clock: Clock

    async def __call__(
        self, newsletter_id: str, because: Because, *, version: int, by: Actor, also: Also
    ) -> Newsletter:
        """Raises NotPublished; once more is quiet."""
        known = await self.newsletters.read(newsletter_id, by=by)
        if known.version != version:
            raise VersionConflict
        redacted = rules.redact(known, because, self.clock.now())
        return await save(self.newsletters, self.transact, redacted, by, also)
