"""Requests to what a setting names, looked at as each connection is made: wherever its name or an answer leads by then."""

import socket
from functools import partial
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog

log = structlog.get_logger()

PLATFORMS = ("slack.com", "twilio.com", "facebook.com", "trustedform.com")
"""Whose own names mean nothing inside anybody's network."""
METADATA = frozenset(map(ip_address, ("fd00:ec2::254", "100.100.100.200")))
"""Where clouds hand out a machine's secrets, beside the link-local addresses at which most of them do."""


class LiesInside(OSError):
    """A connection that was not made; the text is the address."""


def may_go(address: str, *, outside_only: bool) -> bool:
    """Whether we connect to this IP address. Never to what is only for the machine's own cloud; inside the network where the operator's
    word leads there."""
    at = ip_address(address)
    if isinstance(at, IPv6Address) and at.ipv4_mapped is not None:
        at = at.ipv4_mapped
    if at.is_link_local or at.is_multicast or at.is_unspecified or at in METADATA:
        return False
    return at.is_global or not outside_only


def session_to(url: str, *, by_proxy: bool = False, **options: Any) -> aiohttp.ClientSession:
    """A session for requests that go where this setting says, or to the operator's proxy, who may be anywhere. To be built inside a running
    event loop."""
    host = urlsplit(url).hostname or ""
    outside_only = not by_proxy and any(host == each or host.endswith(f".{each}") for each in PLATFORMS)
    connector = aiohttp.TCPConnector(socket_factory=partial(_socket, outside_only))
    return aiohttp.ClientSession(connector=connector, **options)


def _socket(outside_only: bool, info: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
    family, kind, protocol, _, (address, *_) = info
    if not may_go(address, outside_only=outside_only):
        log.error("an address was refused: it lies inside", address=address)
        raise LiesInside(address)
    return socket.socket(family, kind, protocol)
