"""A party asks for places on an occasion: confirmed, put in line, or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from services.booking.domain.occasion import Occasion
from services.booking.domain.party import Party
from services.booking.domain.requesting import WhenFull
from services.booking.spreadsheets.contact import Contact
from services.booking.use_cases.contact_cards import ConsultationNotOpen, ContactCards
from services.booking.use_cases.decisions import Decisions
from services.booking.use_cases.ports import Bookings, People
from services.booking.use_cases.records import NewBooking
from services.booking.use_cases.standing import Standing, standing_of
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.contracts.event import News
from shared.kernel.actor import ANYBODY
from shared.kernel.ids import BookingId, OccasionId, RecipientId, new_id
from shared.kernel.refusal import NotFound, Refusal
from shared.observability.cause import current_cause
from shared.privacy.link_secret import Link, new_link

A = TypeVar("A")
NEEDS = "needs"


class QuestionMissing(Refusal):
    """A consultation is about something."""

    kind = "question-missing"
    sv = "Skriv vad rådgivningen ska handla om i fältet question."
    en = "Write what the consultation is to be about in the field question."


class QuestionNotAsked(Refusal):
    """Only a consultation takes a question; elsewhere it would lie about unread."""

    kind = "question-not-asked"
    sv = "Den här aktiviteten tar inte emot någon fråga."
    en = "This activity does not take a question."


class BookedAlready(Refusal):
    """The same form came again when its answer was no longer kept."""

    kind = "booked-already"
    sv = "De här platserna är redan bokade. Länken till bokningen står i meddelandet från oss."
    en = "These places are booked already. The link to the booking is in our message."


@dataclass(frozen=True, slots=True, repr=False)
class PlacesAsked:
    """What is asked for. Contact, needs and question are never stored as they are."""

    occasion_id: OccasionId
    party: Party
    contact: Contact
    when_full: WhenFull = "refuse"
    needs: str = ""
    question: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskForPlaces:
    """Book places, or join the line when it is full and `when_full` says `wait`.

    The contact is sealed for notifications at once. Needs are encrypted under the party's own key.
    """

    decisions: Decisions
    cards: ContactCards
    people: People
    bookings: Bookings

    async def __call__(
        self,
        asked: PlacesAsked,
        *,
        once: Any,
        present: Callable[[Standing], A],
        link: Link | None = None,
    ) -> A:
        """`link` is one that the asker knows already.

        Raises what the domain refuses, SealingKeyMissing, ConsultationNotOpen, BookedAlready.
        """
        if link is not None:
            if (kept := await self.decisions.ledger.answered(once)) is not None:
                return cast("A", kept)
            await self._ensure_new(link)
        recipient_id, link = RecipientId(new_id()), link or new_link()
        card = await self.cards.card(asked.contact, recipient_id, link)
        question = await self._question(asked)
        new = NewBooking(
            id=BookingId(new_id()),
            recipient_id=recipient_id,
            party=asked.party,
            link_hash=link.hash,
            created_at=self.decisions.moment().now,
            flags=(*asked.flags, *asked.contact.flags),
            needs=await self._sealed_needs(asked, recipient_id),
        )

        def decide(occasion: Occasion, moment: Moment) -> Taken[A]:
            sealed = _fitting(occasion, asked, question)
            taken = request_places(occasion, new, asked.when_full, moment)
            answer = present(standing_of(new, taken.occasion))
            return Taken(
                occasion=taken.occasion,
                answer=answer,
                facts=taken.facts,
                new=new,
                also=(card, *sealed),
            )

        return await self.decisions.decide(
            asked.occasion_id, Wish(decide, once=once, cause=current_cause())
        )

    async def _ensure_new(self, link: Link) -> None:
        try:
            await self.bookings.by_link(link.hash, by=ANYBODY)
        except NotFound:
            return
        raise BookedAlready

    async def _question(self, asked: PlacesAsked) -> News | ConsultationNotOpen | None:
        if not asked.question:
            return None
        try:
            return await self.cards.question(asked.question, asked.contact)
        except ConsultationNotOpen as not_open:
            return not_open

    async def _sealed_needs(
        self, asked: PlacesAsked, recipient_id: RecipientId
    ) -> Mapping[str, bytes] | None:
        if not asked.needs:
            return None
        await self.people.new_people([recipient_id])
        (sealed,) = await self.people.seal_many(
            [(recipient_id, {NEEDS: asked.needs}, needs_record(recipient_id))]
        )
        return sealed


def request_places(
    occasion: Occasion, new: NewBooking, when_full: WhenFull, moment: Moment
) -> Taken[None]:
    """The domain's decision about a new booking."""
    after, facts = occasion.request(
        new.id,
        new.recipient_id,
        new.party.size,
        when_full=when_full,
        flags=new.flags,
        **moment.given(),
    )
    return Taken(occasion=after, answer=None, facts=facts, new=new)


def needs_record(recipient_id: RecipientId) -> str:
    """What the ciphertext of needs is bound to."""
    return f"bookings/{recipient_id}"


def _fitting(
    occasion: Occasion, asked: PlacesAsked, question: News | ConsultationNotOpen | None
) -> tuple[News, ...]:
    """The sealed question where one belongs; only the occasion knows whether it does."""
    if occasion.kind != "consultation":
        if asked.question:
            raise QuestionNotAsked
        return ()
    if question is None:
        raise QuestionMissing
    if isinstance(question, ConsultationNotOpen):
        raise question
    return (question,)
