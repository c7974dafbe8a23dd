"""OpenID Connect's endpoints (OpenID Connect Core and Discovery 1.0, RP-Initiated Logout 1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.local.identity.clients import WEB, Clients, is_loopback
from deploy.local.identity.codes import Codes
from deploy.local.identity.people import PEOPLE, find
from deploy.local.identity.signing import ALGORITHM, NotOurs, Signer
from deploy.local.identity.tokens import DEMO, EXCHANGE, Denied, Tokens

_NO_STORE = {"Cache-Control": "no-store"}
# No form-action: the choice is answered with a redirect to the front door's own origin.
_CSP = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_KEPT = ("client_id", "redirect_uri", "state", "nonce", "code_challenge", "scope")


class Endpoints:
    """All routes of the provider."""

    def __init__(self, issuer: str, signer: Signer, clients: Clients) -> None:
        self._issuer, self._signer, self._clients = issuer, signer, clients
        self._codes = Codes()
        self._tokens = Tokens(signer, self._codes)
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
        )

    def routes(self) -> list[Route]:
        """What is served where."""
        return [
            Route("/", lambda _: self._page("people.html", people=PEOPLE, asked=None)),
            Route("/.well-known/openid-configuration", self.discovery),
            Route("/jwks", lambda _: JSONResponse(self._signer.public_keys())),
            Route("/authorize", self.authorize, methods=["GET"]),
            Route("/authorize", self.choose, methods=["POST"]),
            Route("/token", self.token, methods=["POST"]),
            Route("/revoke", self.revoke, methods=["POST"]),
            Route("/userinfo", self.userinfo, methods=["GET", "POST"]),
            Route("/end-session", self.end_session, methods=["GET", "POST"]),
            Route("/demo/people", self.people),
        ]

    async def discovery(self, _: Request) -> Response:
        """Where everything is."""
        at = self._issuer
        return JSONResponse(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "userinfo_endpoint": f"{at}/userinfo",
                "end_session_endpoint": f"{at}/end-session",
                "revocation_endpoint": f"{at}/revoke",
                "jwks_uri": f"{at}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "code_challenge_methods_supported": ["S256"],
                "grant_types_supported": [
                    "authorization_code",
                    "refresh_token",
                    "client_credentials",
                    EXCHANGE,
                    DEMO,
                ],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                ],
                "scopes_supported": ["openid", "profile"],
                "claims_supported": ["sub", "name", "preferred_username", "roles", "auth_time"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        """A page to choose whom to be."""
        asked = dict(request.query_params)
        _check(asked)
        kept = {name: asked[name] for name in _KEPT if name in asked}
        return self._page("people.html", people=PEOPLE, asked=kept)

    async def choose(self, request: Request) -> Response:
        """Somebody was chosen: back with a code."""
        form = await _form(request)
        _check({"response_type": "code", "code_challenge_method": "S256", **form})
        person = find(form.get("person", ""))
        if person is None:
            raise HTTPException(400, "Okänd person. Unknown person.")
        code = self._codes.give(
            person,
            client=form["client_id"],
            redirect_uri=form["redirect_uri"],
            challenge=form["code_challenge"],
            nonce=form.get("nonce", ""),
        )
        state = {"state": form["state"]} if "state" in form else {}
        answer = urlencode({"code": code, "iss": self._issuer, **state})
        return RedirectResponse(f"{form['redirect_uri']}?{answer}", 303, _NO_STORE)

    async def token(self, request: Request) -> Response:
        """Give out a token."""
        form = await _form(request)
        client = self._clients.proven(request.headers.get("authorization", ""), form)
        try:
            return JSONResponse(self._tokens.give(form, client), headers=_NO_STORE)
        except Denied as denied:
            status = 401 if denied.error == "invalid_client" else 400
            told = {"error": denied.error, "error_description": denied.why}
            return JSONResponse(told, status, _NO_STORE)

    async def revoke(self, request: Request) -> Response:
        """A refresh token is of no use any more (RFC 7009); unknown ones are none either."""
        form = await _form(request)
        if self._clients.proven(request.headers.get("authorization", ""), form) is None:
            return JSONResponse({"error": "invalid_client"}, 401, _NO_STORE)
        self._tokens.revoke(form.get("token", ""))
        return Response(headers=_NO_STORE)

    async def userinfo(self, request: Request) -> Response:
        """Who the bearer of a token made for web is."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            claims = self._signer.read(token if kind.lower() == "bearer" else "", audience=WEB)
        except NotOurs as wrong:
            raise HTTPException(
                401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
            ) from wrong
        shown = ("sub", "name", "preferred_username", "roles")
        return JSONResponse({n: claims[n] for n in shown if n in claims}, headers=_NO_STORE)

    async def end_session(self, request: Request) -> Response:
        """Nothing is kept here, so there is only the way back."""
        back = request.query_params.get("post_logout_redirect_uri", "")
        if back and is_loopback(back):
            return RedirectResponse(back, 303)
        return self._page("signed_out.html")

    async def people(self, _: Request) -> Response:
        """The demo people, for the table at start and the command line."""
        return JSONResponse(
            [
                {"username": p.username, "name": p.name, "role": p.role, "task": p.task}
                for p in PEOPLE
            ]
        )

    def _page(self, name: str, **facts: object) -> Response:
        html = self._templates.get_template(name).render(**facts)
        return HTMLResponse(html, headers={**_NO_STORE, "Content-Security-Policy": _CSP})


async def _form(request: Request) -> dict[str, str]:
    try:
        return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    except ValueError as wrong:
        raise HTTPException(400) from wrong


def _check(asked: Mapping[str, str]) -> None:
    if asked.get("client_id") != WEB or not is_loopback(asked.get("redirect_uri", "")):
        raise HTTPException(400, "Okänd klient eller återväg. Unknown client or way back.")
    if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
        raise HTTPException(400, "Bara kod med PKCE (S256). Only a code with PKCE (S256).")
    if not asked.get("code_challenge"):
        raise HTTPException(400, "code_challenge saknas. code_challenge is missing.")
