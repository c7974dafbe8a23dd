"""Servers that were already there: `MONGODB_URL` and `AMQP_URL`, with an administrator's rights."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from shared.broker.names import VHOST


def mongodb_url_for(given: str, user: str, password: str, database: str) -> str:
    """The same servers and options, with another user and database."""
    parts = urlsplit(given)
    options = dict(parse_qsl(parts.query)) | {"authSource": "admin"}
    return urlunsplit(
        (parts.scheme, _as(parts.netloc, user, password), f"/{database}", urlencode(options), "")
    )


def amqp_url_for(given: str, user: str, password: str) -> str:
    """The same broker, as another user in the virtual host of Safe Space."""
    parts = urlsplit(given)
    return urlunsplit(
        (parts.scheme, _as(parts.netloc, user, password), f"/{VHOST}", parts.query, "")
    )


def _as(netloc: str, user: str, password: str) -> str:
    hosts = netloc.rpartition("@")[2]
    return f"{quote(user, safe='')}:{quote(password, safe='')}@{hosts}"
