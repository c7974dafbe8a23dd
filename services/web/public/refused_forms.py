"""A form that was not taken: its page again, saying why, with the booking as it is now."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from services.web.asking import SaidNo
from services.web.pages import Pages
from services.web.participant_api import MyBooking, ParticipantApi
from services.web.public.visits import Visits
from services.web.storage.sessions import Visit

BOOKING, CANCEL, OFFER = "/min-bokning", "/min-bokning/avboka", "/erbjudande"
_LONGEST_NUMBER = 4


class NotANumber(SaidNo):
    """A head count that is not written in figures."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "not-a-number", 422)


def number(text: str, words: str) -> int:
    """A head count; raises NotANumber with these words."""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise NotANumber(words)
    return int(text)


class RefusedForms:
    """Shows the form again where that helps, else the booking; never a dead end."""

    def __init__(self, pages: Pages, api: ParticipantApi, visits: Visits) -> None:
        self._pages, self._api, self._visits = pages, api, visits

    async def again(
        self,
        request: Request,
        visit: Visit,
        no: SaidNo,
        where: str,
        wrote: Mapping[str, str] | None = None,
    ) -> Response:
        """The page of `where`, or the booking when there is nothing to do there any more.

        What was `wrote` stands in the fields again. Raises what reading the booking raises.
        """
        booking = await self._api.my_booking(self._visits.holder(request, visit.link_secret))
        here, template = _page_for(where, booking)
        words, changed = self._pages.words(request), no.why == "version-conflict"
        return self._pages.show(
            request,
            template,
            visit=visit,
            status=no.status,
            here=here,
            booking=booking,
            done="",
            wrong=words("error_changed_meanwhile")
            if changed
            else words.refusal(no.why, no.sentence),
            wrote=wrote or {},
        )


def _page_for(where: str, booking: MyBooking) -> tuple[str, str]:
    open_still = booking.state in ("confirmed", "waiting") and not booking.occasion.has_started
    if where == CANCEL and open_still:
        return CANCEL, "cancel.html"
    if where == OFFER and booking.offer:
        return OFFER, "offer.html"
    return BOOKING, "booking.html"
