"""Where a webhook may go: public addresses on the internet, under a name, and nowhere else.

An address inside our own network, in whatever form it is written, is the way to databases, to the
cloud's metadata and to neighbours. Forms that carry an IPv4 address inside an IPv6 one are refused
as such: nobody's receiver lives there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from services.publishing.feeds.domain.refusals import AddressNotAllowed

PORTS = frozenset({443, 8443})
LONGEST_URL = 2000

_NOT_PUBLIC_4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host, in a range that is public otherwise
        "169.254.0.0/16",  # link-local; metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
        "3ffe::/16",
    )
)
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_URL = re.compile(
    rf"https://(?P<host>(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9]))"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*)?"
    r"(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?"
)
_OURS_ALONE = (
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "arpa",
    "onion",
    "svc",
    "cluster",
    "consul",
    "docker",
    "invalid",
)


def is_public(text: str) -> bool:
    """Whether a connection to this address, as a resolver gave it, leaves our network."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _NOT_PUBLIC_4)
    return _is_public_6(address)


def _is_public_6(address: IPv6Address) -> bool:
    # Zones, mapped, compatible, NAT64, local and multicast addresses are outside of 2000::/3.
    return (
        address.scope_id is None
        and address in _PUBLIC_6
        and not any(address in net for net in _NOT_PUBLIC_6)
        and (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP
    )


def pinned(answers: Sequence[str]) -> str:
    """The address to connect to, of all that a name resolved to: one bad one spoils the name.

    Raises:
        AddressNotAllowed: none, or one that is not public.
    """
    if not answers or not all(is_public(one) for one in answers):
        raise AddressNotAllowed
    return answers[0]


def webhook_url(text: str) -> str:
    """The address as it is kept: its host in lower case.

    A host is a name (numbers in any notation are not), of at least two parts, and not one that only
    our own network knows.

    Raises:
        AddressNotAllowed: nothing of it is repeated in the refusal.
    """
    found = _URL.fullmatch(text) if len(text) <= LONGEST_URL else None
    if found is None:
        raise AddressNotAllowed
    host = found["host"].lower()
    if (
        len(host) > 253
        or host.rpartition(".")[2] in _OURS_ALONE
        or (found["port"] is not None and int(found["port"]) not in PORTS)
    ):
        raise AddressNotAllowed
    start, end = found.span("host")
    return text[:start] + host + text[end:]
