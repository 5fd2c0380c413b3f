"""What one attempt hears of machines and carriers: before the answer, at it, and what is kept of both."""

from __future__ import annotations

import asyncio
from pathlib import Path

from base.clock import Clock
from dialer.disposition import ENDS_AT_ONCE, Announced
from dialer.greeting import Greeted, Greeting
from dialer.inbox import Inbox
from dialer.line import protocol as line
from dialer.line.leg import Leg
from dialer.overhearing import Listener, Overhearing
from dialer.profile import Answering


class Ears:
    """One attempt's. Without a `listener` nothing is heard, and everybody is a person.

    Attributes:
        heard: an announcement or a machine in a person's place.
        spoke: somebody spoke, or pressed a key, before our first word.
    """

    def __init__(self, listener: Listener | None, answering: Answering) -> None:
        self.heard: Announced | None = None
        self.spoke = False
        self._listener = listener
        self._answering = answering
        self._early = Overhearing(listener) if listener is not None else None

    @property
    def early(self) -> bool:
        """Early media are listened to."""
        return self._early is not None

    @property
    def at_answers(self) -> Listener | None:
        """Who knows a machine's words after the answer."""
        return self._listener if self._answering.on else None

    @property
    def work(self) -> asyncio.Task[str] | None:
        """The recognition at hand: `recognised` when it is done."""
        return self._early.work if self._early is not None else None

    def overhear(self, event: line.Utterance | line.Tone) -> None:
        """Something was heard before the answer."""
        if self._early is None:
            return
        if isinstance(event, line.Tone):
            self._early.tone(event.kind)
        else:
            self._early.said(event)

    def recognised(self) -> None:
        """Words of the early media are there."""
        if self._early is not None:
            self._early.take()

    @property
    def ends_at_once(self) -> bool:
        """Whether what was announced before the answer says that no phone rings."""
        heard = self._early.announced if self._early is not None else None
        return heard is not None and heard.disposition in ENDS_AT_ONCE

    async def greet(self, leg: Leg, inbox: Inbox, clock: Clock) -> Greeted:
        """Listen before the first word: a machine hears none (A2)."""
        if self.at_answers is None:
            return Greeted()
        greeted = await Greeting(leg, inbox, self.at_answers, self._answering.limits(), clock).run()
        self.heard, self.spoke = greeted.announced, greeted.spoke
        return greeted

    async def settle(self, early_track: Path, *, answered: bool) -> dict[str, object]:
        """Recognise what is left, for the call is over; the detail of the event that keeps what was heard.

        An announcement is nobody's private word. What announces nothing is only in the recording of the early
        media, which is kept where somebody spoke in them.
        """
        if self._early is None:
            return {}
        if not answered:
            await self._early.settle()
            self.heard = self._early.announced
        detail: dict[str, object] = {}
        if self.heard is not None:
            heard = self.heard
            detail = {"says": heard.disposition.value, "words": heard.text, "score": heard.score}
        if _kept(early_track, spoken=self._early.spoken):
            detail["recording"] = early_track.name
        return detail

    async def close(self) -> None:
        """Recognise nothing more."""
        if self._early is not None:
            await self._early.close()


def _kept(track: Path, *, spoken: bool) -> bool:
    """Whether there is a recording with somebody's words; one without them is deleted."""
    if spoken and track.is_file():
        return True
    track.unlink(missing_ok=True)
    return False
