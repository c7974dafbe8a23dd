"""The rules of consents and shares that can say no."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class GuardianNeeded(Refusal):
    """Under 13 a guardian consents; for a story in public, under 18 as well."""

    kind = "guardian-needed"
    sv = "Här behövs vårdnadshavarens samtycke."
    en = "A guardian's consent is needed here."


class PersonNeeded(Refusal):
    """From 13 nobody consents instead of the young person."""

    kind = "person-needed"
    sv = "Den unga personen behöver själv samtycka."
    en = "The young person needs to consent themselves."


class ConsentExpires(Refusal):
    """A consent has a last day, within a year."""

    kind = "consent-expires"
    sv = "Ett samtycke gäller till en dag som kommer, högst ett år framåt."
    en = "A consent counts until a day to come, at most one year ahead."


class ConsentTextUnknown(Refusal):
    """Somebody says yes to words that they have read: to the newest wording for this purpose."""

    kind = "consent-text-unknown"
    sv = "Välj den senaste versionen av en samtyckestext för det här ändamålet."
    en = "Choose the newest version of a consent text for this purpose."


class ConsentIsWithdrawn(Refusal):
    """A consent is withdrawn once; a new yes is a new consent."""

    kind = "consent-is-withdrawn"
    sv = "Samtycket är redan återkallat."
    en = "The consent has already been withdrawn."


class ConsentMissing(Refusal):
    """Nothing is shared without a valid consent for this purpose and this recipient."""

    kind = "consent-missing"
    sv = "Det finns inget giltigt samtycke för det här ändamålet och den här mottagaren."
    en = "There is no valid consent for this purpose and this recipient."


class ShareTooWide(Refusal):
    """Only what the purpose needs is shared; the log of readers and the referral never are."""

    kind = "share-too-wide"
    sv = "Välj bara sådant som får delas för det här ändamålet."
    en = "Choose only what may be shared for this purpose."


class ShareIsOver(Refusal):
    """A share ends once."""

    kind = "share-is-over"
    sv = "Delningen är redan avslutad."
    en = "The share has already ended."


class ShareTooLong(Refusal):
    """A share has an end; without consent it lasts 14 days at most."""

    kind = "share-too-long"
    sv = "Delningen kan gälla till som längst {until}."
    en = "The share can last until {until} at the longest."
