"""What can be wrong with a manuscript; the line, from 1, is told and nothing of the text."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class ManuscriptTooLong(Refusal):
    """A handbook of some hundred pages fits well."""

    kind = "manuscript-too-long"
    sv = "Texten får vara högst {limit} tecken."
    en = "The text may be at most {limit} characters."


class TooManyPieces(Refusal):
    """Each mark costs whoever sets the text some memory and time, and everybody else waits."""

    kind = "too-many-pieces"
    sv = (
        "Texten har för många rader, listpunkter, tabellrutor, länkar och betoningar: högst {limit}"
        " tillsammans. Dela den i två publikationer."
    )
    en = (
        "The text has too many lines, list items, cells, links and stressed words: at most {limit}"
        " together. Make two publications of it."
    )


class NestedTooDeep(Refusal):
    """Lists in lists in quotes: nobody can follow it on paper."""

    kind = "nested-too-deep"
    sv = "Listor och citat ligger för djupt i varandra (rad {line})."
    en = "Lists and quotations are nested too deep (line {line})."


class PictureInTheText(Refusal):
    """A picture has its own place: with words before it on the line it would tear them apart."""

    kind = "picture-in-the-text"
    sv = "Ställ bilden på rad {line} i ett eget stycke."
    en = "Put the picture on line {line} in a paragraph of its own."


class PictureIsElsewhere(Refusal):
    """Readers' programs fetch nothing from other people's servers."""

    kind = "picture-is-elsewhere"
    sv = "Ladda upp bilden på rad {line} till publikationen och skriv dess filnamn."
    en = "Upload the picture on line {line} to the publication and write its file name."


class LinkGoesNowhere(Refusal):
    """A link inside the text names a heading that is there."""

    kind = "link-goes-nowhere"
    sv = "Länken på rad {line} leder till en rubrik som inte finns."
    en = "The link on line {line} leads to a heading that is not there."


class HeadingInside(Refusal):
    """A heading in a list or a quotation would not be found in the table of contents."""

    kind = "heading-inside"
    sv = "Rubriken på rad {line} står i en lista eller ett citat. Ställ den för sig."
    en = "The heading on line {line} is in a list or a quotation. Put it by itself."


class NothingWritten(Refusal):
    """An edition has a text in each of its languages."""

    kind = "nothing-written"
    sv = "Det finns ingen text än."
    en = "There is no text yet."


class CannotBeSet(Refusal):
    """The typesetter's own check (PDF/UA-1) said no."""

    kind = "cannot-be-set"
    sv = "Texten ({language}) går inte att göra till en tillgänglig PDF. Se efter bilderna."
    en = "The text ({language}) cannot be made an accessible PDF. Look at the pictures."


class CharacterWithoutFont(Refusal):
    """No typeface of ours has this character: on paper there would be a box."""

    kind = "character-without-font"
    sv = "Ett tecken i texten ({language}) finns inte i våra typsnitt: {codepoint}. Byt ut det."
    en = "A character in the text ({language}) is not in our typefaces: {codepoint}. Replace it."
