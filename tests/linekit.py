"""Helpers for tests with real line workers on 127.0.0.1: two pools, and waiting for events."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar

import numpy as np

from base.audio import RATE, Samples
from dialer.line.pool_leg import PoolLeg
from dialer.line.protocol import Answered, Ended, Event, Hangup, Originate, Respond, SlotFree
from dialer.line.workers import WorkerPool

PATIENCE_S = 40.0
"""No event of these tests takes longer; a lost one must not hang the suite."""

Wanted = TypeVar("Wanted", bound=Event)
_names = count(1)


@dataclass
class Watched:
    """A leg whose events are kept: `seen` has all that came."""

    leg: PoolLeg
    seen: list[Event] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.leg.id

    async def until(self, kind: type[Wanted]) -> Wanted:
        """Wait for the next event of a type."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                event = await self.leg.next_event()
                self.seen.append(event)
                if isinstance(event, kind):
                    return event

    async def over(self) -> Ended:
        """Wait until the leg has ended and its slot is free."""
        ended = await self.until(Ended)
        await self.until(SlotFree)
        return ended

    def all(self, kind: type[Wanted]) -> list[Wanted]:
        """The events of a type so far."""
        return [event for event in self.seen if isinstance(event, kind)]


@dataclass
class Pair:
    """A caller's pool and a phone's."""

    caller: WorkerPool
    phone: WorkerPool

    def dial(self, **more: object) -> Watched:
        """Call the phone."""
        number, ports = next(_names), self.phone.ports
        uri = f"sip:13800000000@127.0.0.1:{ports[number % len(ports)]}"
        order = Originate(f"call-{number}", uri, **more)  # type: ignore[arg-type]
        return Watched(self.caller.originate(order))

    async def ring(self, **more: object) -> tuple[Watched, Watched, PoolLeg]:
        """Call the phone and let it ring."""
        ours = self.dial(**more)
        incoming = await asyncio.wait_for(self.phone.next_incoming(), PATIENCE_S)
        incoming.send(Respond(incoming.id, 180))
        return ours, Watched(incoming), incoming

    async def talk(self, tracks: Path | None = None, **more: object) -> tuple[Watched, Watched]:
        """Call the phone and let it answer; with `tracks`, both sides record both tracks there."""
        names = track_names(tracks) if tracks else {"ours": ("", ""), "theirs": ("", "")}
        system, customer = names["ours"]
        ours, theirs, phone = await self.ring(record_system=system, record_customer=customer, **more)
        phone.send(Respond(phone.id, 200, *names["theirs"]))
        await asyncio.gather(ours.until(Answered), theirs.until(Answered))
        return ours, theirs


def track_names(folder: Path) -> dict[str, tuple[str, str]]:
    """Paths of (system, customer) for each side."""
    return {
        side: (str(folder / f"{side}_system.wav"), str(folder / f"{side}_customer.wav"))
        for side in ("ours", "theirs")
    }


async def hang_up(ours: Watched, theirs: Watched) -> tuple[Ended, Ended]:
    """Hang up at our side; how both sides saw the end."""
    ours.leg.send(Hangup(ours.id))
    return await asyncio.gather(ours.over(), theirs.over())


def found_at(track: Samples, hertz: float) -> list[float]:
    """Seconds (in steps of 20 ms) at which a tone of that frequency stands in the track."""
    step = RATE // 50
    frames = track[: len(track) // step * step].astype(float).reshape(-1, step)
    wave = np.exp(-2j * np.pi * hertz * np.arange(step) / RATE)
    strength = np.abs(frames @ wave) / (step / 2)
    return [n * 0.02 for n in np.flatnonzero(strength > 2000)]
