"""The link of whoever books without an account: told to them alone, and stored nowhere.

Where the asker came with an Idempotency-Key that nobody can guess, the link is made from it, so
that a form that was sent twice gets the same one. Only its hash is kept, as of every link; the key
itself is kept nowhere, so that no database tells the link.
"""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from shared.kernel.actor import ANYBODY, Actor
from shared.privacy.derived_link import DerivedLinks
from shared.privacy.link_secret import Link
from shared.web.idempotency import Answer, RequestKey

UNGUESSABLE = 32
"""Characters that a key must have at least: shorter ones could be somebody else's too."""


def link_for(
    request: Request, actor: Actor, once: RequestKey | None, links: DerivedLinks
) -> Link | None:
    """The link that the asker may be told; None for staff, and for a key that may be guessed."""
    key = request.headers.get("idempotency-key", "")
    if actor is not ANYBODY or once is None or len(key) < UNGUESSABLE:
        return None
    return Link(links.secret_of(f"{key}/{once.fingerprint}"))


def with_link(answer: Answer, link: Link) -> Response:
    """The answer with the secret of the link; what is kept with the key does not have it."""
    told = {**json.loads(answer.body), "link_secret": link.secret}
    headers = {**answer.headers, "Cache-Control": "private, no-store"}
    return Response(
        json.dumps(told, ensure_ascii=False),
        status_code=answer.status,
        media_type="application/json",
        headers=headers,
    )
