"""The inbound desk: customers who ring the callback number back hear an announcement, or are sent on.

Runs beside the campaign on the desk worker, which dials nothing: no dialing slot is taken. What becomes of a
call is decided in `dialer.inbound_rules`; both sides of what was answered are recorded (R1, R2).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from base.clock import Clock
from base.errors import HuifangError
from base.log import get_logger
from base.phones import normalise
from dialer.inbound_rules import InboundSettings, Outcome, Reception, receive
from dialer.inbox import Inbox, Signal, drop
from dialer.line.leg import Leg
from dialer.line.protocol import Answered, Ended, Event, Hangup, Incoming, Play, Played, Respond
from dialer.recordings import CUSTOMER, SYSTEM, Recordings, track
from records import inbound
from records.database import Database
from records.inbound import Arrival, Departure

_log = get_logger(__name__)

LONGEST_S = 180.0
"""No inbound call lasts longer, whatever happens to it."""

ANSWER_OK = 200


class IncomingLeg(Leg, Protocol):
    """A leg that the far end began."""

    @property
    def incoming(self) -> Incoming | None:
        """Who calls."""
        ...


class Doorbell(Protocol):
    """Where calls come in: the pool of line workers."""

    async def next_incoming(self) -> IncomingLeg:
        """Wait for the next call."""
        ...


@dataclass(frozen=True)
class Front:
    """What the desk works with. `announcement`: WAV files, played one after the other."""

    db: Database
    doorbell: Doorbell
    settings: InboundSettings
    announcement: tuple[Path, ...]
    recordings: Recordings
    clock: Clock
    extension: str
    node: str


class InboundDesk:
    """Takes calls until its task is cancelled; use `run` once."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._calls: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._answered: set[str] = set()

    async def run(self) -> None:
        """Take calls. Cancelled, it hangs up what is answered and writes it down first."""
        try:
            while True:
                leg = await self._front.doorbell.next_incoming()
                if leg.incoming is not None:
                    self._begin(leg, leg.incoming)
        finally:
            self._stop.set()
            await asyncio.gather(*self._calls)

    def _begin(self, leg: IncomingLeg, incoming: Incoming) -> None:
        reception = receive(self._front.settings, trunk=incoming.trunk, active=len(self._answered))
        if reception.outcome is Outcome.ANNOUNCED:
            self._answered.add(leg.id)
        task = asyncio.create_task(self._guarded(leg, incoming, reception))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _guarded(self, leg: IncomingLeg, incoming: Incoming, reception: Reception) -> None:
        """One caller's trouble is not the next one's: it is told, and the call ended."""
        inbox = Inbox(leg, self._stop)
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._take(leg, inbox, incoming, reception)
        except (HuifangError, TimeoutError) as error:
            _log.error("an inbound call could not be handled", error=repr(error))
        finally:
            self._answered.discard(leg.id)
            leg.send(Hangup(leg.id))
            await inbox.close()

    async def _take(self, leg: IncomingLeg, inbox: Inbox, incoming: Incoming, reception: Reception) -> None:
        if not reception.kept:
            _log.warning("a stranger's call was refused", pii={"caller": incoming.caller})
            await _refuse(leg, inbox, reception)
            return
        arrival = self._arrival(incoming, reception)
        _log.info(
            "a call came in", outcome=arrival.outcome, trunk=arrival.trunk, pii={"caller": arrival.caller}
        )
        row = await inbound.arrived(self._front.db, arrival)
        if reception.status == ANSWER_OK:
            end = await self._announce(leg, inbox, arrival.recording)
        else:
            end = self._departure(await _refuse(leg, inbox, reception), 0.0)
        await inbound.left(self._front.db, row, end)
        if arrival.recording:
            await self._front.recordings.put_away(arrival.recording)

    def _arrival(self, incoming: Incoming, reception: Reception) -> Arrival:
        front = self._front
        now = front.clock.now()
        answered = reception.status == ANSWER_OK
        return Arrival(
            at=now,
            trunk=incoming.trunk,
            node=front.node,
            number=incoming.number,
            caller=incoming.caller,
            phone=phone_of(incoming.caller),
            outcome=reception.outcome.value,
            call_id=incoming.call_id,
            recording=front.recordings.stem(now, front.extension) if answered else "",
        )

    async def _announce(self, leg: IncomingLeg, inbox: Inbox, stem: str) -> Departure:
        """Answer, play to the end, hang up."""
        data = self._front.recordings.data
        tracks = (str(track(data, stem, party)) for party in (SYSTEM, CUSTOMER))
        leg.send(Respond(leg.id, ANSWER_OK, *tracks))
        heard_s = 0.0
        while not isinstance(event := await inbox.next(), Ended):
            if isinstance(event, Answered):
                leg.send(Play(leg.id, "announcement", tuple(map(str, self._front.announcement))))
            elif isinstance(event, Played):
                heard_s = event.end_s - event.start_s
            if event is Signal.STOP or isinstance(event, Played):
                leg.send(Hangup(leg.id))
        self._answered.discard(leg.id)
        return self._departure(event, heard_s)

    def _departure(self, ended: Ended, heard_s: float) -> Departure:
        at = self._front.clock.at
        answered_at = at(ended.answered_at) if ended.answered_at is not None else None
        return Departure(at(ended.ended_at), answered_at, heard_s, ended.by.value)


async def _refuse(leg: IncomingLeg, inbox: Inbox, reception: Reception) -> Ended:
    """End a call before it is answered."""
    leg.send(Respond(leg.id, reception.status, contact=reception.contact))
    event: Event | Signal = Signal.OTHER
    while not isinstance(event, Ended):
        event = await inbox.next()
    return event


def phone_of(caller: str) -> str:
    """The caller's number in E.164; "" for what is none, such as `anonymous`."""
    try:
        return normalise(caller).e164
    except ValueError:
        return ""


async def stop(task: asyncio.Task[None]) -> None:
    """End the desk's task, and raise what ended it before."""
    if task.done():
        task.result()
    await drop(task)
