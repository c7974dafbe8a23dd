"""From a message's facts to words: rendered when needed, for one channel, and never stored."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notifications.domain.parts import plain
from services.notifications.domain.recipient_card import Contact
from services.notifications.use_cases.dates_in_words import briefly, clock, moment
from services.notifications.use_cases.templates import Template, letter_html, pieces

_DEFAULT_ZONE = "Europe/Stockholm"


class Undeclared(LookupError):
    """A template's facts lack a variable that it declares."""


@cache
def _environment(language: str) -> ImmutableSandboxedEnvironment:
    parts = {name: texts[language] for name, texts in pieces().items()}
    return ImmutableSandboxedEnvironment(
        loader=DictLoader(parts), undefined=StrictUndefined, autoescape=False
    )


@cache
def _html_letter() -> Any:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    return environment.from_string(letter_html())


@cache
def _compiled(text: str, language: str) -> Any:
    return _environment(language).from_string(text)


def words(text: str, language: str, variables: Mapping[str, Any]) -> str:
    """One text with its variables filled in.

    Raises:
        jinja2.UndefinedError: the text uses a name that is not among the variables.
    """
    return str(_compiled(text, language).render(variables))


def sms(template: Template, language: str, variables: Mapping[str, Any]) -> str:
    """The SMS. Typographic signs in the facts become their cheap twins, so that it stays cheap."""
    cheap = {name: plain(v) if isinstance(v, str) else v for name, v in variables.items()}
    return plain(words(template.sms[language], language, cheap)).strip()


def email(template: Template, language: str, variables: Mapping[str, Any]) -> tuple[str, str, str]:
    """Subject, plain text, HTML."""
    subject = " ".join(words(template.subject[language], language, variables).split())
    text = words(template.text[language], language, variables).strip() + "\n"
    paragraphs = [part.strip().split("\n") for part in text.split("\n\n")]
    html = _html_letter().render(language=language, subject=subject, paragraphs=paragraphs)
    return subject, text, str(html)


def inbox(template: Template, language: str, variables: Mapping[str, Any]) -> tuple[str, str]:
    """Title and body for the inbox."""
    return (
        words(template.title[language], language, variables),
        words(template.body[language], language, variables),
    )


def variables_of(
    template: Template, facts: Mapping[str, Any], contact: Contact, front_door: str
) -> dict[str, Any]:
    """The declared variables and nothing else, made from the stored facts.

    Raises:
        Undeclared: a fact that the template declares is missing.
    """
    known = {**facts, **_derived(facts, contact)}
    known["link"] = _link(template, contact, front_door)
    missing = [name for name in template.variables if name not in known]
    if missing:
        raise Undeclared(f"{template.name}: {', '.join(missing)}")
    return {name: known[name] for name in template.variables}


def _derived(facts: Mapping[str, Any], contact: Contact) -> dict[str, Any]:
    language, zone = contact.language, facts.get("zone", _DEFAULT_ZONE)
    made: dict[str, Any] = {}
    if "starts_at" in facts:
        made["when"] = moment(facts["starts_at"], zone, language)
        made["ends"] = clock(facts["ends_at"], zone)
        made["briefly"] = briefly(facts["starts_at"], zone, language)
    if "deadline" in facts:
        made["deadline"] = moment(facts["deadline"], zone, language)
    if "before_starts_at" in facts:
        made["before_when"] = moment(facts["before_starts_at"], zone, language)
    if "codes" in facts:
        made["codes"] = [_named(offer, language) for offer in facts["codes"]]
    return made


def _named(offer: Mapping[str, Any], language: str) -> dict[str, Any]:
    """An offer with its day in words: two of them may well be of the same title."""
    starts_at = offer.get("starts_at")
    when = moment(starts_at, offer["zone"], language) if starts_at else ""
    return {"code": offer["code"], "title": offer["title"], "when": when}


def _link(template: Template, contact: Contact, front_door: str) -> str:
    if not contact.link_secret:
        return front_door
    where = "?till=erbjudande" if "deadline" in template.variables else ""
    return f"{front_door.rstrip('/')}/m/{contact.link_secret}{where}"
