"""Conversations with the real session, ear and line workers, that note when what happened."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from base.audio import wav_seconds
from base.clock import SHANGHAI, ShiftedClock
from base.errors import LineError
from bench.far_ends import ROOT
from dialer.conversation import Conversation
from dialer.inbox import Inbox
from dialer.line import protocol as line
from dialer.line.leg import Leg
from dialer.watching import Watch
from ivr.hearing import Ear, Heard
from ivr.prompts import PromptStore
from ivr.script import Script
from ivr.session import Session
from ivr.values import Slots

EARLIEST_S = 0.2
"""So much before what the far end takes for its last word the answer may have been over for us."""


@dataclass
class Stamps:
    """Machine times at our side of one call: when an answer had ended, its words were known, and so on."""

    answers: list[float] = field(default_factory=list)
    words: list[float] = field(default_factory=list)
    plays: dict[str, float] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)

    def stages(self, ended: float, replied: float) -> dict[str, float]:
        """Where the time from the customer's last word to our first went; {} for another call's."""
        heard = [at for at in self.answers if ended - EARLIEST_S < at <= replied]
        played = {name: at for name, at in self.plays.items() if heard and heard[-1] <= at <= replied}
        name = min(played, key=lambda one: played[one], default="")
        if name not in self.starts:
            return {}
        known = max([heard[-1], *(at for at in self.words if heard[-1] <= at <= played[name])])
        return {
            "endpoint": heard[-1] - ended,
            "recognition": known - heard[-1],
            "understanding": played[name] - known,
            "play_start": self.starts[name] - played[name],
            "network": replied - self.starts[name],
        }


class StampedLeg:
    """A leg that notes when its events came and its plays were ordered. `preview` off takes previews away.

    `asked` hears of each play: the script's node, seconds.
    """

    def __init__(self, leg: Leg, stamps: Stamps, asked: Callable[[str, float], None], preview: bool) -> None:
        self.node = ""
        self._leg = leg
        self._stamps = stamps
        self._asked = asked
        self._preview = preview
        self._answered_at = 0.0

    @property
    def id(self) -> str:
        """The leg's id."""
        return self._leg.id

    def send(self, command: line.Command) -> None:
        """Pass it on."""
        if isinstance(command, line.Play):
            self._stamps.plays[command.play] = time.time()
            self._asked(self.node, sum(wav_seconds(Path(file)) for file in command.files))
        if isinstance(command, line.Listen) and not self._preview:
            command = replace(command, preview_s=0.0)
        self._leg.send(command)

    def originate_beside(self, order: line.Originate) -> Leg:
        """A second leg: nobody hands over here."""
        return self._leg.originate_beside(order)

    async def next_event(self) -> line.Event:
        """The next event."""
        event = await self._leg.next_event()
        match event:
            case line.Answered():
                self._answered_at = event.at
            case line.Utterance():
                self._stamps.answers.append(time.time())
            case line.Played():
                self._stamps.starts[event.play] = self._answered_at + event.start_s
        return event


@dataclass(frozen=True)
class StampedEar:
    """An ear that notes when words were known."""

    ear: Ear
    stamps: Stamps

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:
        """The words of an utterance."""
        heard = await self.ear.hear(pcm, expected)
        self.stamps.words.append(time.time())
        return heard


class Follower(Watch):
    """Knows which node the conversation is at, in place of a live view."""

    def __init__(self, leg: StampedLeg) -> None:
        self._leg = leg

    def tell(self, **changes: Any) -> None:
        """A prompt begins, or something was heard."""
        self._leg.node = changes.get("node", self._leg.node)


@dataclass(frozen=True)
class Talk:
    """What every conversation needs."""

    script: Script
    slots: Slots
    prompts: PromptStore
    ear: Ear
    preview: bool

    async def hold(
        self, leg: Leg, stop: asyncio.Event, asked: Callable[[str, float], None]
    ) -> tuple[Stamps, int]:
        """One conversation, from the answer to its end; the stamps and how often we cut in."""
        stamps = Stamps()
        stamped = StampedLeg(leg, stamps, asked, self.preview)
        while not isinstance(event := await stamped.next_event(), line.Answered):
            if isinstance(event, line.Ended):
                raise LineError(f"a call was not answered: {event.status} {event.reason}")
        now = datetime.now(SHANGHAI)
        session, actions = Session.begin(self.script, self.slots, now, landline=False, apologise=False)
        inbox = Inbox(stamped, stop)
        conversation = Conversation(
            stamped,
            inbox,
            session,
            ear=StampedEar(self.ear, stamps),
            prompts=self.prompts,
            clock=ShiftedClock(),
            watch=Follower(stamped),
        )
        try:
            talked = await conversation.run(actions)
        finally:
            await inbox.close()
        leg.send(line.Hangup(leg.id))
        while talked.ended is None and not isinstance(await leg.next_event(), line.Ended):
            pass
        return stamps, talked.cut_ins


@dataclass(frozen=True)
class Said:
    """One answer as the far end saw it (see `bench.turn_end`)."""

    stream: int
    began: float
    ended: float
    replied: float
    cut_in: bool


class Customers:
    """The process with the far ends' sound; `said` is what came of each answer so far."""

    def __init__(self, process: asyncio.subprocess.Process, ports: Sequence[int]) -> None:
        self.ports = ports
        self.pid = process.pid
        self.said: list[Said] = []
        self._process = process
        self._reading = asyncio.create_task(self._read())

    @classmethod
    @asynccontextmanager
    async def open(cls, streams: int) -> AsyncIterator[Customers]:
        """Start it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.turn_end", str(streams),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        assert process.stdout is not None
        customers = cls(process, json.loads(await process.stdout.readline()))
        try:
            yield customers
        finally:
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()
            await customers._reading

    def answer(self, stream: int, file: Path, in_s: float) -> None:
        """Let a customer say something in so many seconds."""
        assert self._process.stdin is not None
        order = {"stream": stream, "file": str(file), "in_s": in_s}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for told in self._process.stdout:
            self.said.append(Said(**json.loads(told)))
