"""An editor has a newsletter sent to a few addresses, to see it where it will be read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.publishing.domain.languages import well_formed
from services.publishing.domain.letter import Letter
from services.publishing.domain.newsletter import NothingWritten
from services.publishing.domain.subscriber import Subscriber
from services.publishing.use_cases.newsletters import Newsletters
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.see_subscribers import FindByAddress
from services.publishing.use_cases.subscriber_ports import Letters
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound, Refusal


class TestReaderUnknown(Refusal):
    """A test is no way to write to somebody who has not asked for anything."""

    kind = "test-reader-unknown"
    sv = "Testbrev går bara till adresser som prenumererar på något av våra nyhetsbrev."
    en = "Test letters go only to addresses that subscribe to one of our newsletters."


@dataclass(frozen=True, slots=True)
class SendTestLetters:
    """Send the letter as it is now, marked as a test, to addresses that subscribe to something.

    The words are read when it leaves, a moment later. Addresses that asked not to be written to get
    none. Looking up an address leaves a trace.
    """

    newsletters: Newsletters
    find: FindByAddress
    letters: Letters
    transact: Transact
    clock: Clock

    async def __call__(
        self,
        newsletter_id: str,
        language: str,
        to: Sequence[str],
        *,
        by: Actor,
        also: Callable[[Session, int], Awaitable[None]],
    ) -> int:
        """How many are on their way.

        Raises:
            NotFound, NothingWritten (in this language), NotAnAddress, TestReaderUnknown.
        """
        newsletter = await self.newsletters.read(newsletter_id, by=by)
        tag = well_formed(language)
        if tag is None or tag not in (newsletter.issue or newsletter.texts):
            raise NothingWritten
        readers = {each.id: each for each in [await self._reader(text, by) for text in to]}
        letters = [self._letter(each, newsletter_id, tag) for each in readers.values()]

        async def work(session: Session) -> int:
            await self.letters.add(session, letters)
            await also(session, len(letters))
            return len(letters)

        return await self.transact(work)

    async def _reader(self, text: str, by: Actor) -> Subscriber:
        try:
            found = await self.find(text, by=by)
        except NotFound:
            raise TestReaderUnknown from None
        if not found.confirmed:
            raise TestReaderUnknown
        return found

    def _letter(self, to: Subscriber, newsletter_id: str, language: str) -> Letter:
        now, facts = self.clock.now(), {"newsletter": newsletter_id}
        return Letter(new_id(), "test", str(to.id), language, now, facts, made_at=now)
