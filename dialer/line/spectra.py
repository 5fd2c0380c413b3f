"""What 20 ms of telephone sound are: nothing, a steady tone, or any other sound. Pure.

A frame is seen in a window of 40 ms (25 Hz a bin), so that 440 and 480 Hz are a tone and a voice is not: its
harmonics stand apart. Ten frames are worked through at once; a block without sound costs no transform.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE

FRAME = RATE // 50
"""Samples of 20 ms."""
BLOCK = 10
"""Frames worked through at once (0.2 s)."""
QUIET_RMS = 50.0
"""Quieter than -56 dBFS is no sound: comfort noise of the line."""
LAG = 5
"""Frames (0.1 s) after which a spectrum is compared with itself: a note stays, a syllable changes."""

_BIN_HZ = RATE / (2 * FRAME)
_FIRST, _LAST = int(200 / _BIN_HZ), int(3400 / _BIN_HZ)
_LOW, _HIGH = int(300 / _BIN_HZ), int(700 / _BIN_HZ)
_ONE_LINE, _TWO_LINES, _IN_BAND = 0.9, 0.93, 0.95
_WIDTH = 3
"""Bins on either side of a line that belong to it."""

_WINDOW = np.hanning(2 * FRAME)
_BINS = np.arange(_FIRST, _LAST) * _BIN_HZ

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Look:
    """One frame. `hz`: where its tone is, 0 for what is no tone; `rms` of 16-bit samples."""

    rms: float
    hz: float

    @property
    def quiet(self) -> bool:
        """No sound at all."""
        return self.rms < QUIET_RMS


@dataclass(frozen=True, slots=True)
class Block:
    """Ten frames. `likeness`: of each spectrum with that of 0.1 s before, 0 to 1."""

    looks: tuple[Look, ...]
    likeness: Floats


class Spectra:
    """Looks at a stream of blocks; keeps the end of the last one."""

    def __init__(self) -> None:
        self._before = np.zeros(FRAME)
        self._shapes = np.zeros((LAG, _LAST - _FIRST))

    def look(self, samples: NDArray[np.int16]) -> Block:
        """Look at `BLOCK * FRAME` samples."""
        sound = np.concatenate([self._before, samples.astype(np.float64)])
        self._before = sound[-FRAME:]
        frames = sound[FRAME:].reshape(BLOCK, FRAME)
        rms = np.sqrt(np.einsum("ij,ij->i", frames, frames) / FRAME)
        if float(rms.max()) < QUIET_RMS:
            self._shapes[:] = 0
            return Block(tuple(Look(one, 0.0) for one in rms.tolist()), np.zeros(BLOCK))
        power = self._power(sound)
        hz = _tone_hz(power)
        hz[rms < QUIET_RMS] = 0.0
        looks = tuple(Look(level, tone) for level, tone in zip(rms.tolist(), hz.tolist(), strict=True))
        return Block(looks, self._likeness(power))

    def _power(self, sound: Floats) -> Floats:
        windows = np.lib.stride_tricks.as_strided(
            sound, (BLOCK, 2 * FRAME), (FRAME * sound.itemsize, sound.itemsize), writeable=False
        )
        spectrum = np.fft.rfft(windows * _WINDOW, axis=1)[:, _FIRST:_LAST]
        return spectrum.real**2 + spectrum.imag**2 + 1e-9

    def _likeness(self, power: Floats) -> Floats:
        shapes = np.sqrt(power)
        shapes /= np.sqrt(power.sum(axis=1))[:, None]
        line = np.concatenate([self._shapes, shapes])
        self._shapes = line[-LAG:]
        likeness: Floats = np.einsum("ij,ij->i", shapes, line[:BLOCK])
        return likeness


def _tone_hz(power: Floats) -> Floats:
    """Centre of each frame's tone in Hz: of one line, or of two lines close together; 0 without."""
    total = power.sum(axis=1)
    peak = power.argmax(axis=1)
    cells = np.clip(peak[:, None] + np.arange(-_WIDTH, _WIDTH + 1), 0, power.shape[1] - 1)
    near = np.take_along_axis(power, cells, axis=1)
    share = near.sum(axis=1)
    hz: Floats = (near * _BINS[cells]).sum(axis=1) / share
    hz[share < _ONE_LINE * total] = 0.0
    for n in np.flatnonzero((hz == 0) & (share > 0.35 * total)):
        hz[n] = _pair_hz(power[n], int(peak[n]), float(share[n]), float(total[n]))
    return hz


def _pair_hz(power: Floats, peak: int, share: float, total: float) -> float:
    """Centre of two lines between 300 and 700 Hz that are nearly all there is; else 0."""
    band = slice(_LOW - _FIRST, _HIGH - _FIRST)
    inside = power[band]
    if float(inside.sum()) < _IN_BAND * total:
        return 0.0
    rest = power.copy()
    rest[max(0, peak - _WIDTH) : peak + _WIDTH + 1] = 0
    second = int(rest.argmax())
    pair = share + float(rest[max(0, second - _WIDTH) : second + _WIDTH + 1].sum())
    return float(inside @ _BINS[band] / inside.sum()) if pair >= _TWO_LINES * total else 0.0
