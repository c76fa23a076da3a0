"""Which machines a web hook may call: the open Internet, judged by the address that a name leads to at that moment.

Whoever adds a channel chooses where our server connects to, so nothing inside our own network may be reached by it
(OWASP, Server-Side Request Forgery Prevention). The connection then goes to the address that was judged, so that a
name which leads elsewhere a moment later changes nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from app.notify.mail import PermanentFailure, ServerAway

TRANSLATED: Final = tuple(ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv6 networks whose addresses carry one of IPv4 inside, which may be anything."""
PRIVATE: Final = "This web hook leads into a private network, where Muster does not call."


def address_of(host: str, port: int, allowed: Collection[str]) -> str:
    """The address to connect to. `allowed` are hosts that may be private.

    Raises ServerAway for a name that is not known now, and PermanentFailure for a private address.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ServerAway("The web hook's name is not known.") from error
    addresses = [str(one[4][0]) for one in found]
    if host not in allowed and not all(is_open(one) for one in addresses):
        raise PermanentFailure(PRIVATE)
    return addresses[0]


def is_open(address: str) -> bool:
    """Whether an address belongs to the open Internet."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_open(str(ip.ipv4_mapped))
        if any(ip in network for network in TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def may_be_open(host: str) -> bool:
    """False for what is private without asking anybody: an address, or a name of this machine itself."""
    try:
        return is_open(host)
    except ValueError:
        return host != "localhost" and not host.endswith((".localhost", ".local", ".internal")) and "." in host
