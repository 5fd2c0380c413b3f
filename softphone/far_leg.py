"""The far side of one call, without a SIP stack: as little of RFC 3261 as subscribers need to be called.

It takes the call as its temper says, repeats what UDP may lose, and writes down what became of it. A leg that
its caller has forgotten rings until the network gives up, and talks until its session expires (RFC 4028).
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from softphone.far_call import FarCall, Moment
from softphone.sip import Address, Message, Via
from softphone.tempers import Temper

T1, T2 = 0.5, 4.0
GIVE_UP_S = 64 * T1
"""RFC 3261, section 17.1.1.2."""
RINGS_S = 75.0
"""So long a network lets a phone ring."""
SESSION_S = 1800.0
"""A session that nobody refreshes ends after this (RFC 4028, section 4)."""

_REASONS = {480: "Temporarily Unavailable", 486: "Busy Here", 487: "Request Terminated", 603: "Decline"}
_URI = re.compile(r"<([^>]+)>")
_TARGET = re.compile(r"sips?:(?:[^@]*@)?([^:;>]+)(?::(\d+))?")


class Network(Protocol):
    """What a leg needs of the far end that it belongs to."""

    here: Address

    def send(self, message: Message, to: Address) -> None:
        """Send a message."""
        ...

    def description(self) -> bytes:
        """An SDP answer."""
        ...

    def now(self) -> datetime:
        """Business time."""
        ...

    def tell(self, call: FarCall, moment: Moment) -> None:
        """Something happened."""
        ...


class FarLeg:
    """One call at the far end. `call` is what is known of it."""

    def __init__(self, invite: Message, source: Address, call: FarCall, temper: Temper, net: Network) -> None:
        self.call = call
        self._invite = invite
        self._source = source
        self._temper = temper
        self._net = net
        self._tag = secrets.token_hex(6)
        self._last: Message | None = None
        self._insisting: asyncio.TimerHandle | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._up = False

    def begin(self) -> None:
        """The first INVITE has come."""
        self._net.tell(self.call, Moment.INVITED)
        if self._temper.silent:
            return
        self._after(self._temper.trying_s, lambda: self._respond(100, "Trying"))
        if self._temper.ringing_s is not None:
            self._after(self._temper.trying_s + self._temper.ringing_s, self._ring)
        if self._temper.status:
            self._after(self._temper.trying_s + self._temper.final_s, self._finish)
        else:
            self._after(RINGS_S, lambda: self._refuse(480))

    def invited_again(self) -> None:
        """The INVITE was repeated, or one within the call has come."""
        if self._temper.silent:
            self.call = replace(self.call, until=self._net.now())
        elif self._last is not None:
            self._net.send(self._last, self._source)

    def asked(self, request: Message) -> None:
        """A request within the call: INVITE or UPDATE to refresh it, CANCEL, ACK, BYE, anything else."""
        match request.method:
            case "ACK":
                self._acknowledged()
            case "CANCEL" if self._temper.silent:
                return
            case "CANCEL":
                self._net.send(request.response(200, "OK", self._tag), self._source)
                self._give_up()
            case "BYE":
                self._calm()
                self._net.send(request.response(200, "OK", self._tag), self._source)
                self._end()
            case "INVITE" | "UPDATE":
                self._net.send(self._described(request), self._source)
            case _:
                self._net.send(request.response(200, "OK", self._tag), self._source)

    def responded(self, response: Message) -> None:
        """A final response to our BYE."""
        if response.header("CSeq").endswith("BYE"):
            self._calm()

    def expire(self, now: datetime) -> None:
        """Business time has passed: a call that must have ended by itself is over."""
        if not self.call.over and self.call.until <= now:
            self._drop()
            self.call = replace(self.call, over=True)

    def close(self) -> None:
        """Let go of every timer."""
        self._drop()

    # --- what the subscriber does

    def _ring(self) -> None:
        self._respond(180, "Ringing")
        self.call = replace(self.call, alerted=True)
        self._net.tell(self.call, Moment.RANG)

    def _finish(self) -> None:
        if self._temper.status == 200:
            self._pick_up()
        else:
            self._refuse(self._temper.status)

    def _pick_up(self) -> None:
        now = self._net.now()
        until = now + timedelta(seconds=SESSION_S)
        self.call = replace(self.call, alerted=True, answered_at=now, until=until)
        self._drop()
        self._last = self._described(self._invite)
        self._insist(self._last, self._hang_up)
        self._net.tell(self.call, Moment.ANSWERED)

    def _acknowledged(self) -> None:
        self._calm()
        if self.call.answered_at is not None and not self._up and not self.call.over:
            self._up = True
            if self._temper.talk_s is not None:
                self._after(self._temper.talk_s, self._hang_up)

    def _give_up(self) -> None:
        """The caller gives up: too late where somebody has just picked up."""
        if self.call.over or self.call.answered_at is not None:
            return
        if self._temper.crosses:
            self._pick_up()
        else:
            self._refuse(487)

    def _refuse(self, status: int) -> None:
        self._drop()
        response = self._invite.response(status, _REASONS[status], self._tag)
        self._last = response
        self._insist(response, self._calm)
        self.call = replace(self.call, alerted=self.call.alerted or status != 487)
        self._end()

    def _hang_up(self) -> None:
        self._drop()
        via = Via.udp(self._net.here, f"z9hG4bK-{self._tag}")
        invite = self._invite
        headers = (
            ("From", f"{invite.header('To')};tag={self._tag}"),
            ("To", invite.header("From")),
            ("Call-ID", self.call.call_id),
            ("CSeq", "1 BYE"),
            ("Max-Forwards", "70"),
            ("Content-Length", "0"),
        )
        contact = _URI.search(invite.header("Contact"))
        target = contact[1] if contact else invite.header("Contact")
        self._source = _address(target, self._source)
        self._insist(Message(f"BYE {target} SIP/2.0", headers, b"", (via,)), self._calm)
        self._end()

    def _end(self) -> None:
        if self.call.over:
            return
        self._stop_timers()
        self.call = replace(self.call, over=True, until=self._net.now())
        self._net.tell(self.call, Moment.OVER)

    # --- sending

    def _respond(self, status: int, reason: str) -> None:
        self._last = self._invite.response(status, reason, self._tag)
        self._net.send(self._last, self._source)

    def _described(self, request: Message) -> Message:
        body = self._net.description()
        response = request.response(200, "OK", self._tag)
        response = response.with_header("Contact", f"<sip:far@{self._net.here[0]}:{self._net.here[1]}>")
        if "timer" in request.header("Supported"):
            response = response.with_header("Session-Expires", f"{SESSION_S:.0f};refresher=uac")
            response = response.with_header("Require", "timer")
        response = response.with_header("Content-Type", "application/sdp")
        return replace(response.with_header("Content-Length", str(len(body))), body=body)

    def _insist(
        self, message: Message, or_else: Callable[[], None], wait_s: float = T1, spent_s: float = 0.0
    ) -> None:
        """Send, and send again, until something calms us; after 64*T1 do something else."""
        if spent_s >= GIVE_UP_S:
            or_else()
            return
        self._net.send(message, self._source)
        again = (message, or_else, min(2 * wait_s, T2), spent_s + wait_s)
        self._insisting = asyncio.get_running_loop().call_later(wait_s, self._insist, *again)

    def _calm(self) -> None:
        if self._insisting is not None:
            self._insisting.cancel()
            self._insisting = None

    def _after(self, seconds: float, do: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, do))

    def _drop(self) -> None:
        self._calm()
        self._stop_timers()

    def _stop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()


def _address(uri: str, otherwise: Address) -> Address:
    """Where a SIP URI points to."""
    found = _TARGET.match(uri)
    return (found[1], int(found[2] or 5060)) if found else otherwise
