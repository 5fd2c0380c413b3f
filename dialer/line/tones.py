"""Tones of the network and music, told from speech in 20 ms frames. Pure: frames in, findings out.

A tone is known by its cadence. China's are of 450 Hz (GB/T 3384): ringing 1 s on, 4 s off; busy 0.35/0.35;
congestion 0.7/0.7; the special information tone three times 0.1/0.1 and 0.4. Far ends abroad ring with 425,
400+450 or 440+480 Hz (ITU-T E.180, supplement 2), also in pairs of 0.4 s; the tones that precede an
announcement rise through 950, 1400 and 1800 Hz (SIT). A single burst is a voicemail's beep, or a fax.

Music (colour ringback) holds its notes: its spectrum still resembles itself after 0.1 s, a speaker's does
not, and noise resembles itself evenly.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from dialer.line.protocol import ToneKind
from dialer.line.spectra import BLOCK, FRAME, QUIET_RMS, Block, Look, Spectra

FRAME_S = 0.02

RINGING_S = 0.85
"""A tone that has lasted so long is longer than any of busy or congestion: ringing."""
BRIDGED = 3
"""Frames that a lost packet may take out of a tone."""
PAIR_PAUSE_S = 1.0
"""Two bursts and a longer pause are a ringing in pairs."""
BEEP_PAUSE_S, SHORTEST_BEEP_S, LOW_HZ = 0.5, 0.14, 660.0
"""Above `LOW_HZ` only beeps and SIT are found; below, a beep must not be the first burst of a cadence."""
PAUSE_LEVEL = 0.35
"""A pause is so much quieter than the tone before it (9 dB): the repeated notes of a tune have none."""
UNEVEN_S = 0.13
"""So much may the bursts of a cadence differ: a jitter buffer stretches and cuts them."""
EDGES = 2
"""Frames of a pause that may sound: where a tone begins and ends."""
ACTIVE_S = 6.0
"""A kind that is heard again within this time goes on and is not told anew (ringing: 1 s on, 4 s off)."""

SIT_HZ = (950.0, 1400.0, 1800.0)
SIT_OFF_HZ = 70.0

MUSIC_FRAMES = 100
"""Music is judged over two seconds."""
REMEMBERED, MOSTLY = 50, 0.5
"""Blocks of which is known how much of them was tone or music, and the share that makes them no speech."""
_LOUD = 10 ** (-20 / 20)
_LIKE, _VERY_LIKE, _OFTEN, _SOUNDING, _NOTES = 0.72, 0.9, 0.25, 0.5, 0.35


@dataclass(frozen=True, slots=True)
class Found:
    """A kind of sound that began at second `at_s`; it is known only some time later."""

    kind: ToneKind
    at_s: float


@dataclass(frozen=True, slots=True)
class Burst:
    """One stretch of a steady tone, in seconds of the stream. `clean`: the pause before it was one."""

    start_s: float
    end_s: float
    hz: float
    rms: float = 0.0
    clean: bool = True

    @property
    def on_s(self) -> float:
        """Its length."""
        return self.end_s - self.start_s


class ToneEar:
    """Listens to one leg: give it every frame; it answers each tenth. It begins at second `zero_s`."""

    def __init__(self, zero_s: float = 0.0) -> None:
        self._zero_s = zero_s
        self._spectra = Spectra()
        self._cadence = Cadence()
        self._music = Music()
        self._speechless = True
        self._pending: list[bytes] = []
        self._blocks = 0
        self._last: dict[ToneKind, float] = {}
        self._taken: deque[float] = deque(maxlen=REMEMBERED)

    @property
    def at_s(self) -> float:
        """Second up to which was listened."""
        return self._zero_s + self._blocks * BLOCK * FRAME_S

    @property
    def speechless(self) -> bool:
        """Whether the last ten frames were quiet, a tone or music: looking for speech costs far more."""
        return self._speechless

    def covers(self, start_s: float, end_s: float) -> bool:
        """Whether most of a stretch of the last ten seconds was tones or music, and so no speech."""
        span = [
            sounds
            for n, sounds in enumerate(reversed(self._taken))
            if start_s <= self.at_s - n * BLOCK * FRAME_S <= end_s + BLOCK * FRAME_S
        ]
        return bool(span) and sum(span) > MOSTLY * len(span)

    def feed(self, frame: bytes) -> tuple[Found, ...]:
        """Take one frame of 320 bytes; what was found, each kind once while it goes on."""
        self._pending.append(frame)
        if len(self._pending) < BLOCK:
            return ()
        samples = np.frombuffer(b"".join(self._pending), "<i2")
        self._pending.clear()
        block = self._spectra.look(samples) if len(samples) == BLOCK * FRAME else None
        found = self._judge(block) if block is not None else []
        self._blocks += 1
        return tuple(one for one in found if self._is_new(one.kind))

    def _judge(self, block: Block) -> list[Found]:
        heard = [one for look in block.looks for one in self._cadence.feed(look)]
        found = [replace(one, at_s=self._zero_s + one.at_s) for one in heard]
        music = self._music.feed(block)
        self._taken.append(1.0 if music else sum(look.hz > 0 for look in block.looks) / BLOCK)
        self._speechless = music or all(look.quiet or look.hz > 0 for look in block.looks)
        if music:
            self._mark_music()
            began_s = self.at_s - MUSIC_FRAMES * FRAME_S
            found.append(Found(ToneKind.MUSIC, max(self._zero_s, began_s)))
        return found

    def _mark_music(self) -> None:
        """It was music all the time that it was judged by."""
        for n in range(1, min(len(self._taken), MUSIC_FRAMES // BLOCK) + 1):
            self._taken[-n] = 1.0

    def _is_new(self, kind: ToneKind) -> bool:
        last = self._last.get(kind)
        self._last[kind] = self.at_s
        return last is None or self.at_s - last > ACTIVE_S


class Cadence:
    """Bursts of a steady tone, and what their lengths and pauses mean."""

    def __init__(self) -> None:
        self._at_s = 0.0
        self._now: Burst | None = None
        self._missing = 0
        self._bursts: deque[Burst] = deque(maxlen=4)
        self._waiting: Burst | None = None
        self._noisy = 0
        self._hush = QUIET_RMS

    def feed(self, look: Look) -> list[Found]:
        """Take what a frame is."""
        self._at_s += FRAME_S
        self._noisy += look.hz == 0 and look.rms >= self._hush
        if look.hz and self._now is not None and _near(look.hz, self._now.hz):
            self._missing = 0
            return self._longer(self._now, look.rms)
        found: list[Found] = []
        if self._now is not None:
            self._missing += 1
            if not look.hz and self._missing <= BRIDGED:
                return []
            found = self._close(self._now)
        if look.hz:
            self._now = Burst(self._at_s - FRAME_S, self._at_s, look.hz, look.rms, self._noisy <= EDGES)
            self._missing = 0
            return found
        return found + self._pause()

    def _longer(self, burst: Burst, rms: float) -> list[Found]:
        self._now = replace(burst, end_s=self._at_s, rms=max(burst.rms, rms))
        if burst.hz < LOW_HZ and self._now.on_s >= RINGING_S > burst.on_s:
            return [Found(ToneKind.RINGBACK, burst.start_s)]
        return []

    def _close(self, burst: Burst) -> list[Found]:
        self._now = None
        if burst.on_s < 3 * FRAME_S:
            return []
        if self._bursts and burst.start_s - self._bursts[-1].end_s > BEEP_PAUSE_S + RINGING_S:
            self._bursts.clear()
        self._bursts.append(burst)
        self._waiting, self._noisy = burst, 0
        self._hush = max(QUIET_RMS, burst.rms * PAUSE_LEVEL)
        kind = _rhythm(tuple(self._bursts))
        return [Found(kind, self._bursts[0].start_s)] if kind else []

    def _pause(self) -> list[Found]:
        """Nothing followed the last burst for so long: it was a pair of rings, or a beep."""
        last = self._waiting
        if last is None:
            return []
        pause_s = self._at_s - last.end_s
        if last.hz > LOW_HZ and pause_s >= BEEP_PAUSE_S:
            self._waiting = None
            return [Found(ToneKind.BEEP, last.start_s)] if self._is_beep(last) else []
        if pause_s >= PAIR_PAUSE_S:
            self._waiting = None
            if _is_pair(tuple(self._bursts)):
                return [Found(ToneKind.RINGBACK, self._bursts[-2].start_s)]
            return [Found(ToneKind.BEEP, last.start_s)] if self._is_beep(last) else []
        return []

    def _is_beep(self, last: Burst) -> bool:
        if len(self._bursts) > 1 or self._noisy > EDGES or last.on_s < SHORTEST_BEEP_S:
            return False
        return last.hz > LOW_HZ or last.on_s < RINGING_S


class Music:
    """Whether the last two seconds are music: most of them sound, and hold their notes."""

    def __init__(self) -> None:
        self._rms = np.zeros(MUSIC_FRAMES)
        self._likeness = np.zeros(MUSIC_FRAMES)
        self._tones = np.zeros(MUSIC_FRAMES, bool)

    def feed(self, block: Block) -> bool:
        """Take ten frames; whether music is what is heard now."""
        self._rms = np.concatenate([self._rms[BLOCK:], [one.rms for one in block.looks]])
        self._likeness = np.concatenate([self._likeness[BLOCK:], block.likeness])
        self._tones = np.concatenate([self._tones[BLOCK:], [one.hz > 0 for one in block.looks]])
        sounding = self._rms > max(QUIET_RMS, float(self._rms.max()) * _LOUD)
        notes = sounding & ~self._tones
        if sounding.mean() < _SOUNDING or notes.mean() < _NOTES:
            return False
        like = self._likeness[notes]
        return bool(np.median(like) > _LIKE and (like > _VERY_LIKE).mean() > _OFTEN)


def _near(a: float, b: float) -> bool:
    return abs(a - b) < 0.04 * b


def _rhythm(bursts: tuple[Burst, ...]) -> ToneKind | None:
    """What the last bursts say, the latest having just ended."""
    if len(bursts) >= 3 and _is_sit(bursts[-3:]):
        return ToneKind.INFORMATION
    if len(bursts) == 4 and _is_special(bursts):
        return ToneKind.INFORMATION
    if len(bursts) >= 3 and _is_regular(bursts[-3:]):
        return ToneKind.BUSY if 0.28 <= bursts[-1].on_s < 0.6 else ToneKind.CONGESTION
    return None


def _pauses(bursts: tuple[Burst, ...]) -> list[float]:
    return [after.start_s - before.end_s for before, after in pairwise(bursts)]


def _same_low_tone(bursts: tuple[Burst, ...]) -> bool:
    return all(one.hz < LOW_HZ and _near(one.hz, bursts[0].hz) for one in bursts)


def _is_sit(bursts: tuple[Burst, ...]) -> bool:
    rises = all(abs(one.hz - hz) < SIT_OFF_HZ for one, hz in zip(bursts, SIT_HZ, strict=True))
    return rises and max(_pauses(bursts)) < 0.15


def _is_special(bursts: tuple[Burst, ...]) -> bool:
    """China's: three short and a long one."""
    short = all(0.06 <= one.on_s <= 0.18 for one in bursts[:3])
    return short and 0.25 <= bursts[3].on_s <= 0.55 and _same_low_tone(bursts) and max(_pauses(bursts)) < 0.18


def _is_regular(bursts: tuple[Burst, ...]) -> bool:
    """Three of one length with pauses like them."""
    if not _same_low_tone(bursts):
        return False
    ons, pauses = [one.on_s for one in bursts], _pauses(bursts)
    if not all(one.clean for one in bursts[1:]):
        return False
    even = max(ons) - min(ons) < UNEVEN_S and max(pauses) - min(pauses) < UNEVEN_S
    return even and min(ons) >= 0.17 and 0.6 < pauses[0] / ons[0] < 1.7


def _is_pair(bursts: tuple[Burst, ...]) -> bool:
    """Two rings of 0.4 s, 0.2 s apart."""
    if len(bursts) < 2 or not _same_low_tone(bursts[-2:]):
        return False
    [pause] = _pauses(bursts[-2:])
    return all(0.3 <= one.on_s <= 0.6 for one in bursts[-2:]) and 0.1 <= pause <= 0.35
