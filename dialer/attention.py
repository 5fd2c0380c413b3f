"""What a conversation listens for, and what has come of it: speech and its words, keys, silence.

Recognition begins when the customer pauses (`Preview`), before it is sure that they are done. If they speak
on, that work is dropped; if not, their `Utterance` is the same sound, and its words are ready or nearly so.
"""

from __future__ import annotations

import asyncio
from collections import deque

from base.errors import LineError
from base.log import get_logger
from dialer.line import protocol as line
from dialer.line.leg import Leg
from ivr.hearing import Ear, Heard
from ivr.values import Listen

_log = get_logger(__name__)

EAR_LIMIT_S = 8.0
"""An answer not recognised by then is taken as not understood: the customer waits."""

PREVIEW_S, PREVIEWS = 0.14, 4
"""Quiet after which recognising begins: within a word there is less; where answers have pauses, a quarter of
the patience."""

NOT_UNDERSTOOD = Heard("", 0.0)


def preview_s(listen: Listen) -> float:
    """Quiet after which recognising begins; 0: nothing is recognised."""
    return max(PREVIEW_S, listen.patience_s / PREVIEWS) if listen.decode else 0.0


class Attention:
    """Attention for one leg: one listening after the other.

    Attributes:
        keys: keys pressed and not yet taken.
        listened: how the present listening ended, None before.
        failed: an answer could not be recognised for want of an ear.
    """

    def __init__(self, leg: Leg, ear: Ear) -> None:
        self.keys: deque[line.Key] = deque()
        self.listened: line.Utterance | line.NoInput | None = None
        self.failed = False
        self._leg = leg
        self._ear = ear
        self._listening = ""
        self._expected: tuple[str, ...] = ()
        self._guess: tuple[bytes, asyncio.Task[Heard]] | None = None

    @property
    def on(self) -> bool:
        """Something is being listened for, or was and is not yet taken."""
        return bool(self._listening)

    @property
    def settled(self) -> bool:
        """A key was pressed, or the listening has ended."""
        return bool(self.keys) or self.listened is not None

    def start(self, name: str, listen: Listen, *, barge_in: bool) -> None:
        """Listen anew; what came of an earlier listening is forgotten, but not the keys."""
        self.drop()
        self._listening, self._expected = name, listen.expected
        self._leg.send(
            line.Listen(
                self._leg.id,
                name,
                patience_s=listen.patience_s,
                no_input_s=listen.no_input_s,
                longest_s=listen.longest_s,
                barge_in=barge_in,
                lingers=listen.decode,
                preview_s=preview_s(listen),
            )
        )

    def stop(self) -> None:
        """Listen no more."""
        if self._listening:
            self._leg.send(line.StopListen(self._leg.id))
        self.drop()

    def drop(self) -> None:
        """Forget the present listening and what came of it."""
        self._listening, self.listened = "", None
        self._drop_guess()

    def keep(self, event: line.Event | None) -> None:
        """Keep what answers the question being asked; an earlier listening's events are dropped."""
        if isinstance(event, line.Key):
            self.keys.append(event)
        elif isinstance(event, line.SpeechBegan) and event.listen == self._listening:
            self.listened = None  # they speak on: what they have said so far was not all
            self._drop_guess()
        elif isinstance(event, line.Preview) and event.listen == self._listening:
            self.words(event.pcm)
        elif isinstance(event, line.Utterance | line.NoInput) and event.listen == self._listening:
            self.listened = event

    def words(self, pcm: bytes) -> asyncio.Task[Heard]:
        """The recognition of an utterance: the one begun at its preview, where there was one."""
        if self._guess is None or self._guess[0] != pcm:
            self._drop_guess()
            self._guess = pcm, asyncio.create_task(self._recognise(pcm))
        return self._guess[1]

    def _drop_guess(self) -> None:
        if self._guess is not None:
            self._guess[1].cancel()
        self._guess = None

    async def _recognise(self, pcm: bytes) -> Heard:
        try:
            async with asyncio.timeout(EAR_LIMIT_S):
                return await self._ear.hear(pcm, self._expected)
        except (LineError, TimeoutError) as error:
            _log.error("answer not recognised", error=repr(error))
            self.failed = True
            return NOT_UNDERSTOOD
