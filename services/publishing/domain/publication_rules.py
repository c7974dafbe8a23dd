"""The rules about publications that can say no."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class AddressNotPlain(Refusal):
    """It stands in links that people keep."""

    kind = "address-not-plain"
    sv = "Adressen skrivs med 2–60 tecken: små bokstäver a–z, siffror och bindestreck."
    en = "The address is 2 to 60 characters: small letters a–z, digits and hyphens."


class PublicationIsKnown(Refusal):
    """Addresses are given once."""

    kind = "publication-is-known"
    sv = "Det finns redan en publikation med den adressen."
    en = "There is a publication with that address already."


class OneHandbook(Refusal):
    """Mentors confirm that they have read the handbook: there is one."""

    kind = "one-handbook"
    sv = "Det finns redan en handbok. Ge ut en ny utgåva av den."
    en = "There is a handbook already. Release a new edition of it."


class LanguageUnknown(Refusal):
    """Languages are written as in BCP 47."""

    kind = "language-unknown"
    sv = "Skriv språket som en kod i små bokstäver, till exempel sv, en eller ar."
    en = "Write the language as a code in small letters, for example sv, en or ar."


class TooManyLanguages(Refusal):
    """A draft is one document."""

    kind = "too-many-languages"
    sv = "Högst {most} språk i en publikation."
    en = "At most {most} languages in a publication."


class TitleMissing(Refusal):
    """Screen readers say the title first."""

    kind = "title-missing"
    sv = "Varje språk behöver en rubrik; rubrik och sammanfattning får ha högst {limit} tecken."
    en = "Each language needs a title; title and summary have at most {limit} characters."


class SwedishMissing(Refusal):
    """Swedish first; other languages beside it."""

    kind = "swedish-missing"
    sv = "Skriv den svenska texten innan utgåvan ges ut."
    en = "Write the Swedish text before the edition is released."


class NothingHasChanged(Refusal):
    """Two editions that are the same confuse."""

    kind = "nothing-has-changed"
    sv = "Texten är densamma som i den senaste utgåvan."
    en = "The text is the same as in the newest edition."


class ChangeNoteMissing(Refusal):
    """Who has read the last one wants to know what is new."""

    kind = "change-note-missing"
    sv = "Berätta på varje språk vad som är nytt."
    en = "Tell in each language what is new."


class ChangeNoteTooLong(Refusal):
    """A few sentences."""

    kind = "change-note-too-long"
    sv = "En ändringsnotis får ha högst {limit} tecken."
    en = "A change note has at most {limit} characters."


class PictureMissing(Refusal):
    """The text names a file that nobody has uploaded."""

    kind = "picture-missing"
    sv = "En bild i texten ({language}) är inte uppladdad."
    en = "A picture in the text ({language}) is not uploaded."


class EditionTooLarge(Refusal):
    """Who reads it may pay for every megabyte, and it is kept for ever."""

    kind = "edition-too-large"
    sv = "PDF:en blir större än {mib} MB. Använd mindre bilder."
    en = "The PDF would be larger than {mib} MB. Use smaller pictures."
