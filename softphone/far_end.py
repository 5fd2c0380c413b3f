"""A far end for drills: every number of a simulated network behind one UDP address, and the truth about it.

What it writes down is what happened at the far end, whatever its callers know, believe or have forgotten. It
needs no SIP stack and no limit of four calls; the sound that it is sent goes nowhere.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Self, cast

from base.phones import normalise
from softphone.far_call import FarCall, Moment
from softphone.far_leg import RINGS_S, FarLeg
from softphone.sip import Address, Message, parse
from softphone.tempers import draw

Watch = Callable[[FarCall, Moment], None]

_USER = re.compile(r"sips?:([^@;>]*)@")
_NO_NUMBER = "no number"


class FarEnd(asyncio.DatagramProtocol):
    """The running far end. Make one with `FarEnd.start`.

    Attributes:
        here: where a trunk points to.
        now: business time; whoever moves it on calls `expire` then.
        invites: how many INVITEs came, repetitions included.
    """

    def __init__(self, seed: int, now: Callable[[], datetime], watch: Watch) -> None:
        self.here: Address = ("", 0)
        self.now: Callable[[], datetime] = now
        self.invites = 0
        self._seed = seed
        self._watch = watch
        self._legs: dict[str, FarLeg] = {}
        self._calls: Counter[str] = Counter()
        self._transport: asyncio.DatagramTransport | None = None
        # Nobody reads it: the kernel drops what is too much.
        self._sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    @classmethod
    async def start(
        cls, seed: int, now: Callable[[], datetime], watch: Watch, *, host: str = "127.0.0.1"
    ) -> Self:
        """Listen on a free UDP port of `host`.

        Args:
            seed: the same numbers are taken the same way with the same seed.
            now: business time.
            watch: hears of every call's moments.
        """
        loop = asyncio.get_running_loop()
        _, far = await loop.create_datagram_endpoint(lambda: cls(seed, now, watch), (host, 0))
        return far

    def close(self) -> None:
        """Be gone."""
        for leg in self._legs.values():
            leg.close()
        self._sink.close()
        if self._transport is not None:
            self._transport.close()

    @property
    def calls(self) -> tuple[FarCall, ...]:
        """Every call so far, in the order they came."""
        return tuple(leg.call for leg in self._legs.values())

    def expire(self) -> None:
        """Business time was moved on: end the calls that must have ended by themselves meanwhile."""
        for leg in self._legs.values():
            leg.expire(self.now())

    # --- the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Learn the address we got."""
        # The selector loop's transports implement the interface without inheriting from it.
        self._transport = cast(asyncio.DatagramTransport, transport)
        host, port = transport.get_extra_info("sockname")[:2]
        self.here = (host, port)
        self._sink.bind((host, 0))

    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:
        """Give a message to its call."""
        message = parse(data)
        if message is None:
            return
        source = (str(addr[0]), addr[1])
        self.invites += message.method == "INVITE"
        leg = self._legs.get(message.header("Call-ID"))
        if message.is_response:
            if leg is not None:
                leg.responded(message)
            return
        self._asked(message.with_top_via(message.vias[0].seen_from(source)), source, leg)

    def _asked(self, request: Message, source: Address, leg: FarLeg | None) -> None:
        first = request.method == "INVITE" and ";tag=" not in request.header("To")
        if leg is not None and first:
            leg.invited_again()
        elif leg is not None:
            leg.asked(request)
        elif first:
            self._begin(request, source)
        elif request.method == "OPTIONS":
            self.send(request.response(200, "OK", "far"), source)
        elif request.method != "ACK":
            self.send(request.response(481, "Call/Transaction Does Not Exist", "far"), source)

    def _begin(self, invite: Message, source: Address) -> None:
        number, at = _number(invite.user), self.now()
        temper = draw(self._seed, number, self._calls[number])
        self._calls[number] += 1
        call = FarCall(
            number=number,
            call_id=invite.header("Call-ID"),
            caller=_user(invite.header("From")),
            temper=temper.name,
            at=at,
            until=at if temper.silent else at + timedelta(seconds=RINGS_S),
        )
        leg = self._legs[call.call_id] = FarLeg(invite, source, call, temper, self)
        leg.begin()

    # --- what a leg needs

    def send(self, message: Message, to: Address) -> None:
        """Send a message."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(message.data(), to)

    def description(self) -> bytes:
        """An SDP answer (RFC 4566): A-law to where nobody listens."""
        host, port = self._sink.getsockname()[:2]
        lines = ("v=0", f"o=far 1 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0")
        media = (f"m=audio {port} RTP/AVP 8", "a=rtpmap:8 PCMA/8000", "a=sendrecv")
        return "\r\n".join((*lines, *media, "")).encode()

    def tell(self, call: FarCall, moment: Moment) -> None:
        """Something happened to a call."""
        self._watch(call, moment)


def _number(dialed: str) -> str:
    """The number in E.164 however it was dialed; what is none stays as it is."""
    try:
        return normalise(dialed).e164
    except ValueError:
        return dialed or _NO_NUMBER


def _user(address: str) -> str:
    found = _USER.search(address)
    return found[1] if found else ""
