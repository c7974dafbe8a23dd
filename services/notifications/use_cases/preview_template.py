"""Show what a template looks like, with sample facts and nobody's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from services.notifications.domain.parts import Size, size_of
from services.notifications.domain.recipient_card import Contact, Language
from services.notifications.use_cases import wording
from services.notifications.use_cases.templates import template

_FACTS = {
    "zone": "Europe/Stockholm",
    "starts_at": datetime(2027, 1, 28, 12, 30, tzinfo=UTC),
    "ends_at": datetime(2027, 1, 28, 14, 0, tzinfo=UTC),
    "deadline": datetime(2027, 1, 20, 14, 0, tzinfo=UTC),
    "before_starts_at": datetime(2027, 1, 26, 8, 0, tzinfo=UTC),
    "offer_id": "00000000-0000-0000-0000-000000000000",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """Each form that the message has; the SMS with what it costs."""

    sms: str
    size: Size
    subject: str | None
    text: str | None
    html: str | None
    title: str | None
    body: str | None


def preview_template(name: str, language: Language, front_door: str) -> Preview:
    """Render it as it would be sent.

    Raises:
        NotFound: there is no such template.
    """
    form = template(name)
    somebody = Contact(language=language, link_secret="x" * 43)
    variables = wording.variables_of(form, {**_FACTS, **form.sample}, somebody, front_door)
    sms = wording.sms(form, language, variables)
    mail = wording.email(form, language, variables) if form.text else (None, None, None)
    shown = wording.inbox(form, language, variables) if form.title else (None, None)
    return Preview(sms, size_of(sms), *mail, *shown)
