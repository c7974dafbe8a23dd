"""A newsletter as a test letter: what its readers would get, to one of them, marked as a test."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from services.publishing.domain.letter import Letter, Written
from services.publishing.domain.links import Place, key_of, preference_token, unsubscribe_token
from services.publishing.domain.newsletter import Text
from services.publishing.domain.stamps import Keyring
from services.publishing.domain.subscriber import Contact
from services.publishing.domain.suppression import stops
from services.publishing.use_cases.newsletters import Newsletters
from services.publishing.use_cases.preview_newsletter import Preview, PreviewNewsletter
from services.publishing.use_cases.subscriber_ports import (
    Fingerprinting,
    Subscribers,
    Suppressions,
)
from shared.kernel.actor import housekeeping
from shared.kernel.refusal import NotFound, Refusal

_BY = housekeeping("write-test-letter")
MARK = "[Test] "


@dataclass(frozen=True, slots=True)
class WriteTestLetter:
    """Looked up when it leaves; its links are the reader's own, and work."""

    ring: Keyring
    newsletters: Newsletters
    subscribers: Subscribers
    suppressions: Suppressions
    fingerprints: Fingerprinting
    preview: PreviewNewsletter

    async def __call__(self, letter: Letter) -> Written | None:
        """None when there is nothing to say any more, or nobody who may be written to."""
        reader = uuid.UUID(letter.about)
        contact = await self.subscribers.contact(reader, by=_BY)
        if contact is None or await self._is_stopped(contact):
            return None
        try:
            newsletter = await self.newsletters.read(letter.facts["newsletter"], by=_BY)
        except NotFound:
            return None
        text = (newsletter.issue or newsletter.texts).get(letter.language)
        if text is None:
            return None
        tokens = {
            "unsubscribe": unsubscribe_token(self.ring, Place(reader, key_of(newsletter.list_id))),
            "preferences": preference_token(self.ring, reader),
        }
        shown = await self._shown(newsletter.list_id, letter.language, text, contact, tokens)
        if shown is None or not shown.html:
            return None
        return Written(contact.address, MARK + shown.subject, shown.text, shown.html)

    async def _shown(
        self,
        list_id: str,
        language: str,
        text: Text,
        contact: Contact,
        tokens: dict[str, str],
    ) -> Preview | None:
        try:
            return await self.preview.words(
                list_id, language, text, name=contact.name, tokens=tokens, by=_BY
            )
        except Refusal:
            return None

    async def _is_stopped(self, contact: Contact) -> bool:
        blind = self.fingerprints.of(contact.address)
        causes = await self.suppressions.causes([blind], by=_BY)
        return stops(causes.get(blind, ()), "newsletter") is not None
