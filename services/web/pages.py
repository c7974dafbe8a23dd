"""Making pages: templates, the words of a language, and the headers that every page has."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.web.cookies import Cookies
from services.web.own_forms import FIELD
from services.web.response_headers import PAGE_POLICY
from services.web.storage.sessions import Visit
from services.web.wording import LANGUAGES, Words, language_for

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_NO_WAY_BACK = ("link", "ended")
"""Error pages after which the booking cannot be shown again without its link."""


_A_MINUTE = "60"
_WITHOUT_ARABIC = (
    *("letters_", "library_", "print_", "accessibility", "referring", "referred", "shared"),
    "staff/",
)
"""How the names of templates begin whose words are Swedish and English only."""


class Pages:
    """Renders templates for a request: in its language, with its visit's form token."""

    def __init__(self, cookies: Cookies) -> None:
        self._cookies = cookies
        self._templates = templates()

    def words(self, request: Request) -> Words:
        """The words that this visitor reads."""
        return Words(language_for(request, self._cookies))

    def show(
        self,
        request: Request,
        template: str,
        *,
        visit: Visit | None = None,
        status: int = 200,
        here: str | None = None,
        **facts: Any,
    ) -> Response:
        """A whole page; `here` is its own address when another one was asked for."""
        words, plain = self.words(request), not template.startswith(_WITHOUT_ARABIC)
        if words.language == "ar" and not plain:
            words = Words("sv")
        html = self._templates.get_template(template).render(
            say=words,
            language=words.language,
            tongues=LANGUAGES,
            arabic_here=plain,
            here=here or (request.url.path if status < 400 else "/"),
            field=FIELD,
            form_token=visit.form_token if visit else "",
            visit=visit,
            **{"wrong": "", "wrote": {}, "errors": (), **facts},
        )
        headers = {
            "Content-Security-Policy": PAGE_POLICY,
            "Content-Language": words.language,
            "Cache-Control": "no-store",
            "Vary": "Accept-Language, Cookie",
        }
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            headers["Retry-After"] = _A_MINUTE
        answer = HTMLResponse(html, status, headers)
        if request.query_params.get("lang") == words.language:
            self._cookies.give_language(answer, words.language)
        return answer

    def sorry(self, request: Request, status: int, name: str, sentence: str = "") -> Response:
        """An error page: what happened, and what to do now."""
        words = self.words(request)
        head = words(f"error_{name}_head" if name else "error_head")
        text = sentence or (words(f"error_{name}_text") if name else "")
        back = name not in _NO_WAY_BACK and self._cookies.session_of(request) is not None
        return self.show(request, "sorry.html", status=status, head=head, text=text, back=back)


def templates() -> Environment:
    """All pages' templates, the participants' and the console's."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["file"] = versioned
    return made


def versioned(name: str) -> str:
    """A static file's address, which changes with its content."""
    return f"/static/{name}?v={_DIGESTS[name]}"


_DIGESTS = {
    path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    for path in sorted(STATIC.iterdir())
}
