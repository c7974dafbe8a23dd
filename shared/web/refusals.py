"""The refusals of the rim itself: what is wrong with a request before any rule is asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shared.audit.refusals import AuditUnavailable
from shared.kernel.refusal import (
    ChangedElsewhere,
    Forbidden,
    NotFound,
    Refusal,
    StepUpNeeded,
    TooBusy,
    VersionConflict,
)


class NotSignedIn(Refusal):
    """No token, or one that does not hold. Which part of it failed is not told."""

    kind = "not-signed-in"
    sv = "Du behöver logga in. Inloggningen saknas eller har gått ut."
    en = "You need to sign in. Your sign-in is missing or has expired."


class PasswordMissing(NotSignedIn):
    """For programs that know nothing but passwords, and ask a person for one when told to."""

    kind = "password-missing"
    sv = "Ange er nyckel som lösenord. Användarnamnet får vara vad som helst."
    en = "Give your key as the password. The user name may be anything."


class LinkMissing(Refusal):
    """The Link-Secret header is missing or cannot be one of ours."""

    kind = "link-missing"
    sv = "Öppna länken som du fick i meddelandet."
    en = "Open the link that you were sent."


class TokenKeysUnavailable(Refusal):
    """The identity provider's keys cannot be fetched and none are kept."""

    kind = "sign-in-unavailable"
    sv = "Inloggningstjänsten svarar inte just nu. Försök igen om en stund."
    en = "The sign-in service is not answering right now. Try again in a moment."


class TooManyRequests(Refusal):
    """One address asked more often than anybody needs to."""

    kind = "too-many-requests"
    sv = "Det kom väldigt många förfrågningar på en gång. Vänta en liten stund och försök igen."
    en = "Very many requests came at once. Wait a little and try again."


class BodyTooLarge(Refusal):
    """More bytes than this address takes."""

    kind = "body-too-large"
    sv = "Det du skickade är för stort. Gränsen är {limit_bytes} byte."
    en = "What you sent is too large. The limit is {limit_bytes} bytes."


class NestedTooDeep(Refusal):
    """JSON inside JSON inside JSON."""

    kind = "nested-too-deep"
    sv = "Det du skickade har för många nivåer i varandra. Gränsen är {levels}."
    en = "What you sent has too many levels inside each other. The limit is {levels}."


class NotJson(Refusal):
    """The body says that it is JSON and is not."""

    kind = "not-json"
    sv = "Det du skickade går inte att läsa som JSON i UTF-8."
    en = "What you sent cannot be read as JSON in UTF-8."


class IdempotencyKeyInvalid(Refusal):
    """The header is not 1–200 visible characters."""

    kind = "idempotency-key-invalid"
    sv = "Rubriken Idempotency-Key ska vara 1–200 synliga tecken utan mellanslag."
    en = "The Idempotency-Key header must be 1–200 visible characters without spaces."


class IdempotencyKeyReused(Refusal):
    """The same key came with another body or to another address."""

    kind = "idempotency-key-reused"
    sv = "Samma Idempotency-Key har redan använts för något annat. Välj en ny."
    en = "The same Idempotency-Key was already used for something else. Choose a new one."


class StillInFlight(Refusal):
    """A copy of the same request is being handled and has not ended after three looks."""

    kind = "request-in-flight"
    sv = "Samma begäran behandlas redan. Försök igen om ett ögonblick."
    en = "The same request is already being handled. Try again in a moment."


class IfMatchMissing(Refusal):
    """A change must say which version it was decided on."""

    kind = "if-match-missing"
    sv = "Ange vilken version du ändrar i rubriken If-Match (värdet i ETag när du läste den)."
    en = "Say which version you are changing in the If-Match header (the ETag that you read)."


STATUSES: Mapping[type[Refusal], int] = MappingProxyType(
    {
        NotSignedIn: 401,
        LinkMissing: 401,
        StepUpNeeded: 401,
        TokenKeysUnavailable: 503,
        TooManyRequests: 429,
        BodyTooLarge: 413,
        NestedTooDeep: 400,
        NotJson: 400,
        IdempotencyKeyInvalid: 400,
        IdempotencyKeyReused: 422,
        StillInFlight: 409,
        IfMatchMissing: 428,
        NotFound: 404,
        Forbidden: 403,
        VersionConflict: 412,
        ChangedElsewhere: 412,
        TooBusy: 503,
        AuditUnavailable: 503,
    }
)
"""Refusal → HTTP status; a refusal that nobody mapped is a 409."""

HEADERS: Mapping[type[Refusal], Mapping[str, str]] = MappingProxyType(
    {
        PasswordMissing: {"WWW-Authenticate": 'Basic realm="safespace", charset="UTF-8"'},
        NotSignedIn: {"WWW-Authenticate": 'Bearer realm="safespace"'},
        LinkMissing: {"WWW-Authenticate": 'Link-Secret realm="safespace"'},
        StepUpNeeded: {
            "WWW-Authenticate": 'Bearer realm="safespace", '
            'error="insufficient_user_authentication", max_age="{max_age}"'
        },
        TokenKeysUnavailable: {"Retry-After": "5"},
        TooManyRequests: {"Retry-After": "2"},
        StillInFlight: {"Retry-After": "1"},
        AuditUnavailable: {"Retry-After": "5"},
        TooBusy: {"Retry-After": "2"},
    }
)
"""What goes with the answer to some of them: format strings over the refusal's facts."""
