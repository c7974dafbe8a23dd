"""A refusal is a small named thing: the rule that said no, with words for the person who asked."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """An expected no. Subclass it once per rule.

    `kind` is stable and kebab-case; `sv` and `en` are sentences for people, format strings over
    `facts`. Facts are our own numbers, ids and dates, never anything that the asker sent.
    """

    kind: ClassVar[str] = "refused"
    sv: ClassVar[str] = "Det går inte att göra så."
    en: ClassVar[str] = "That cannot be done."

    def __init__(self, **facts: object) -> None:
        super().__init__(self.kind)
        self.facts = facts
        self.recorded = False
        """Whether the audit knows of it already."""

    @property
    def rule(self) -> str:
        """What said no, as a code: told to the audit, never to whoever asked."""
        return self.kind

    def says(self, language: str) -> str:
        """The sentence in Swedish (`sv`) or English (anything else)."""
        return (self.sv if language == "sv" else self.en).format(**self.facts)


class NotFound(Refusal):
    """Unknown, or not visible to the one who asks: the two answers look the same."""

    kind = "not-found"
    sv = "Det du söker finns inte, eller så har du inte tillgång till det."
    en = "What you are looking for does not exist, or you have no access to it."


class Forbidden(Refusal):
    """The asker is known but has no right to this."""

    kind = "forbidden"
    sv = "Du har inte behörighet att göra det här."
    en = "You do not have the right to do this."


class StepUpNeeded(Refusal):
    """The asker may do this, and must prove anew who they are first (RFC 9470).

    `max_age` is the age in seconds that a proof may have here.
    """

    kind = "step-up-needed"
    sv = "Logga in igen för att göra det här: det var för länge sedan du visade vem du är."
    en = "Sign in again to do this: it is too long since you proved who you are."

    def __init__(self, max_age: int) -> None:
        super().__init__(max_age=max_age)


class VersionConflict(Refusal):
    """Somebody else changed it first; load it again and decide again."""

    kind = "version-conflict"
    sv = "Någon annan har ändrat detta under tiden. Läs in det igen och försök på nytt."
    en = "Somebody else has changed this meanwhile. Load it again and retry."


class ChangedElsewhere(Refusal):
    """What is to be changed is another version than the one that was read. Not tried again."""

    kind = VersionConflict.kind
    sv = VersionConflict.sv
    en = VersionConflict.en


class TooBusy(Refusal):
    """Others were faster so many times that it is kinder to say so than to make one wait."""

    kind = "too-busy"
    sv = "Många gör samma sak just nu. Försök igen om några sekunder."
    en = "Many are doing the same at this moment. Try again in a few seconds."
