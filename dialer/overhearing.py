"""What a far end says in a person's place: recognised, and looked up in the table of announcements.

Before the answer one `Overhearing` per attempt collects what is heard. Recognition takes a second of one
core, and people who talk go first: before the answer only one piece of all calls is recognised at a time, and
of one call only the first few (an announcement repeats itself).
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from base.errors import LineError
from base.log import get_logger
from dialer.announcements import Announcements
from dialer.answering import DEAD_LINE
from dialer.disposition import Announced
from dialer.inbox import drop
from dialer.line import protocol as line
from dialer.line.protocol import RINGS, ToneKind
from ivr.hearing import Ear

_log = get_logger(__name__)

LIMIT_S = 8.0
"""Words not recognised by then decide nothing."""
PIECES = 5
"""Of one call's early media so many pieces are recognised at most."""
TOGETHER = 3
"""Pieces that may belong together: "the number you dialed", a pause, "is powered off"."""


@dataclass(frozen=True)
class Listener:
    """The recogniser and the table, shared by all calls of a run."""

    ear: Ear
    table: Announcements
    _early: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def words(self, pcm: bytes) -> str:
        """The words of an utterance; "" when they were not recognised in time, or the recogniser died."""
        try:
            async with asyncio.timeout(LIMIT_S):
                return (await self.ear.hear(pcm)).text
        except (LineError, TimeoutError) as error:
            _log.error("announcement not recognised", error=repr(error))
            return ""

    async def early_words(self, pcm: bytes) -> str:
        """The same for what was said before an answer, one at a time."""
        async with self._early:
            return await self.words(pcm)


class Overhearing:
    """One attempt's early media. `announced`: what was recognised; `work`: the recognition at hand."""

    def __init__(self, listener: Listener) -> None:
        self.announced: Announced | None = None
        self.work: asyncio.Task[str] | None = None
        self.spoken = False
        self._listener = listener
        self._waiting: deque[bytes] = deque()
        self._texts: deque[str] = deque(maxlen=TOGETHER)
        self._left = PIECES
        self._stale = False

    def said(self, utterance: line.Utterance) -> None:
        """Somebody spoke before the answer."""
        self.spoken = True
        if self._left > 0 and self.announced is None:
            self._left -= 1
            self._waiting.append(utterance.pcm)
            self._go_on()

    def tone(self, kind: ToneKind) -> None:
        """A tone: once it rings, what was said before says nothing (D1); a dead line speaks for itself."""
        if kind in RINGS:
            self._texts.clear()
            self._waiting.clear()
            self._stale = self.work is not None
            self.announced = None
        elif kind in DEAD_LINE and self.announced is None:
            self.announced = Announced(DEAD_LINE[kind], f"{kind.value} tone", 1.0)

    def take(self) -> None:
        """Look up the words that `work` has recognised; the next piece follows."""
        if self.work is None or not self.work.done():
            return
        text, self.work = self.work.result(), None
        stale, self._stale = self._stale, False
        if text and not stale:
            self._texts.append(text)
            table = self._listener.table
            found = table.recognise(text, early=True) or table.recognise("".join(self._texts), early=True)
            self.announced = self.announced or found
        self._go_on()

    async def settle(self) -> None:
        """Recognise what is left, as far as there is time: the call is over, and what was said decides."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LIMIT_S):
                while self.work is not None and self.announced is None:
                    await asyncio.wait({self.work})
                    self.take()

    async def close(self) -> None:
        """Recognise nothing more."""
        self._waiting.clear()
        await drop(self.work)
        self.work = None

    def _go_on(self) -> None:
        if self.work is None and self._waiting and self.announced is None:
            self.work = asyncio.create_task(self._listener.early_words(self._waiting.popleft()))
