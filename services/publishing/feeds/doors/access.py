"""Who is at the door: a key of ours, or a token of the partner's OAuth client.

`Authorization: Bearer <key or token>`; feed readers for people, which know nothing else, send the
key as the password of `Basic`.
"""

from __future__ import annotations

import base64
import binascii

from fastapi import Request

from services.publishing.feeds.domain.keys import looks_like_one
from services.publishing.feeds.domain.refusals import KeyDoesNotOpen, KeyIsMistyped
from services.publishing.feeds.use_cases.come_in import Came, ComeIn
from shared.kernel.actor import Actor
from shared.kernel.refusal import Forbidden
from shared.web.permissions import decided_by
from shared.web.rate_limit import check_anonymous
from shared.web.refusals import NotSignedIn, PasswordMissing
from shared.web.signed_in import bearer_of, signed_in
from shared.web.visitor import visitor_of


class Access:
    """Makes a partner of a request; `partner` is what routes declare."""

    def __init__(self, come_in: ComeIn) -> None:
        self.come_in = come_in
        self.partner = decided_by(self.of, "a partner's key, or its OAuth client's token")
        self.person = decided_by(self.of_a_person, "a partner's key, as a person's password")

    async def of(self, request: Request) -> Came:
        """Raises NotSignedIn, KeyIsMistyped, KeyDoesNotOpen, Forbidden, TooManyRequests."""
        text = _said(request)
        try:
            if looks_like_one(text):
                came = await self.come_in.with_key(text, visitor_of(request))
            else:
                came = await self._client(request)
        except (KeyDoesNotOpen, KeyIsMistyped):
            # Whoever guesses is a stranger, and has a stranger's measure.
            check_anonymous(request)
            raise
        request.state.actor = Actor(kind="service", id=f"partner/{came.partner.id}")
        return came

    async def of_a_person(self, request: Request) -> Came:
        """As `of`, for programs that ask a person for a password when they are told to.

        Raises PasswordMissing instead of what says that the key does not open.
        """
        try:
            return await self.of(request)
        except (NotSignedIn, KeyDoesNotOpen, KeyIsMistyped):
            raise PasswordMissing from None

    async def _client(self, request: Request) -> Came:
        actor = await signed_in(request)
        if actor.kind != "service":
            raise Forbidden
        return await self.come_in.with_client(actor.id, visitor_of(request))


def _said(request: Request) -> str:
    header = request.headers.get("authorization", "")
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest, validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            raise NotSignedIn from None
    found = bearer_of(request)
    if found is None:
        raise NotSignedIn
    return found
