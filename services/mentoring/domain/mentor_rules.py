"""The rules of a mentor's profile that can say no."""

from __future__ import annotations

from shared.kernel.refusal import Refusal


class LimitOutOfRange(Refusal):
    """A mentor has 0 to 5 mentees."""

    kind = "limit-out-of-range"
    sv = "En mentor kan ha mellan {least} och {most} adepter."
    en = "A mentor can have between {least} and {most} mentees."


class LanguageMissing(Refusal):
    """A mentor speaks at least one language."""

    kind = "language-missing"
    sv = "Ange minst ett språk."
    en = "Give at least one language."


class CodeOutOfShape(Refusal):
    """Codes are short words in lower case, so that they are compared as they stand."""

    kind = "code-out-of-shape"
    sv = "Koder skrivs med små bokstäver, siffror och bindestreck, högst {most} tecken."
    en = "Codes are written in lower-case letters, digits and hyphens, at most {most} characters."


class DayNotYet(Refusal):
    """A training or a background check has been."""

    kind = "day-not-yet"
    sv = "Den dagen har inte varit än."
    en = "That day has not been yet."


class EditionUnknown(Refusal):
    """Only an edition that is out can be read."""

    kind = "edition-unknown"
    sv = "Den utgåvan av handboken finns inte."
    en = "There is no such edition of the handbook."


class TimesOutOfShape(Refusal):
    """A time of the week begins before it ends, on one day."""

    kind = "times-out-of-shape"
    sv = "En tid börjar före den slutar, på samma dag."
    en = "A time begins before it ends, on the same day."
