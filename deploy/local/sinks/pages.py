"""What arrived, as pages: phones with their conversations, and mails. No script is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.local.data_folder import CHECKOUT
from deploy.local.sinks.mailbox import Mailbox, name_of
from deploy.local.sinks.sms_store import Sms, SmsStore
from shared.kernel.clock import real_now

_HERE = Path(__file__).parent
_STATIC = {
    "tokens.css": CHECKOUT / "services/web/static/tokens.css",
    "phone.css": _HERE / "static/phone.css",
    "phone.js": _HERE / "static/phone.js",
}
_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Phone:
    """One number and what was said, newest first."""

    number: str
    talk: Sequence[Sms]


class Pages:
    """`/phone` and `/mail`."""

    def __init__(self, store: SmsStore, mailbox: Mailbox) -> None:
        self._store, self._mailbox = store, mailbox
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"moment": _moment, "phone_number": _phone_number}

    def routes(self) -> list[Route]:
        """The pages, their files, and the mails for scripts."""
        return [
            Route("/", lambda _: RedirectResponse("/phone", 303)),
            Route("/phone", self.phone),
            Route("/mail", self.mail),
            Route("/mail/messages", self.mails),
            Route("/mail/{id}", self.one_mail),
            Route("/mail/{id}/attachments/{place:int}", self.attachment),
            Route("/static/{name}", self.static),
        ]

    async def phone(self, request: Request) -> Response:
        """Phones by number, the latest first; `?number=` opens one, `?q=` searches."""
        asked = request.query_params.get("q", "").strip()
        phones = [p for p in self._phones() if not asked or _mentions(p, asked)]
        number = request.query_params.get("number") or (phones[0].number if phones else "")
        opened = next((p for p in self._phones() if p.number == number), None)
        return self._page("phone.html", phones=phones, opened=opened, asked=asked)

    async def mail(self, _: Request) -> Response:
        """The mails, newest first."""
        return self._page("mail.html", mails=list(self._mailbox.newest_first()), opened=None)

    async def mails(self, request: Request) -> Response:
        """The same for scripts; `?to=` narrows to one address."""
        to = request.query_params.get("to")
        found = self._mailbox.newest_first()
        return JSONResponse([mail.shown() for mail in found if to is None or to in mail.to])

    async def one_mail(self, request: Request) -> Response:
        """One mail beside the list."""
        opened = self._mailbox.find(request.path_params["id"])
        if opened is None:
            raise HTTPException(404)
        return self._page("mail.html", mails=list(self._mailbox.newest_first()), opened=opened)

    async def attachment(self, request: Request) -> Response:
        """One attached file, to be saved."""
        mail = self._mailbox.find(request.path_params["id"])
        place = request.path_params["place"]
        if mail is None or place >= len(mail.attachments):
            raise HTTPException(404)
        return _download(mail.attachments[place])

    async def static(self, request: Request) -> Response:
        """Style and script."""
        path = _STATIC.get(request.path_params["name"])
        if path is None:
            raise HTTPException(404)
        return FileResponse(path)

    def _phones(self) -> list[Phone]:
        by_number: dict[str, list[Sms]] = {}
        for sms in self._store.newest_first():
            by_number.setdefault(sms.number, []).append(sms)
        return [Phone(number, talk) for number, talk in by_number.items()]

    def _page(self, name: str, **facts: Any) -> Response:
        html = self._templates.get_template(name).render(name_of=name_of, **facts)
        return HTMLResponse(
            html, headers={"Content-Security-Policy": _CSP, "Cache-Control": "no-store"}
        )


def _mentions(phone: Phone, asked: str) -> bool:
    digits = "".join(sign for sign in asked if sign.isdigit()).lstrip("0")
    if digits and digits in phone.number:
        return True
    return any(asked.casefold() in sms.text.casefold() for sms in phone.talk)


def _download(part: EmailMessage) -> Response:
    content = part.get_payload(decode=True)
    plain = "".join(sign for sign in name_of(part) if sign.isascii() and sign not in '"\\\r\n')
    return Response(
        content if isinstance(content, bytes) else b"",
        media_type=part.get_content_type(),
        headers={
            "Content-Disposition": f'attachment; filename="{plain or "bilaga"}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _moment(created: str) -> str:
    moment = datetime.fromisoformat(created.removesuffix("Z")).replace(tzinfo=UTC)
    here, today = moment.astimezone(_STOCKHOLM), real_now().astimezone(_STOCKHOLM).date()
    pattern = "HH:mm" if here.date() == today else "d MMM HH:mm"
    return format_datetime(here, pattern, locale="sv", tzinfo=_STOCKHOLM)


def _phone_number(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number, "SE")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
