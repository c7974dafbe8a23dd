"""The token endpoint: five ways to a token, each with exactly one audience, for 15 minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.local.identity.clients import AUDIENCES, COMMAND_LINE, WEB
from deploy.local.identity.codes import Codes
from deploy.local.identity.people import find
from deploy.local.identity.signing import NotOurs, Signer
from shared.kernel.clock import real_now

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
DEMO = "urn:safespace:params:oauth:grant-type:demo"
SECONDS = 15 * 60
REFRESH = "rt+jwt"
REFRESH_SECONDS = 10 * 3600
_PROOF = ("auth_time", "acr")
"""When and how somebody proved who they are: it stays with whatever is made of their sign-in."""


class Denied(Exception):
    """An OAuth error (RFC 6749 §5.2)."""

    def __init__(self, error: str, why: str) -> None:
        super().__init__(error)
        self.error, self.why = error, why


class Tokens:
    """Gives out tokens. `client` is the one that proved who it is, or None."""

    def __init__(self, signer: Signer, codes: Codes) -> None:
        self._signer, self._codes = signer, codes
        self._used: set[str] = set()

    def give(self, form: Mapping[str, str], client: str | None) -> dict[str, Any]:
        """The answer to a token request.

        Raises:
            Denied: with the error code that OAuth has for it.
        """
        ways = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
            "client_credentials": self._for_client,
            EXCHANGE: self._by_exchange,
            DEMO: self._for_demo,
        }
        way = ways.get(form.get("grant_type", ""))
        if way is None:
            raise Denied("unsupported_grant_type", "This way to a token is not known.")
        return way(form, client)

    def _by_code(self, form: Mapping[str, str], client: str | None) -> dict[str, Any]:
        granted = self._codes.use(
            form.get("code", ""),
            client=client or "",
            redirect_uri=form.get("redirect_uri", ""),
            verifier=form.get("code_verifier", ""),
        )
        if granted is None or client is None:
            raise Denied("invalid_grant", "The code is wrong, used or too old.")
        # Whom to be is chosen anew at each sign-in, so that a code is as old as the proof is.
        who = {**granted.person.claims(), **_proved_now()}
        nonce = {"nonce": granted.nonce} if granted.nonce else {}
        identity = {**who, **nonce, "aud": client}
        return {
            **self._access(who, audience=WEB, client=client),
            **self._refresh(who, client),
            "id_token": self._signer.sign(identity, kind="JWT", seconds=SECONDS),
        }

    def _by_refresh(self, form: Mapping[str, str], client: str | None) -> dict[str, Any]:
        """Fresh tokens for whoever signed in; each refresh token is good once (RFC 9700 §4.14)."""
        held = self._held(form.get("refresh_token", ""))
        if client is None or held is None or held.get("client_id") != client:
            raise Denied("invalid_grant", "The refresh token is wrong, used or too old.")
        self._used.add(str(held["jti"]))
        person = find(str(held["preferred_username"]))
        if person is None:
            raise Denied("invalid_grant", "The person is not here any more.")
        who = {**person.claims(), **_of(held, *_PROOF)}
        return {**self._access(who, audience=WEB, client=client), **self._refresh(who, client)}

    def revoke(self, token: str) -> None:
        """Make a refresh token useless."""
        if held := self._held(token):
            self._used.add(str(held["jti"]))

    def _held(self, token: str) -> dict[str, Any] | None:
        try:
            held = self._signer.read(token, audience=REFRESH, kind=REFRESH)
        except NotOurs:
            return None
        return None if held.get("jti") in self._used else held

    def _refresh(self, who: Mapping[str, Any], client: str) -> dict[str, str]:
        claims = {
            "sub": who["sub"],
            "preferred_username": who["preferred_username"],
            **_of(who, *_PROOF),
            "aud": REFRESH,
            "client_id": client,
        }
        signed = self._signer.sign(claims, kind=REFRESH, seconds=REFRESH_SECONDS)
        return {"refresh_token": signed}

    def _for_client(self, form: Mapping[str, str], client: str | None) -> dict[str, Any]:
        if client is None:
            raise Denied("invalid_client", "The client did not prove who it is.")
        return self._access(
            {"sub": f"client:{client}", "roles": []}, audience=_one_audience(form), client=client
        )

    def _by_exchange(self, form: Mapping[str, str], client: str | None) -> dict[str, Any]:
        """RFC 8693. Only a token made for the client itself can be exchanged, by that client."""
        if client is None:
            raise Denied("invalid_client", "The client did not prove who it is.")
        if form.get("subject_token_type", ACCESS_TOKEN) != ACCESS_TOKEN:
            raise Denied("invalid_request", "Only access tokens can be exchanged.")
        try:
            subject = self._signer.read(form.get("subject_token", ""), audience=client)
        except NotOurs as wrong:
            raise Denied("invalid_grant", "The subject token is not valid here.") from wrong
        kept = _of(subject, "sub", "name", "preferred_username", "roles", *_PROOF)
        audience = _one_audience(form)
        access = self._access({**kept, "act": {"sub": client}}, audience=audience, client=client)
        return {**access, "issued_token_type": ACCESS_TOKEN}

    def _for_demo(self, form: Mapping[str, str], _client: str | None) -> dict[str, Any]:
        """For the command line and for tests: be anybody. Only this local provider has it."""
        person = find(form.get("username", ""))
        if person is None:
            raise Denied("invalid_grant", "There is no demo person or role of that name.")
        audience = WEB if form.get("audience") == WEB else _one_audience(form)
        who = {**person.claims(), **_proved_now()}
        return self._access(who, audience=audience, client=COMMAND_LINE)

    def _access(self, who: dict[str, Any], *, audience: str, client: str) -> dict[str, Any]:
        claims = {**who, "aud": audience, "client_id": client}
        return {
            "access_token": self._signer.sign(claims, kind="at+jwt", seconds=SECONDS),
            "token_type": "Bearer",
            "expires_in": SECONDS,
        }


def _proved_now() -> dict[str, Any]:
    return {"auth_time": int(real_now().timestamp())}


def _of(claims: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: claims[name] for name in names if name in claims}


def _one_audience(form: Mapping[str, str]) -> str:
    audience = form.get("audience", "")
    if audience not in AUDIENCES:
        raise Denied("invalid_target", f"audience must be one of: {', '.join(sorted(AUDIENCES))}.")
    return audience
