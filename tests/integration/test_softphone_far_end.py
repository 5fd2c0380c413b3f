"""The drills' far end, asked by plain datagrams: it takes calls as drawn, and writes down the truth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import cast

from base.clock import SHANGHAI, ShiftedClock
from softphone.far_call import FarCall, Moment
from softphone.far_end import FarEnd
from softphone.far_leg import RINGS_S, SESSION_S
from softphone.sip import Message, parse
from softphone.tempers import draw
from tests.linekit import PATIENCE_S

SEED = 5
BUSINESS = datetime(2026, 3, 18, 10, 0, tzinfo=SHANGHAI)


@dataclass
class Caller(asyncio.DatagramProtocol):
    """As little of a SIP client as it takes."""

    far: FarEnd
    moments: list[tuple[str, Moment]]
    got: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # The selector loop's transports implement the interface without inheriting from it.
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:  # noqa: ARG002
        message = parse(data)
        assert message is not None
        self.got.put_nowait(message)

    def send(self, method: str, number: str, call: str, to_tag: str = "") -> None:
        host, port = self.transport.get_extra_info("sockname")[:2]
        to = f"<sip:{number}@far>" + (f";tag={to_tag}" if to_tag else "")
        lines = (
            f"{method} sip:{number}@far SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{call}",
            f"From: <sip:95001@{host}>;tag=us",
            f"To: {to}",
            f"Call-ID: {call}",
            f"CSeq: 1 {method}",
            f"Contact: <sip:95001@{host}:{port}>",
            "Supported: timer",
        )
        self.transport.sendto("\r\n".join((*lines, "", "")).encode(), self.far.here)

    async def until(self, start: str) -> Message:
        """The next message whose start line begins so."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = await self.got.get()
                if message.start.startswith(start):
                    return message


@asynccontextmanager
async def calling() -> AsyncIterator[tuple[Caller, ShiftedClock]]:
    clock = ShiftedClock(BUSINESS - datetime.now(tz=SHANGHAI))
    moments: list[tuple[str, Moment]] = []

    def watch(call: FarCall, moment: Moment) -> None:
        moments.append((call.call_id, moment))

    far = await FarEnd.start(SEED, clock.now, watch)
    loop = asyncio.get_running_loop()
    transport, caller = await loop.create_datagram_endpoint(
        lambda: Caller(far, moments), local_addr=("127.0.0.1", 0)
    )
    try:
        yield caller, clock
    finally:
        transport.close()
        far.close()


def somebody(temper: str, *, crosses: bool = False) -> str:
    """A mobile number whose first call is taken so, and soon."""
    for n in count(1):
        number = f"+861380000{n:04d}"
        drawn = draw(SEED, number, 0)
        if drawn.name == temper and drawn.crosses is crosses and drawn.trying_s == 0:
            return number
    raise AssertionError


def only(far: FarEnd) -> FarCall:
    [call] = far.calls
    return call


async def test_a_busy_number_is_counted_once_however_often_its_invite_comes() -> None:
    async with calling() as (caller, _):
        number = somebody("busy")
        for _ in range(2):
            caller.send("INVITE", number, "one")
        await caller.until("SIP/2.0 486")
        caller.send("ACK", number, "one", "x")
        call = only(caller.far)
        assert caller.far.invites == 2
        assert (call.number, call.call_id, call.caller) == (number, "one", "95001")
        assert call.alerted
        assert call.over
        assert call.at <= call.until < call.at + timedelta(seconds=RINGS_S)
        assert caller.moments[0] == ("one", Moment.INVITED)
        assert caller.moments[-1] == ("one", Moment.OVER)


async def test_an_answered_call_whose_caller_is_gone_is_up_until_its_session_expires() -> None:
    async with calling() as (caller, clock):
        number = somebody("stays")
        caller.send("INVITE", number, "one")
        answer = await caller.until("SIP/2.0 200")
        assert answer.header("Session-Expires") == f"{SESSION_S:.0f};refresher=uac"
        assert b"m=audio" in answer.body
        caller.send("ACK", number, "one", "x")
        call = only(caller.far)
        assert call.answered_at is not None
        assert call.until == call.answered_at + timedelta(seconds=SESSION_S)
        clock.offset += timedelta(seconds=SESSION_S - 60)
        caller.far.expire()
        assert not only(caller.far).over
        clock.offset += timedelta(seconds=120)
        caller.far.expire()
        assert only(caller.far).over
        assert only(caller.far).until == call.until


async def test_a_bye_ends_a_call_at_once() -> None:
    async with calling() as (caller, clock):
        number = somebody("stays")
        caller.send("INVITE", number, "one")
        await caller.until("SIP/2.0 200")
        caller.send("ACK", number, "one", "x")
        caller.send("BYE", number, "one", "x")
        await caller.until("SIP/2.0 200")
        assert only(caller.far).over
        assert only(caller.far).until <= clock.now()


async def test_a_talkative_customer_hangs_up_first() -> None:
    async with calling() as (caller, _):
        number = somebody("talks")
        caller.send("INVITE", number, "one")
        await caller.until("SIP/2.0 200")
        caller.send("ACK", number, "one", "x")
        bye = await caller.until("BYE sip:95001@")
        assert bye.header("Call-ID") == "one"
        assert only(caller.far).over


async def test_a_cancel_ends_the_ringing() -> None:
    async with calling() as (caller, _):
        number = somebody("rings on")
        caller.send("INVITE", number, "one")
        await caller.until("SIP/2.0 180")
        caller.send("CANCEL", number, "one")
        await caller.until("SIP/2.0 487")
        assert only(caller.far).over
        assert only(caller.far).alerted


async def test_somebody_picks_up_as_the_cancel_comes() -> None:
    async with calling() as (caller, _):
        number = somebody("rings on", crosses=True)
        caller.send("INVITE", number, "one")
        await caller.until("SIP/2.0 180")
        caller.send("CANCEL", number, "one")
        crossed = [await caller.until("SIP/2.0 200") for _ in range(2)]
        assert [one.header("CSeq") for one in crossed] == ["1 CANCEL", "1 INVITE"]
        assert only(caller.far).answered_at is not None
        assert not only(caller.far).over


async def test_health_is_answered_and_strangers_are_not() -> None:
    async with calling() as (caller, _):
        caller.send("OPTIONS", "ping", "options")
        await caller.until("SIP/2.0 200")
        caller.send("BYE", "+8613800000000", "never seen", "x")
        await caller.until("SIP/2.0 481")
        assert caller.far.calls == ()
