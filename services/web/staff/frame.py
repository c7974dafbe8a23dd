"""The console's pages: the frame around each, and the headers that each has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.web.cookies import Cookies
from services.web.own_forms import FIELD
from services.web.pages import templates
from services.web.response_headers import PAGE_POLICY
from services.web.settings import Settings
from services.web.staff.asking_first import AskFirst, as_meant
from services.web.staff.beside import CameLate
from services.web.staff.door import Staff
from services.web.staff.navigation import areas_of, current
from services.web.staff.words import StaffWords
from services.web.wording import staff_language_for
from shared.kernel.ids import new_id

_ISSUE = ("form-action 'self'", "form-action 'self' {issuer}")


class StaffPages:
    """Renders templates for somebody who is signed in, in their language."""

    def __init__(self, cookies: Cookies, settings: Settings) -> None:
        self._cookies = cookies
        self._templates = templates()
        self._front_door = settings.origin
        at = urlsplit(settings.issuer)
        # Signing out is a form whose answer leads on to the identity provider.
        issuer = f"{at.scheme}://{at.netloc}"
        self._policy = PAGE_POLICY.replace(_ISSUE[0], _ISSUE[1].format(issuer=issuer))

    def words(self, request: Request) -> StaffWords:
        """The words that this person reads."""
        return StaffWords(staff_language_for(request, self._cookies))

    def show(
        self,
        request: Request,
        staff: Staff | None,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> Response:
        """A whole page; `template` is named from `templates/staff/`."""
        words = self.words(request)
        other = _other_language(request, words.language, status)
        html = self.piece(request, staff, template, other_language=other, **facts)
        answer = HTMLResponse(
            html,
            status,
            {
                "Content-Security-Policy": self._policy,
                "Content-Language": words.language,
                "Cache-Control": "no-store",
                "Vary": "Accept-Language, Cookie",
                **(headers or {}),
            },
        )
        if request.query_params.get("lang") == words.language:
            self._cookies.give_language(answer, words.language)
        return answer

    def piece(self, request: Request, staff: Staff | None, template: str, **facts: Any) -> str:
        """A template rendered, for a stream or an answer of another kind."""
        words = self.words(request)
        areas = areas_of(staff) if staff else ()
        return self._templates.get_template(f"staff/{template}").render(
            say=words,
            language=words.language,
            here=request.url.path,
            staff=staff,
            may=staff.may if staff else _nothing,
            areas=areas,
            area=current(areas, request.url.path),
            field=FIELD,
            form_token=staff.form_token if staff else "",
            front_door=self._front_door,
            **{
                "address": address_of(request),
                "wrong": "",
                "wrote": {},
                "errors": (),
                "done": "",
                **facts,
            },
        )

    def came_late(self, request: Request, late: CameLate) -> Response:
        """412: what stands there now beside what was wished, to choose between (see `beside`)."""
        stands, form = late.stands, request.state.staff_form
        kept = form.without(FIELD, "version", "once").pairs
        return self.show(
            request,
            request.state.staff,
            "conflict.html",
            status=412,
            over=stands.over,
            lines=stands.lines,
            fields=[
                *(kept if stands.fields is None else stands.fields),
                ("version", stands.version),
                ("once", new_id()),
            ],
            yes=stands.yes,
            back=stands.back,
            action=request.url.path if stands.again else "",
        )

    def sure(self, request: Request, asked: AskFirst, back: str) -> Response:
        """What a press will mean, and the same form once more (see `asking_first`)."""
        words = self.words(request)
        return self.show(
            request,
            request.state.staff,
            "confirm.html",
            head=words(asked.about),
            text=words(f"{asked.about}_text"),
            action=request.url.path,
            fields=as_meant(request.state.staff_form).without(FIELD),
            reason="",
            yes=words("staff_sure_yes"),
            no=words("staff_leave_it"),
            back=back,
        )

    def sorry(
        self, request: Request, staff: Staff | None, status: int, name: str, sentence: str
    ) -> Response:
        """What happened, and what to do now."""
        words = self.words(request)
        head = words(f"staff_error_{name}_head") if name else words("staff_error_head")
        text = sentence or (words(f"staff_error_{name}_text") if name else "")
        return self.show(request, staff, "sorry.html", status=status, head=head, text=text)


def address_of(request: Request) -> str:
    """The page's own address with its filters, without the choice of a language."""
    pairs = [pair for pair in parse_qsl(request.url.query) if pair[0] != "lang"]
    return request.url.path + (f"?{urlencode(pairs)}" if pairs else "")


def _other_language(request: Request, language: str, status: int) -> dict[str, str]:
    other = "en" if language == "sv" else "sv"
    shown = request.method == "GET" and status < 400
    address = address_of(request) if shown else "/console"
    return {"tag": other, "address": f"{address}{'&' if '?' in address else '?'}lang={other}"}


def _nothing(*_: str) -> bool:
    return False
