"""Prompts known by heart: told by their sound, without a recogniser.

A customer who has heard a sentence before knows it at once. So does a phone that is given recordings: the
end of what it hears is held against the end of each, as a picture of levels in narrow bands. It takes a
hundredth of a recogniser's time; what is not known by heart goes to the recogniser.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples
from ivr.hearing import Ear, Heard

Picture = NDArray[np.float32]
"""Levels: one row per 20 ms, one column per band."""

HOP = RATE // 50
WINDOW = 256
BANDS_HZ = np.geomspace(250, 3400, 15)
END_FRAMES = 58
"""The last 1.2 s of a prompt are what is compared: the question is there."""
LATE_FRAMES = 75
"""So much may follow it: the quiet that ended the utterance."""
ALIKE = 0.9
"""Least correlation. Through G.711, with a packet lost, a recording is like itself by 0.92 and more; other
sentences stayed below 0.89."""
RIVAL = 0.03
"""Prompts that are so little less like than the best may end in the same words: their last seconds decide."""
LONG_FRAMES = 175
"""3.5 s: so much of such prompts is compared, or all of the shorter ones."""
SLACK_FRAMES = 6
"""A piece of a number or time ends within so many frames of where the next one begins."""
FLOOR_DB = -50.0

_SPOKEN = re.compile(r"[^\w]+")


class KnownPrompts:
    """Recordings told by their ends.

    Args:
        recordings: sound by wording; those shorter than 1.2 s are not kept, too much is like them.
        pieces: of numbers and times (`ivr.lines.pieces`), however short: they stand before another.
    """

    def __init__(
        self, recordings: Iterable[tuple[str, Samples]], pieces: Iterable[tuple[str, Samples]] = ()
    ) -> None:
        self._wordings: list[str] = []
        self._pictures: list[Picture] = []
        ends = [np.zeros((END_FRAMES, len(BANDS_HZ) - 1), dtype=np.float32)]  # like nothing
        for wording, sound in recordings:
            levels = picture(sound)
            if len(levels) >= END_FRAMES:
                self._wordings.append(wording)
                self._pictures.append(levels[-LONG_FRAMES:])
                ends.append(levels[-END_FRAMES:])
        self._ends = _normalised(np.stack(ends))[1:]
        self._pieces = [(wording, picture(sound)) for wording, sound in pieces]

    def recall(self, sound: Samples) -> str | None:
        """The wording of the recording that the sound ends with; None when it is none of them.

        Pieces that stand right before it are told, too: 明天 下午三点半 我们再打给您，对吗？
        """
        heard = picture(sound)
        levels = heard[-(END_FRAMES + LATE_FRAMES) :]
        if not self._wordings or len(levels) < END_FRAMES:
            return None
        likeness = (_normalised(_windows(levels, END_FRAMES)) @ self._ends.T).max(axis=0)
        if likeness.max() < ALIKE:
            return None
        rivals = np.flatnonzero(likeness >= max(ALIKE, likeness.max() - RIVAL))
        best = max(rivals, key=lambda rival: (self._whole(heard, int(rival)), likeness[rival]))
        known = self._pictures[int(best)]
        _, place = _likest(heard[-(len(known) + LATE_FRAMES) :], known)
        begins = max(0, len(heard) - len(known) - LATE_FRAMES) + place
        return self._said_before(heard[: begins + SLACK_FRAMES]) + self._wordings[int(best)]

    def _whole(self, heard: Picture, rival: int) -> float:
        """How like the last seconds of what was heard are to the last seconds of a prompt."""
        known = self._pictures[rival]
        return _likest(heard[-(len(known) + LATE_FRAMES) :], known)[0]

    def _said_before(self, heard: Picture) -> str:
        """The pieces that what was heard ends with."""
        told = ""
        while True:
            found = (self._at_the_end(heard, *piece) for piece in self._pieces)
            likeness, begins, wording = max(found, default=(0.0, 0, ""))
            if likeness < ALIKE:
                return told
            told = wording + told
            heard = heard[: begins + SLACK_FRAMES]

    def _at_the_end(self, heard: Picture, wording: str, known: Picture) -> tuple[float, int, str]:
        """How like a piece its end is, and where that would begin."""
        levels = heard[-(len(known) + 2 * SLACK_FRAMES) :]
        if len(levels) < len(known):
            return 0.0, 0, wording
        likeness, place = _likest(levels, known)
        return likeness, len(heard) - len(levels) + place, wording


class RecallingEar:
    """Hears known prompts by heart, others with a recogniser that is started when first needed.

    Satisfies `ivr.hearing.Ear`.
    """

    def __init__(self, known: KnownPrompts, start: Callable[[], Awaitable[Ear]]) -> None:
        self._known = known
        self._start = start
        self._starting = asyncio.Lock()
        self._ear: Ear | None = None

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:
        """As `ivr.hearing.Ear.hear`."""
        wording = self._known.recall(np.frombuffer(pcm, dtype="<i2").astype(np.int16))
        if wording is not None:
            return Heard(_SPOKEN.sub("", wording))
        async with self._starting:
            if self._ear is None:
                self._ear = await self._start()
        return await self._ear.hear(pcm, expected)


def picture(sound: Samples) -> Picture:
    """Levels in dB over a floor, band by band: shape (frames, bands)."""
    if len(sound) < WINDOW:
        return np.zeros((0, len(BANDS_HZ) - 1), dtype=np.float32)
    wave = sound.astype(np.float32) / 32768
    frames = np.lib.stride_tricks.sliding_window_view(wave, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW), axis=1)) ** 2
    edges = (BANDS_HZ / RATE * WINDOW).astype(int)
    bands = np.add.reduceat(power, edges[:-1], axis=1) / np.maximum(
        1, np.diff(edges, append=WINDOW // 2)[:-1]
    )
    return np.asarray(np.maximum(10 * np.log10(bands + 1e-9), FLOOR_DB), dtype=np.float32)


def _likest(levels: Picture, known: Picture) -> tuple[float, int]:
    """How like a stretch of levels is to a known picture at best, and at which frame that begins."""
    known = known[-len(levels) :]
    likeness = _normalised(_windows(levels, len(known))) @ _normalised(known[np.newaxis]).T
    return float(likeness.max()), int(likeness.argmax())


def _windows(levels: Picture, length: int) -> Picture:
    """All stretches of that many frames: shape (stretches, frames, bands)."""
    return np.lib.stride_tricks.sliding_window_view(levels, length, axis=0).swapaxes(1, 2)


def _normalised(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each picture as a vector of mean 0 and length 1."""
    flat = pictures.reshape(len(pictures), -1)
    centred = flat - flat.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6))
