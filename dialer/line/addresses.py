"""SIP URIs: how they name a transport, a route, a user. Pure."""

from __future__ import annotations

import re

SIP_PORT = 5060
_HOST_PORT = re.compile(r"sips?:(?:[^@;]*@)?(?P<host>\[[^\]]+\]|[^:;>]+)(?::(?P<port>\d+))?")


def sip_user(address: str) -> str:
    """User part of a SIP URI or name-addr: `"A" <sip:100@host>;tag=x` gives "100"."""
    _, colon, rest = address.partition("sip:")
    user, at, _ = rest.partition("@")
    return user if colon and at else ""


def over(uri: str, transport: str) -> str:
    """The URI with the transport named in it, unless it names one or UDP is meant (RFC 3261, 19.1.1)."""
    if not uri or transport == "udp" or ";transport=" in uri.lower():
        return uri
    head, bracket, tail = uri.partition(">")
    return f"{head};transport={transport}{bracket}{tail}"


def route(proxy: str, transport: str) -> str:
    """An outbound proxy as a loose route (RFC 3261, 16.12.1.1); "" stays ""."""
    named = over(proxy, transport)
    if not named or re.search(r";lr\b", named, re.IGNORECASE):
        return named
    head, bracket, tail = named.partition(">")
    return f"{head};lr{bracket}{tail}"


def likeness(uri: str, host: str, port: int) -> int:
    """How well a source address fits a SIP URI: 0 another host, 1 the host, 2 its port as well."""
    found = _HOST_PORT.match(uri)
    if found is None or found["host"].strip("[]") != host:
        return 0
    return 1 + (int(found["port"] or SIP_PORT) == port)
