"""Addresses of far ends, as far as the edge has to know them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from base.errors import SettingsError
from dialer.line.settings import Transport, TrunkAccount

_URI = re.compile(
    r"^(?P<scheme>sips?):(?:(?P<user>[^@;?]*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^:;?@\s\[\]]+)(?::(?P<port>\d+))?"
    r"(?P<rest>[;?]\S*)?$"
)
PORTS: dict[Transport, int] = {"udp": 5060, "tcp": 5060, "tls": 5061}
"""RFC 3261, 19.1.2."""


@dataclass(frozen=True, slots=True)
class SipAddress:
    """Whom to send to. `port` is 0 where DNS has to tell (RFC 3263)."""

    user: str
    host: str
    port: int
    transport: Transport

    @property
    def uri(self) -> str:
        """As Kamailio takes it."""
        port = f":{self.port}" if self.port else ""
        return f"sip:{self.host}{port};transport={self.transport}"

    @property
    def is_ip(self) -> bool:
        """An IP address, no name."""
        return self.host.startswith("[") or re.fullmatch(r"[\d.]+", self.host) is not None


def address_of(uri: str, transport: Transport) -> SipAddress:
    """The parts of a SIP URI; "" gives empty parts.

    Raises:
        SettingsError: not a SIP URI.
    """
    if not uri:
        return SipAddress("", "", 0, transport)
    found = _URI.match(uri)
    if found is None:
        raise SettingsError("is no SIP URI", where=uri, remedy="write it as sip:HOST:PORT")
    port = int(found["port"] or 0)
    address = SipAddress(found["user"] or "", found["host"], port, transport)
    return address if port or not address.is_ip else replace(address, port=PORTS[transport])


def hop_of(trunk: TrunkAccount) -> SipAddress:
    """Where a trunk's calls are sent: its outbound proxy, else the far end itself."""
    return address_of(trunk.proxy or trunk.peer, trunk.transport)
