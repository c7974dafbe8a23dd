"""What feeds say no to, in words for the person who asked."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class FilterMakesNoSense(Refusal):
    """A type that cannot be one of ours, a place without a name, or too many of either."""

    kind = "filter-makes-no-sense"
    sv = (
        "Filtret går inte att läsa. Typer ser ut som se.safespace.booking.occasion-published.v1 "
        "eller se.safespace.booking.*, platser har ett namn, och av varje får det vara högst 50."
    )
    en = (
        "The filter cannot be read. Types look like se.safespace.booking.occasion-published.v1 or "
        "se.safespace.booking.*, places have a name, and there are at most 50 of each."
    )


class KeyDoesNotOpen(Refusal):
    """No such key, expired, revoked, from another address: which of them is not told."""

    kind = "key-does-not-open"
    sv = "Nyckeln öppnar inget här. Kontrollera att den är hel, aktuell och får användas härifrån."
    en = "The key opens nothing here. Check that it is whole, current, and may be used from here."


class KeyIsMistyped(Refusal):
    """Its checksum is wrong: nobody had to be asked to know that."""

    kind = "key-is-mistyped"
    sv = "Nyckeln är felskriven eller avklippt. Kopiera den på nytt."
    en = "The key is mistyped or cut off. Copy it again."


class ScopeMissing(Refusal):
    """The partner is known, and this is not among what it may do."""

    kind = "scope-missing"
    sv = "Er anslutning omfattar inte det här ({scope}). Be Safe Space att utöka den."
    en = "Your connection does not include this ({scope}). Ask Safe Space to extend it."


class TwoKeysAlready(Refusal):
    """Rotation needs two; a third would be forgotten somewhere."""

    kind = "two-keys-already"
    sv = "Det finns redan två nycklar som gäller. Återkalla en av dem först."
    en = "There are two working keys already. Revoke one of them first."


class PartnerHasLeft(Refusal):
    """The connection has been ended."""

    kind = "partner-has-left"
    sv = "Anslutningen är avslutad."
    en = "The connection has been ended."


class NameIsTaken(Refusal):
    """Partners are told apart by their short name."""

    kind = "partner-name-is-taken"
    sv = "Det finns redan en partner med det namnet."
    en = "There is a partner of that name already."


class NotASubscriber(Refusal):
    """Names, networks and scopes that nobody can have."""

    kind = "partner-makes-no-sense"
    sv = (
        "Uppgifterna går inte att använda: kortnamnet är 3–40 tecken (a–z, 0–9, -), näten skrivs "
        "som 192.0.2.0/24 och omfattningen är en av dem som finns."
    )
    en = (
        "This cannot be used: the short name is 3–40 characters (a–z, 0–9, -), networks are "
        "written as 192.0.2.0/24, and the scope is one of those that exist."
    )


class AddressNotAllowed(Refusal):
    """A webhook may go to a public name on the internet over https, and nowhere else."""

    kind = "address-not-allowed"
    sv = (
        "Dit kan vi inte skicka. Adressen ska vara https till ett namn på internet, port 443 eller "
        "8443, utan användarnamn i adressen."
    )
    en = (
        "We cannot send there. The address is https to a name on the internet, port 443 or 8443, "
        "with no user name in it."
    )


class TooManyEndpoints(Refusal):
    """Each costs connections."""

    kind = "too-many-webhooks"
    sv = "Ni har redan {most} webhookar. Ta bort en först."
    en = "You have {most} webhooks already. Remove one first."


class FromWhere(Refusal):
    """A replay begins somewhere."""

    kind = "from-where"
    sv = "Säg varifrån: efter en position (after) eller från en tid (since), ett av dem."
    en = "Say from where: after a position (after) or since a time (since), one of them."


class UnknownPosition(Refusal):
    """Nothing in the log has that id."""

    kind = "unknown-position"
    sv = "Det id du fortsätter efter finns inte i flödet. Börja om från början, eller från en tid."
    en = "The id you go on after is not in the feed. Begin at the beginning, or at a time."


class BulletinNotAllowed(Refusal):
    """The text holds something that could point at a person; where, but never what."""

    kind = "bulletin-points-at-somebody"
    sv = "Texten innehåller {what} på tecken {start}–{end}. Skriv utan uppgifter om någon person."
    en = "The text holds {what} at characters {start}–{end}. Write without details of any person."


class NamesToConfirm(Refusal):
    """Words that look like somebody's name: the poster says that they are none."""

    kind = "bulletin-may-name-somebody"
    sv = (
        "På tecken {places} står något som kan vara ett namn. Ta bort det, eller bekräfta att det "
        "inte är en person."
    )
    en = (
        "At characters {places} there is something that may be a name. Remove it, or confirm that "
        "it is not a person."
    )


class BulletinMakesNoSense(Refusal):
    """A period that ends before it begins, a kind nobody knows, no area."""

    kind = "bulletin-makes-no-sense"
    sv = "Uppgifterna hänger inte ihop: perioden ska börja före den slutar och vara högst ett år."
    en = "This does not fit together: the period begins before it ends and is a year at most."


class BulletinIsDecided(Refusal):
    """An editor has approved or declined it, or it was withdrawn."""

    kind = "bulletin-is-decided"
    sv = "Meddelandet är redan avgjort eller tillbakadraget."
    en = "The bulletin has been decided on or withdrawn already."


class EndpointIsOff(Refusal):
    """A webhook that was switched off gets nothing, not even a test."""

    kind = "webhook-is-off"
    sv = "Webhooken är avstängd. Slå på den först."
    en = "The webhook is switched off. Switch it on first."


class OffByStaff(Refusal):
    """Staff switched a webhook off: it, and its receiver, are called again when they say so."""

    kind = "webhook-switched-off-by-staff"
    sv = "Safe Space har stängt av webhooken. Hör av er till oss, så slår vi på den igen."
    en = "Safe Space has switched this webhook off. Talk to us, and we will switch it on again."


class TooManyBulletins(Refusal):
    """A warning a day is news; twenty are noise, or somebody else with the key."""

    kind = "too-many-bulletins"
    sv = "Ni har lämnat {most} varningar det senaste dygnet. Vänta, eller hör av er till oss."
    en = "You have posted {most} warnings in the last day. Wait, or talk to us."
