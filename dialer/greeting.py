"""The first seconds after an answer: who is there? Carries out what `dialer.answering` decides."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from base.clock import Clock
from dialer.answering import Judge, Limits, Who
from dialer.disposition import Announced
from dialer.inbox import Inbox, Signal, drop
from dialer.line import protocol as line
from dialer.line.leg import Leg
from dialer.overhearing import Listener

GREETING = "greeting"
"""`Listen.listen` of all listenings before the first word."""

CUT_S = 0.1
"""An utterance that is nearer than this to the longest was cut: it goes on."""


@dataclass(frozen=True, slots=True)
class Greeted:
    """Who answered: a person, unless something was `announced`, the leg `ended`, or we are to stop.

    `spoke`: somebody was heard.
    """

    announced: Announced | None = None
    ended: line.Ended | None = None
    stopped: bool = False
    spoke: bool = False

    @property
    def person(self) -> bool:
        """The opening may be said."""
        return self.announced is None and self.ended is None and not self.stopped


class Greeting:
    """One answered leg until it is known who is there. Use `run` once."""

    def __init__(self, leg: Leg, inbox: Inbox, listener: Listener, limits: Limits, clock: Clock) -> None:
        self._clock = clock
        self._leg = leg
        self._inbox = inbox
        self._listener = listener
        self._limits = limits
        self._judge = Judge(limits)
        self._kept: deque[line.Event] = deque()
        self._end: line.Ended | Signal | None = None

    async def run(self) -> Greeted:
        """Listen until it is decided, or until the leg ends."""
        waiting = asyncio.create_task(self._clock.sleep(self._limits.wait_s))
        try:
            self._listen()
            while self._judge.who is Who.UNKNOWN and self._end is None:
                await self._take(await self._event(waiting))
        finally:
            await drop(waiting)
        ended = self._end if isinstance(self._end, line.Ended) else None
        return Greeted(self._judge.announced, ended, self._end is Signal.STOP, self._judge.spoke)

    def _listen(self) -> None:
        limits = self._limits
        self._leg.send(
            line.Listen(
                self._leg.id,
                GREETING,
                patience_s=limits.pause_s,
                no_input_s=limits.silence_s,
                longest_s=limits.listen_s,
            )
        )

    async def _event(self, waiting: asyncio.Task[None]) -> line.Event | None:
        if self._kept:
            return self._kept.popleft()
        got = await self._inbox.next(waiting)
        if got is Signal.OTHER:
            self._judge = self._judge.out_of_time()
            return None
        if isinstance(got, line.Ended | Signal):
            self._end = got
            return None
        return got

    async def _take(self, event: line.Event | None) -> None:
        match event:
            case line.Key():
                self._judge = self._judge.key()
            case line.Tone():
                self._judge = self._judge.tone(event.kind)
            case line.NoInput() if event.listen == GREETING:
                self._judge = self._judge.silence()
                if self._judge.who is Who.UNKNOWN:
                    self._listen()
            case line.Utterance() if event.listen == GREETING:
                await self._said(event)

    async def _said(self, utterance: line.Utterance) -> None:
        length_s = utterance.end_s - utterance.start_s
        ended = length_s < self._limits.listen_s - CUT_S
        if not ended:
            self._listen()  # what goes on meanwhile is not lost
        text = await self._words(utterance) if self._judge.needs_words(length_s) else ""
        announced = self._listener.table.recognise(self._judge.text + text, early=False) if text else None
        self._judge = self._judge.said(length_s, ended=ended, text=text, announced=announced)

    async def _words(self, utterance: line.Utterance) -> str:
        """The words of an utterance. What happens meanwhile is kept; the leg's end does not break it off."""
        asking = asyncio.create_task(self._listener.words(utterance.pcm))
        try:
            while not asking.done():
                got = await self._inbox.next(asking) if self._end is None else await _done(asking)
                if isinstance(got, line.Ended):
                    self._end = got
                elif got is Signal.STOP:
                    self._end = got
                    return ""
                elif not isinstance(got, Signal):
                    self._kept.append(got)
            return asking.result()
        finally:
            await drop(asking)


async def _done(task: asyncio.Task[str]) -> Signal:
    await asyncio.wait({task})
    return Signal.OTHER
