"""What a subscriber chose on the preference page: lists, language, and never again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.publishing.domain.languages import well_formed
from services.publishing.domain.subscription import Subscription, leave
from shared.kernel.refusal import Refusal


class NoSuchList(Refusal):
    """Only lists that are open to everybody can be chosen, or ones that somebody is on already."""

    kind = "no-such-list"
    sv = "Ett av de valda nyhetsbreven finns inte längre. Ladda om sidan och välj igen."
    en = "One of the chosen newsletters no longer exists. Reload the page and choose again."


class UnknownLanguage(Refusal):
    """A language is written as a short tag: sv, en, ar."""

    kind = "unknown-language"
    sv = "Välj ett språk i listan."
    en = "Choose a language from the list."


@dataclass(frozen=True, slots=True)
class Choice:
    """The page as it was sent in: everything at once, so that it works without JavaScript."""

    lists: frozenset[str]
    language: str
    never_again: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What a choice means: who stays, who leaves, and lists that need a new opt-in."""

    subscriptions: tuple[Subscription, ...]
    to_ask: frozenset[str]
    language: str
    suppress: bool


def chosen(
    choice: Choice, known: Mapping[str, Subscription], open_lists: Collection[str], now: datetime
) -> Effect:
    """Decide. A list that is chosen anew is asked for; the page alone does not subscribe.

    Raises:
        NoSuchList, UnknownLanguage: nothing is changed then.
    """
    language = well_formed(choice.language)
    if language is None:
        raise UnknownLanguage
    wanted = frozenset() if choice.never_again else choice.lists
    on = {list_id for list_id, each in known.items() if each.state == "confirmed"}
    if not wanted <= on | set(open_lists):
        raise NoSuchList
    after = tuple(
        each if list_id in wanted else leave(each, "preference-page", now)
        for list_id, each in known.items()
    )
    return Effect(after, wanted - on, language, choice.never_again)
