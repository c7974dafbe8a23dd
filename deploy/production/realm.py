"""`deploy/keycloak/realm.json`: the realm that Keycloak imports when it starts the first time.

A token has exactly one audience. Web signs people in and gets a token for itself; for each API it
exchanges that token (RFC 8693, Keycloak's standard token exchange): the optional scope of the
service adds the audience, and the parameter `audience` leaves it alone in the token. Roles are
named as in the services' policies.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from shared.contracts.catalogue import SERVICES

Entry = dict[str, Any]

_OPENID = "openid-connect"
_WHO = "who"
"""The scope of every token: who it is, under which name, with which roles."""


def realm() -> Entry:
    """The whole document. `${…}` is filled in by Keycloak from its environment."""
    return {
        "realm": "safespace",
        "displayName": "Resurscenter Safe Space Malmö",
        "enabled": True,
        "sslRequired": "external",
        "registrationAllowed": False,
        "resetPasswordAllowed": False,
        "rememberMe": False,
        "bruteForceProtected": True,
        "internationalizationEnabled": True,
        "supportedLocales": ["sv", "en"],
        "defaultLocale": "sv",
        "passwordPolicy": "length(14) and notUsername and passwordHistory(5)",
        "accessTokenLifespan": 900,
        "ssoSessionIdleTimeout": 1800,
        "ssoSessionMaxLifespan": 36000,
        "revokeRefreshToken": True,
        "eventsEnabled": True,
        "adminEventsEnabled": True,
        # A second factor for everybody: each sets it up when signing in the first time.
        "requiredActions": [
            {
                "alias": "CONFIGURE_TOTP",
                "name": "Configure OTP",
                "providerId": "CONFIGURE_TOTP",
                "enabled": True,
                "defaultAction": True,
                "priority": 10,
            },
        ],
        "roles": {"realm": [{"name": role} for role in roles()]},
        "clientScopes": [_who(), *(_for_service(service) for service in SERVICES)],
        "defaultDefaultClientScopes": [_WHO],
        "clients": [_web(), *(_api(service) for service in SERVICES)],
    }


def roles() -> list[str]:
    """Every role that some service's policy knows."""
    policies = (import_module(f"services.{service}.policy").PERMISSIONS for service in SERVICES)
    return sorted({role for policy in policies for having in policy.values() for role in having})


def _web() -> Entry:
    return {
        "clientId": "web",
        "protocol": _OPENID,
        "publicClient": False,
        "secret": "${WEB_CLIENT_SECRET}",
        "standardFlowEnabled": True,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": False,
        "fullScopeAllowed": True,
        "redirectUris": ["${FRONT_DOOR}/*"],
        "webOrigins": [],
        "attributes": {
            "pkce.code.challenge.method": "S256",
            "standard.token.exchange.enabled": "true",
            "access.token.header.type.rfc9068": "true",
            "post.logout.redirect.uris": "${FRONT_DOOR}/*",
        },
        "defaultClientScopes": [_WHO],
        "optionalClientScopes": list(SERVICES),
        "protocolMappers": [_audience("web")],
    }


def _api(service: str) -> Entry:
    """Somebody whom a token can be for; nobody signs in as it."""
    return {
        "clientId": service,
        "protocol": _OPENID,
        "publicClient": False,
        "standardFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": False,
        "fullScopeAllowed": False,
        "defaultClientScopes": [],
        "optionalClientScopes": [],
    }


def _for_service(service: str) -> Entry:
    return {
        "name": service,
        "protocol": _OPENID,
        "attributes": {"include.in.token.scope": "false"},
        "protocolMappers": [_audience(service)],
    }


def _who() -> Entry:
    username = {"user.attribute": "username", "claim.name": "preferred_username"}
    return {
        "name": _WHO,
        "protocol": _OPENID,
        "attributes": {"include.in.token.scope": "false"},
        "protocolMappers": [
            _mapper("subject", "oidc-sub-mapper", {}),
            _mapper("name", "oidc-full-name-mapper", {}),
            _mapper("username", "oidc-usermodel-attribute-mapper", {**username, **_TEXT}),
            _mapper(
                "roles",
                "oidc-usermodel-realm-role-mapper",
                {"claim.name": "roles", "multivalued": "true", **_TEXT},
            ),
            # When and how somebody proved who they are: in the token of a sign-in, and in what it
            # is exchanged for, so that an API can refuse an old proof itself (decision 0038).
            _mapper(
                "proved at",
                "oidc-usersessionmodel-note-mapper",
                {"user.session.note": "AUTH_TIME", "claim.name": "auth_time", **_NUMBER},
            ),
            _mapper("proved how", "oidc-acr-mapper", {}),
        ],
    }


_TEXT = {"jsonType.label": "String"}
_NUMBER = {"jsonType.label": "long"}


def _audience(client: str) -> Entry:
    about = {"included.client.audience": client, "id.token.claim": "false"}
    return _mapper(f"audience {client}", "oidc-audience-mapper", about)


def _mapper(name: str, kind: str, config: Entry) -> Entry:
    everywhere = {"access.token.claim": "true", "id.token.claim": "true"}
    return {
        "name": name,
        "protocol": _OPENID,
        "protocolMapper": kind,
        "config": {**everywhere, "introspection.token.claim": "true", **config},
    }
