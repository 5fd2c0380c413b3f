"""A small stateless SIP front: one address before many endpoints, each serving some of the numbers.

A simulated phone endpoint takes four calls; the dialer wants one trunk address. This is a stateless proxy
(RFC 3261 16.11): it keeps nothing between two datagrams. A request gets a Via whose branch is computed from
the branch it came with, so an INVITE, its CANCEL and the ACK to its refusal leave alike; a response finds its
way back by the Vias. It records no route: ACK to a 2xx and BYE pass between the two ends.

`handle` is pure (bytes in, bytes and destination out); `SwitchProtocol` is the socket around it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, cast

from softphone.sip import Message, Via, parse

Address = tuple[str, int]

MAGIC = "z9hG4bK"
"""What every branch of RFC 3261 begins with."""
_MAX_FORWARDS = 70


@dataclass(frozen=True, slots=True)
class Datagram:
    """Bytes for a destination."""

    data: bytes
    to: Address


@dataclass(frozen=True, slots=True)
class Table:
    """Where the switch itself is, and at which endpoint each number is."""

    here: Address
    routes: Mapping[str, Address]

    def endpoint(self, user: str) -> Address | None:
        """The endpoint of a dialed number, written as people dial it or as +86..."""
        return self.routes.get(user) or self.routes.get(_national(user))


def _national(user: str) -> str:
    """+8613800000000 as 13800000000 and +862161234567 as 02161234567; anything else as it is."""
    if not user.startswith("+86"):
        return user
    digits = user.removeprefix("+86")
    return digits if digits.startswith("1") and len(digits) == 11 else f"0{digits}"


def handle(data: bytes, source: Address, table: Table) -> Datagram | None:
    """What a datagram makes the switch send; None when it is malformed, a keep-alive, or ends here."""
    message = parse(data)
    if message is None:
        return None
    if message.is_response:
        return _backward(message, table)
    return _forward(message, source, table)


def _backward(response: Message, table: Table) -> Datagram | None:
    """Take our Via off and send the response to the one below (RFC 3261 16.7, RFC 3581)."""
    ours, *below = response.vias
    if ours.sent_by != table.here or not below:
        return None
    return Datagram(response.without_top_via().data(), below[0].reply_to)


def _forward(request: Message, source: Address, table: Table) -> Datagram | None:
    """Send a request to its number's endpoint, or answer what cannot go on."""
    marked = request.with_top_via(request.vias[0].seen_from(source))
    forwards = request.number("Max-Forwards", _MAX_FORWARDS)
    endpoint = table.endpoint(request.user)
    if request.method == "OPTIONS" and not request.user:
        return _answer(marked, 200, "OK")
    if forwards <= 0:
        return _answer(marked, 483, "Too Many Hops")
    if endpoint is None:
        return _answer(marked, 404, "Not Found")
    ours = Via.udp(table.here, _branch(request))
    passed_on = marked.with_header("Max-Forwards", str(forwards - 1)).with_further_via(ours)
    return Datagram(passed_on.data(), endpoint)


def _answer(request: Message, status: int, reason: str) -> Datagram | None:
    """A response of our own, the same for every repetition of the request; an ACK gets none."""
    if request.method == "ACK":
        return None
    tag = hashlib.sha256(_identity(request).encode()).hexdigest()[:16]
    return Datagram(request.response(status, reason, tag).data(), request.vias[0].reply_to)


def _branch(request: Message) -> str:
    return MAGIC + hashlib.sha256(_identity(request).encode()).hexdigest()[:24]


def _identity(request: Message) -> str:
    """What INVITE, CANCEL and ACK of one transaction share and no other has (RFC 3261 16.11)."""
    received = request.vias[0]
    if received.branch.startswith(MAGIC):
        return f"{received.branch} {received.sent_by}"
    cseq = request.header("CSeq").split()[:1]
    return " ".join([request.header("Call-ID"), request.header("From"), request.uri, *cseq, received.text])


class SwitchProtocol(asyncio.DatagramProtocol):
    """The socket around `handle`."""

    def __init__(self, routes: Mapping[str, Address]) -> None:
        self._routes = routes
        self._transport: asyncio.DatagramTransport | None = None
        self._table = Table(("", 0), routes)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Learn the address we got."""
        # The selector loop's transports implement the interface without inheriting from it.
        self._transport = cast(asyncio.DatagramTransport, transport)
        host, port = transport.get_extra_info("sockname")[:2]
        self._table = Table((host, port), self._routes)

    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:
        """Pass one datagram on."""
        passed_on = handle(data, (str(addr[0]), addr[1]), self._table)
        if passed_on is not None and self._transport is not None:
            self._transport.sendto(passed_on.data, passed_on.to)


class Switch:
    """A running switch. `address` is where a trunk points to."""

    def __init__(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport
        host, port = transport.get_extra_info("sockname")[:2]
        self.address: Address = (host, port)

    @classmethod
    async def start(cls, host: str, port: int, routes: Mapping[str, Address]) -> Self:
        """Listen on UDP `host:port` (port 0: any free one). Raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: SwitchProtocol(routes), local_addr=(host, port)
        )
        return cls(transport)

    def close(self) -> None:
        """Stop listening."""
        self._transport.close()
