"""A line worker: one process, one thread, one PJSUA2 endpoint, a handful of calls.

`python -m dialer.line.worker FD`: FD is the inherited end of a SEQPACKET socketpair. The first packet is a
`WorkerSettings`, then commands come down and events go up. The parent wakes a waiting worker by two bytes (a
SIP keep-alive) to its UDP port. A closed control socket means that the parent is gone: hang up, exit 0.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pjsua2 as pj

from base.errors import LineError
from dialer.line.accounts import Hooks, LineAccount
from dialer.line.addresses import sip_user
from dialer.line.endpoint import Endpoint
from dialer.line.guard import Guard
from dialer.line.handover import Refer
from dialer.line.ladder import Message
from dialer.line.listening import Ear
from dialer.line.media import LegMedia
from dialer.line.outcome import failed
from dialer.line.pairs import Pairs
from dialer.line.pjcall import PjCall
from dialer.line.protocol import (
    Alive,
    Command,
    EndedBy,
    Event,
    Hangup,
    Incoming,
    Invited,
    Listen,
    Originate,
    Play,
    Probe,
    Ready,
    Refused,
    Respond,
    SendKeys,
    Shutdown,
    SlotFree,
    StopListen,
    StopPlay,
)
from dialer.line.settings import WorkerSettings
from dialer.line.tap import Tap
from dialer.line.wire import Channel
from dialer.line.worker_leg import Limits, WorkerLeg

LONGEST_WAIT_S = 0.05
"""So late is a dead parent or a key seen at worst."""

LISTENING_WAIT_S = 0.04
"""Two frames at a time: a turn of the loop costs more than looking at a frame."""

PARTING_S = 2.0
"""How long a shutdown waits for the far ends' answers to our BYEs and CANCELs."""

BEAT_S = 1.0
"""Signs of life for the parent."""

UNAVAILABLE = 480
"""What a call gets that comes in where nobody takes calls (RFC 3261, 21.4.18)."""

FIRST = -10
"""Niceness of a line worker, where the system allows it (root, CAP_SYS_NICE): late sound is heard."""

_EPOCH = time.time() - time.monotonic()


def clock() -> float:
    """Seconds since 1970 that never jump."""
    return _EPOCH + time.monotonic()


class TooLateError(ValueError):
    """An order whose permit is over."""


class Worker:
    """Endpoint, legs and control socket of one process."""

    def __init__(self, channel: Channel, settings: WorkerSettings) -> None:
        self._channel = channel
        self._settings = settings
        self._guard = Guard()
        self._legs: dict[str, WorkerLeg] = {}
        self._pairs = Pairs(self._legs, self._emit)
        self._by_call_id: dict[str, WorkerLeg] = {}
        self._ears: list[Ear] = []
        self._incoming = 0
        self._stopping = False
        self._beat_at = 0.0
        self._endpoint = Endpoint(settings, Hooks(self._guard, clock, self._ring_in, self._emit))
        self._handlers: dict[type[Command], Callable[[Any], None]] = {
            Originate: self._originate,
            Respond: self._respond,
            Play: lambda order: self._leg(order).play(order),
            StopPlay: lambda order: self._leg(order).stop_play(),
            Listen: self._listen,
            StopListen: lambda order: self._leg(order).stop_listen(),
            SendKeys: self._send_keys,
            Hangup: self._hang_up,
            Refer: lambda order: self._leg(order).refer(order.target),
            Probe: lambda order: self._account(order.trunk).probe(),
            Shutdown: self._shut_down,
        }

    # --- the loop ---

    def run(self) -> None:
        """Serve until told to stop or until the parent is gone."""
        endpoint = self._endpoint
        self._emit(Ready(endpoint.host, endpoint.port, os.getpid(), self._settings.slots))
        while not (self._stopping or self._channel.closed):
            self._turn(self._patience())
            for command in self._channel.receive():
                self._obey(command)
        self._part()

    def _turn(self, seconds: float) -> None:
        self._endpoint.wait(seconds)
        self._read_messages()
        self._pairs.tick()
        now = clock()
        self._endpoint.tick(now)
        for leg in list(self._legs.values()):
            leg.tick(now)
            if leg.may_hear_early:
                leg.listen_early(self._spare_ear())
            leg.hear(now)
            self._keep_ear(leg.release_ear())
            if leg.free:
                self._forget(leg)
        self._report_mishaps()
        if now >= self._beat_at:
            self._beat_at = now + BEAT_S
            self._emit(Alive(now))
        self._channel.flush()

    def _patience(self) -> float:
        if any(leg.ear is not None for leg in self._legs.values()):
            return LISTENING_WAIT_S
        deadlines = [at for leg in self._legs.values() if (at := leg.deadline()) is not None]
        return min([LONGEST_WAIT_S, *(max(0.0, at - clock()) for at in deadlines)])

    def _part(self) -> None:
        """Hang up everything, wait a little for the far ends, stop PJSIP in its order."""
        for leg in list(self._legs.values()):
            leg.hang_up(EndedBy.US)
        self._endpoint.hang_up_all()
        until = clock() + PARTING_S
        while self._legs and clock() < until:
            self._turn(LISTENING_WAIT_S)
        self._drop_all()
        gc.collect()
        self._endpoint.stop()

    def _drop_all(self) -> None:
        """Let go of every pj object (a method of its own: no local variable may keep one)."""
        for leg in self._legs.values():
            self._keep_ear(leg.drop())
        while self._ears:
            self._ears.pop().tap.close()
        self._legs.clear()
        self._by_call_id.clear()

    def _emit(self, event: Event) -> None:
        self._channel.send(event)

    def _read_messages(self) -> None:
        for message in self._endpoint.messages():
            leg = self._by_call_id.get(message.call_id)
            if leg is not None:
                leg.heard(message)

    def _report_mishaps(self) -> None:
        while self._guard.mishaps:
            name, text = self._guard.mishaps.pop(0)
            print(text, file=sys.stderr, flush=True)  # noqa: T201
            if name in self._legs:
                self._legs[name].hang_up(EndedBy.FAILURE)

    def _forget(self, leg: WorkerLeg) -> None:
        del self._legs[leg.id]
        self._by_call_id = {key: value for key, value in self._by_call_id.items() if value is not leg}

    # --- commands ---

    def _obey(self, command: Any) -> None:
        try:
            self._handlers[type(command)](command)
        except (ValueError, LookupError) as error:
            self._refuse(command, str(error), late=isinstance(error, TooLateError))
        except pj.Error as error:
            self._refuse(command, error.info())

    def _refuse(self, command: Command, why: str, *, late: bool = False) -> None:
        name = getattr(command, "leg", "")
        self._emit(Refused(name, type(command).__name__, why, late))
        if isinstance(command, Originate) and name not in self._legs:
            self._pairs.refused(command.beside, name, why)
            self._emit(failed(name, why, clock()))
            self._emit(SlotFree(name, clock()))

    def _leg(self, command: Any) -> WorkerLeg:
        leg = self._legs.get(command.leg)
        if leg is None or not leg.live:
            raise LookupError("no such leg, or it has ended")
        return leg

    def _account(self, trunk: str) -> LineAccount:
        account = self._endpoint.accounts.get(trunk)
        if account is None:
            raise LookupError("no such trunk")
        return account

    def _new_leg(self, name: str, limits: Limits | None = None) -> WorkerLeg:
        media = LegMedia(self._endpoint.idle)
        options = {"limits": limits} if limits else {}
        leg = WorkerLeg(name, emit=self._emit, clock=clock, media=media, **options)
        self._legs[name] = leg
        return leg

    def _originate(self, order: Originate) -> None:
        if order.leg in self._legs:
            raise ValueError("a leg of that name exists")
        if time.time() > order.not_after:  # the machine's clock, as the parent's: ours never jumps
            raise TooLateError("too late: its permit is over")
        if order.beside:
            self._pairs.require(order.beside)
        account = self._account(order.trunk)
        leg = self._new_leg(order.leg, Limits(order.ring_limit_s, order.setup_limit_s, order.talk_limit_s))
        leg.host = order.beside
        leg.tracks = (order.record_system, order.record_customer)
        leg.early_track, leg.wants_early_ear = order.record_early, order.early_ear
        prm = pj.CallOpParam(True)
        prm.txOption.localUri = order.from_uri
        for name, value in order.headers.items():
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            prm.txOption.headers.append(header)
        leg.call = PjCall(account, leg, self._guard)
        try:
            leg.call.makeCall(account.target(order.uri), prm)
        except pj.Error:
            leg.call = None
            del self._legs[order.leg]
            raise
        call_id = leg.call.getInfo().callIdString
        self._by_call_id[call_id] = leg
        if order.beside:
            self._pairs.add(order.leg)
        self._emit(Invited(order.leg, call_id, clock()))

    def _ring_in(self, account: LineAccount, number: int, message: Message) -> None:
        self._incoming += 1
        leg = self._new_leg(f"in-{os.getpid()}-{self._incoming}")
        leg.call = PjCall(account, leg, self._guard, number)
        self._by_call_id[message.call_id] = leg
        if not account.takes_calls:
            # Left alone, a scanner's INVITE or a customer calling back would hold a dialing slot for ever.
            leg.hang_up(EndedBy.US, UNAVAILABLE)
            return
        called, caller = sip_user(message.uri), sip_user(message.caller)
        self._emit(Incoming(leg.id, called, caller, message.call_id, clock(), account.name))

    def _respond(self, order: Respond) -> None:
        leg = self._leg(order)
        if order.status >= 300:
            leg.hang_up(EndedBy.US, order.status, order.contact)
            return
        assert leg.call is not None
        leg.tracks = (order.record_system, order.record_customer)
        prm = pj.CallOpParam(True)
        prm.statusCode = order.status
        leg.call.answer(prm)

    def _listen(self, order: Listen) -> None:
        leg = self._leg(order)
        ear = leg.ear or self._spare_ear()
        try:
            leg.listen(order, ear)
        finally:
            if leg.ear is None:
                self._ears.append(ear)

    def _spare_ear(self) -> Ear:
        return self._ears.pop() if self._ears else Ear(Tap("ear", clock))

    def _keep_ear(self, ear: Ear | None) -> None:
        if ear is not None:
            self._ears.append(ear)

    def _send_keys(self, order: SendKeys) -> None:
        leg = self._leg(order)
        assert leg.call is not None
        leg.call.dialDtmf(order.keys)

    def _hang_up(self, order: Hangup) -> None:
        self._leg(order).hang_up(EndedBy.US, order.status)

    def _shut_down(self, _: Shutdown) -> None:
        self._stopping = True


def main(fd: int) -> None:
    """Serve the parent at the other end of `fd`."""
    # Ctrl-C goes to the whole process group, a service manager's SIGTERM to every process of the service: the
    # parent decides what becomes of the calls, and its end ends us.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, FIRST)
    end = socket.socket(fileno=fd)
    end.setblocking(True)
    channel = Channel(end)
    settings = _first(channel)
    if settings is not None:
        _serve(channel, settings)
    channel.close()


def _serve(channel: Channel, settings: WorkerSettings) -> None:
    try:
        worker = Worker(channel, settings)
    except LineError as error:
        channel.send(Refused("", "WorkerSettings", str(error)))
    else:
        worker.run()


def _first(channel: Channel) -> WorkerSettings | None:
    while not channel.closed:
        for value in channel.receive():
            if isinstance(value, WorkerSettings):
                return value
        time.sleep(0.002)
    return None


if __name__ == "__main__":
    main(int(sys.argv[1]))
