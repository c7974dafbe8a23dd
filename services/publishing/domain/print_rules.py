"""The rules about printed copies that can say no."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class CopiesOutOfRange(Refusal):
    """A whole number of copies."""

    kind = "copies-out-of-range"
    sv = "Antalet ska vara mellan {least} och {most}."
    en = "The number must be between {least} and {most}."


class OutOfStock(Refusal):
    """Nobody is promised what is not on the shelf."""

    kind = "out-of-stock"
    sv = "Det finns {left} exemplar kvar."
    en = "There are {left} copies left."


class OverTheLimit(Refusal):
    """So that there is something for every school."""

    kind = "over-the-limit"
    sv = "Skolan kan beställa {left} exemplar till det här läsåret."
    en = "The school can order {left} more copies this school year."


class OlderEdition(Refusal):
    """The shelf never goes back."""

    kind = "older-edition"
    sv = "På hyllan ligger redan utgåva {edition}, som är nyare."
    en = "Edition {edition}, which is newer, is on the shelf already."


class NotInThisOrderState(Refusal):
    """What was asked for cannot be done with an order in this state."""

    kind = "order-state"
    sv = "Det går inte nu: beställningen är {sv_state}."
    en = "That cannot be done now: the order is {state}."


class NotANumber(Refusal):
    """Order numbers end in a check character."""

    kind = "not-an-order-number"
    sv = "Det numret stämmer inte. Se efter i bekräftelsen."
    en = "That number is not right. Please look at the confirmation."


class SchoolMissing(Refusal):
    """Copies are for schools."""

    kind = "school-missing"
    sv = "Ange skolan."
    en = "Give the school."


class OrderedOtherwise(Refusal):
    """The same form, sent again with another content, is no second order."""

    kind = "ordered-otherwise"
    sv = "Den här beställningen är redan gjord, med annat innehåll. Börja om med ett nytt formulär."
    en = "This order was placed already, with another content. Please begin with a new form."


class ContactIncomplete(Refusal):
    """A parcel needs an address, and a question somebody to ask."""

    kind = "contact-incomplete"
    sv = "Ange namn, adress och en e-postadress som fungerar."
    en = "Give a name, an address, and an e-mail address that works."
