"""Is what the far end sends our own prompt, coming back? Pure; 20 ms frames, seconds of the recording.

What we play is known to the sample, so the spectra of both are compared: an echo is the prompt some time
later, each band weaker by an amount of its own. That delay is where both resemble each other most, and the
gains are how the weaker of the loud stretches compare, for a customer who talks over the prompt only adds to
them. A frame is ours while nearly nothing of it stands out above the prompt so delayed and weakened.

Before a call has shown its echo, or that it has none, one of up to `UNKNOWN_GAIN` is reckoned with.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples
from dialer.line.residual import without

FRAME = RATE // 50
FRAME_S = FRAME / RATE

LAGS = 32
"""Frames that an echo may come later (0.64 s): the path there and back, and the buffers on it."""

MEMORY = 64
"""Frames with sound on both sides that delay and gains are found from (1.3 s)."""

LEAST = 14
"""Frames before a delay is looked for at all (0.28 s)."""

ENOUGH = 40
"""Frames after which a call that has shown no echo has none (0.8 s)."""

EVERY, RARELY = 5, 15
"""Frames from one look at the delay to the next, before and after it is known."""

KEPT = 400
"""Frames of the far end kept while we play (8 s): from them too is learnt what the echo is like."""

ALIKE = 0.45
"""Correlation of the levels from which it is an echo; of few frames more is asked (see `_alike`)."""

UNKNOWN_GAIN, SLACK = 0.125, 4.0
"""An echo not yet known is no stronger than -9 dB, nor than so many times what the line's quietest moment
allows at that delay: while the prompt is loud and the far end quiet, there is none."""

NEGLIGIBLE = 0.001
"""-30 dB: no voice detector takes such an echo of a prompt for speech."""

FORGET = 1.01
"""By so much that bound rises with each frame."""

STANDS_OUT = 4.0
"""How much stronger than the echo (power, 6 dB) a band must be to be somebody else's."""

OTHERS = 0.4
"""Share of a frame's power that must stand out for the frame to be somebody else's."""

DOUBTED = 4
"""Once an echo is known, one in so many of others' frames is learnt from: the echo may have changed."""

MOVES = 2
"""Frames by which a known echo may have come nearer or gone farther: buffers on its path shrink and grow."""

SHARE = 0.3
"""Weight of a frame in whose the sound of late was: a pause goes with it."""

SILENT_RMS = 20.0
"""Weaker than -64 dBFS nothing is heard, and no time is spent."""

WEAK, RISE = 3.0, 1.02
"""A frame less than so many times as strong as the line's noise tells nothing; the noise is the weakest
frame of late: its estimate rises by so much each frame."""

_WINDOW = np.hanning(256).astype(np.float32)
_EDGES = (8, 11, 14, 17, 21, 25, 30, 36, 43, 51, 60, 70, 81, 94, 109)
"""FFT bins of 31 Hz: fourteen bands from 250 to 3400 Hz."""
_ALL = np.ones(len(_EDGES) - 1, np.float32)

FLOOR = np.float32(1e3)
"""Power added to each band: quieter differences than this are none."""

Floats = NDArray[np.float32]


def levels(sound: Samples) -> Floats:
    """Power in each band (columns) of each frame (rows), seen with the 12 ms before it."""
    count = len(sound) // FRAME
    padded = np.concatenate([np.zeros(256 - FRAME, np.float32), sound[: count * FRAME].astype(np.float32)])
    return _bands(np.lib.stride_tricks.sliding_window_view(padded, 256)[::FRAME][:count])


def _bands(frames: Floats) -> Floats:
    spectrum = np.fft.rfft(frames * _WINDOW, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    bands: Floats = np.add.reduceat(power, _EDGES, axis=1)[:, :-1].astype(np.float32)
    return bands + FLOOR


class Playing:
    """What was played from a second of the recording on, until it was stopped."""

    def __init__(self, sound: Samples, start_s: float) -> None:
        self._sound = sound
        self._levels: Floats | None = None
        self._start_s = start_s
        self._frames = len(sound) // FRAME

    def stop(self, at_s: float) -> None:
        """Nothing of it is heard from this second on, but what is under way."""
        self._frames = min(self._frames, max(0, round((at_s - self._start_s) / FRAME_S)))

    def over(self, at_s: float) -> bool:
        """Not even its echo can be heard at this second."""
        return self._first(at_s) - LAGS >= self._frames

    def add_to(self, window: Floats, at_s: float) -> None:
        """Put the levels of the last `LAGS` frames into `window`, the latest first."""
        latest = self._first(at_s)
        begin, end = max(0, latest - LAGS + 1), min(self._frames, latest + 1)
        if begin < end:
            if self._levels is None:
                self._levels = levels(self._sound)
            window[latest - end + 1 : latest - begin + 1] += self._levels[begin:end][::-1]

    def sound(self, first: int, count: int) -> Samples:
        """`count` samples of it from sample `first` of the recording on; silence where it does not play."""
        out = np.zeros(count, np.int16)
        begin = first - round(self._start_s * RATE)
        end = min(begin + count, self._frames * FRAME)
        if end > max(0, begin):
            out[max(0, -begin) : end - begin] = self._sound[max(0, begin) : end]
        return out

    def _first(self, at_s: float) -> int:
        return round((at_s - self._start_s) / FRAME_S)


class EchoGuard:
    """Knows what one leg plays and tells its echo from the far end's own sound. One frame after the other."""

    def __init__(self) -> None:
        self._playing: deque[Playing] = deque(maxlen=2)
        self._kept: deque[bytes] = deque(maxlen=KEPT)
        self._kept_until_s = 0.0
        self._cleaned = (b"", b"")
        self._before = np.zeros(256 - FRAME, np.int16)
        self._heard = np.zeros((MEMORY, len(_EDGES) - 1), np.float32)
        self._played = np.zeros((MEMORY, LAGS, len(_EDGES) - 1), np.float32)
        self._seen = self._frames = 0
        self._lag: int | None = None
        self._gain = np.zeros(len(_EDGES) - 1, np.float32)
        self._most = np.full(LAGS, UNKNOWN_GAIN, np.float32)
        self._noise_rms = SILENT_RMS / WEAK
        self._others = 0.0
        self._doubt = 1.0

    def play(self, sound: Samples, start_s: float) -> None:
        """This begins to be played now."""
        self._playing.append(Playing(sound, start_s))

    def stop(self, at_s: float) -> None:
        """What plays is stopped."""
        if self._playing:
            self._playing[-1].stop(at_s)

    def ours(self, frame: bytes, at_s: float) -> bool:
        """Whether the far end's frame that began at `at_s` holds nothing but our own prompt.

        A pause goes with what was before it.
        """
        if all(one.over(at_s) for one in self._playing):
            self._others = 0.0
            return False
        self._keep(frame, at_s)
        sound = np.frombuffer(frame, dtype="<i2")
        before, self._before = self._before, sound[2 * FRAME - 256 :]
        weak = self._weak(sound)
        if weak and (self._lag is not None or self._most.max() < NEGLIGIBLE):
            return self._others < 0.5
        window = np.full((LAGS, len(_EDGES) - 1), FLOOR, np.float32)
        for one in self._playing:
            one.add_to(window, at_s)
        heard = _bands(np.concatenate([before, sound])[np.newaxis])[0]
        if self._lag is None:
            self._bound(heard, window)
        if weak:
            return self._others < 0.5
        ours = self._explained(heard, window)
        self._frames += 1
        if ours or self._lag is None or self._frames % DOUBTED == 0:
            self._learn(heard, window)
        self._others += SHARE * ((not ours) - self._others)
        return ours

    def clean(self, pcm: bytes, start_s: float) -> bytes:
        """What was said from `start_s` on, without our prompt in it; as it is where there is no echo."""
        if pcm == self._cleaned[0]:
            return self._cleaned[1]
        if all(one.over(start_s) for one in self._playing):
            return pcm
        before = b"".join(list(self._kept)[: max(0, self._kept_before(start_s))])
        heard = np.frombuffer(before + pcm, dtype="<i2").astype(np.int16)
        most = LAGS * FRAME
        count = len(heard) + most
        first = round(start_s * RATE) - len(before) // 2 - most
        played = sum((one.sound(first, count) for one in self._playing), np.zeros(count, np.int16))
        cleaned = without(heard, played)[len(before) // 2 :].tobytes()
        self._cleaned = (pcm, cleaned)
        return cleaned

    def _keep(self, frame: bytes, at_s: float) -> None:
        if abs(at_s - self._kept_until_s) > FRAME_S / 2:
            self._kept.clear()
        self._kept.append(frame)
        self._kept_until_s = at_s + FRAME_S

    def _kept_before(self, at_s: float) -> int:
        """How many of the frames kept were before that second."""
        return len(self._kept) - max(0, round((self._kept_until_s - at_s) / FRAME_S))

    def _weak(self, sound: Samples) -> bool:
        wide = sound.astype(np.float32)
        rms = math.sqrt(float(wide @ wide) / FRAME)
        self._noise_rms = min(rms, self._noise_rms * RISE)
        return rms < max(SILENT_RMS, WEAK * self._noise_rms)

    def _explained(self, heard: Floats, window: Floats) -> bool:
        if self._lag is not None:
            near = window[max(0, self._lag - MOVES) : self._lag + MOVES + 1]
            echo = self._doubt * self._gain * near.max(axis=0)
        elif self._seen < ENOUGH:
            echo = (self._most[:, np.newaxis] * window).max(axis=0)
        else:
            return False
        others = np.maximum(0.0, heard - STANDS_OUT * echo) @ _ALL
        return bool(others < OTHERS * (heard @ _ALL))

    def _bound(self, heard: Floats, window: Floats) -> None:
        """No echo is stronger than what is heard: the prompt bounds it at every delay at which it is loud."""
        played = window @ _ALL
        least = played.copy()
        least[1:] = np.minimum(least[1:], played[:-1])
        least[:-1] = np.minimum(least[:-1], played[1:])
        allowed = SLACK * float(heard @ _ALL) / least
        self._most = np.minimum(np.minimum(self._most * FORGET, UNKNOWN_GAIN), allowed).astype(np.float32)

    def _learn(self, heard: Floats, window: Floats) -> None:
        row = self._seen % MEMORY
        self._heard[row] = np.log(heard)
        self._played[row] = np.log(window)
        self._seen += 1
        if self._seen >= LEAST and self._seen % (EVERY if self._lag is None else RARELY) == 0:
            self._find()

    def _find(self) -> None:
        count = min(self._seen, MEMORY)
        heard, played = self._heard[:count], self._played[:count]
        heard = heard - heard.mean(axis=0)
        centred = played - played.mean(axis=0)
        both = np.einsum("tb,tlb->l", heard, centred)
        strength = np.sqrt((heard**2).sum() * (centred**2).sum(axis=(0, 2))) + 1e-9
        alike = both / strength
        lag = int(alike.argmax())
        if alike[lag] < max(ALIKE, 2.0 / np.sqrt(count)):
            self._lag = None
            return
        first = max(0, lag - 1)
        reference = self._played[:count, first : lag + 2].max(axis=1)
        self._lag = lag
        ratio = self._heard[:count] - reference
        ratio[reference < np.partition(reference, count // 2, axis=0)[count // 2]] = np.inf
        weaker = np.partition(ratio, count // 5, axis=0)[count // 5]
        self._gain = np.minimum(np.exp(weaker), self._most[first : lag + 2].max())
        self._doubt = 1 + LEAST / count
