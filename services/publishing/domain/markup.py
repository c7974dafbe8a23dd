"""What every text of ours keeps, on paper, on the web and in a letter: it shuts nobody out."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class ImageWithoutWords(Refusal):
    """Who cannot see an image is told what it shows."""

    kind = "image-without-words"
    sv = "Beskriv varje bild med en alternativtext (rad {line})."
    en = "Describe every image with an alternative text (line {line})."


class LinkSaysNothing(Refusal):
    """A link has words, and an address that works wherever the text is read."""

    kind = "link-says-nothing"
    sv = "Länken på rad {line} behöver en text och en hel adress (https, mailto eller tel)."
    en = "The link on line {line} needs a text and a whole address (https, mailto or tel)."


class HeadingSkipsALevel(Refusal):
    """Screen readers go from heading to heading."""

    kind = "heading-skips-a-level"
    sv = "Rubriken på rad {line} hoppar över en nivå."
    en = "The heading on line {line} skips a level."
