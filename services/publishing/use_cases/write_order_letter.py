"""The letters to whoever ordered prints: it has come in, it is on its way, it is cancelled.

Nothing that was typed into the form stands in them: it can be filled in with somebody else's
address, and must not become a way to write to them. Which language they read nobody asked: both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Literal, NamedTuple

from services.publishing.domain.address import address
from services.publishing.domain.letter import Letter, Written
from services.publishing.domain.print_order import PrintOrder
from services.publishing.domain.suppression import stops
from services.publishing.use_cases.publication_ports import Editions, PrintOrders
from services.publishing.use_cases.subscriber_ports import Fingerprinting, Suppressions
from shared.kernel.actor import housekeeping
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound
from shared.privacy.derived_link import DerivedLinks

_BY = housekeeping("write-order-letter")
Said = Literal["received", "sent", "cancelled"]
_STILL_TRUE: Mapping[Said, frozenset[str]] = {
    "received": frozenset({"received", "packed", "sent", "delivered"}),
    "sent": frozenset({"sent", "delivered"}),
    "cancelled": frozenset({"cancelled"}),
}


class _Words(NamedTuple):
    subject: str
    what: str
    look: str
    not_you: str


_NOT_YOU = {
    "sv": "Var det inte du som beställde? Då kan du avboka på samma sida.",
    "en": "Was it not you who ordered? Then you can cancel on the same page.",
}
_LOOK = {"sv": "Se beställningen här", "en": "See the order here"}
_WORDS: Mapping[Said, Mapping[str, tuple[str, str]]] = {
    "received": {
        "sv": ("Vi har tagit emot er beställning", "Exemplaren är undanlagda åt er:"),
        "en": ("We have received your order", "The copies are set aside for you:"),
    },
    "sent": {
        "sv": ("Er beställning är på väg", "Det här är skickat med posten:"),
        "en": ("Your order is on its way", "This has been sent by post:"),
    },
    "cancelled": {
        "sv": ("Er beställning är avbokad", "Det här kommer inte, och inget mer behöver göras:"),
        "en": ("Your order is cancelled", "This will not come, and nothing more need be done:"),
    },
}
_OURS = {
    "sv": "Vi kunde inte skicka den, oftast för att exemplaren har tagit slut. Beställ gärna igen "
    "när de finns.",
    "en": "We could not send it, mostly because there are no copies left. Please order again when "
    "there are.",
}


def order_letter(order: PrintOrder, said: Said, now: datetime) -> Letter:
    """To be sent in the transaction of what it tells; whom to is looked up when it leaves."""
    return Letter(new_id(), "print-order", order.id, "sv", now, {"said": said}, made_at=now)


@dataclass(frozen=True, slots=True)
class WriteOrderLetter:
    """`site` is where the links lead, without a slash at its end."""

    orders: PrintOrders
    editions: Editions
    suppressions: Suppressions
    fingerprints: Fingerprinting
    links: DerivedLinks
    site: str
    sender_name: str

    async def __call__(self, letter: Letter) -> Written | None:
        """None when it is not so any more, the contact is forgotten, or the address is stopped."""
        said: Said = letter.facts["said"]
        try:
            order = await self.orders.read(letter.about, by=_BY)
        except NotFound:
            return None
        contact = await self.orders.contact(order.id, by=_BY)
        if contact is None or order.state not in _STILL_TRUE[said]:
            return None
        to = address(contact.email)
        blind = self.fingerprints.of(to)
        causes = await self.suppressions.causes([blind], by=_BY)
        if stops(causes.get(blind, ()), "transactional"):
            return None
        edition = await self.editions.read(order.publication_id, order.edition, by=_BY)
        title = edition.texts[order.language].title
        link = f"{self.site}/bestallning/{self.links.secret_of(order.id)}"
        words = {tag: self._words(order, said, tag) for tag in ("sv", "en")}
        return Written(
            to,
            f"{words['sv'].subject} · {words['en'].subject}",
            self._text(order, title, link, words),
            _html(order, title, link, words, self.sender_name),
        )

    def _words(self, order: PrintOrder, said: Said, language: str) -> _Words:
        subject, what = _WORDS[said][language]
        last = _OURS[language] if order.ended_by == "by-staff" else ""
        if said == "received":
            last = _NOT_YOU[language]
        return _Words(subject, what, _LOOK[language], last)

    def _text(self, order: PrintOrder, title: str, link: str, words: Mapping[str, _Words]) -> str:
        parts = []
        for each in words.values():
            last = ["", each.not_you] if each.not_you else []
            item = f"- {order.copies} × {title} ({order.number})"
            parts.append("\n".join([each.what, "", item, "", f"{each.look}:", link, *last]))
        return "\n\n---\n\n".join(parts) + f"\n\n{self.sender_name}\n"


def _html(
    order: PrintOrder, title: str, link: str, words: Mapping[str, _Words], sender_name: str
) -> str:
    sections = "".join(
        f'<section lang="{tag}"><p>{escape(each.what)}</p>'
        f"<ul><li>{order.copies} × {escape(title)} ({escape(order.number)})</li></ul>"
        f'<p><a href="{escape(link)}">{escape(each.look)}</a></p>'
        + (f"<p>{escape(each.not_you)}</p>" if each.not_you else "")
        + "</section>"
        for tag, each in words.items()
    )
    return (
        '<!DOCTYPE html>\n<html lang="sv"><head><meta charset="utf-8">'
        f"<title>{escape(words['sv'].subject)}</title></head><body><main>{sections}"
        f"<p>{escape(sender_name)}</p></main></body></html>\n"
    )
