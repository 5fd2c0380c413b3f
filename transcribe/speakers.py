"""Who spoke, where both parties are on one track: guessed from the voices. Pure.

Pieces of speech are described by their cepstra (MFCC) as Gaussians and put together, the two likest first,
until two are left: on the telephone two people speak. Those two become one where one Gaussian describes them
better (the Bayesian information criterion; Chen and Gopalakrishnan 1998). It stays a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples
from transcribe.segments import Span

_FRAME, _STEP, _FFT = 200, 80, 256
"""Samples: 25 ms, each 10 ms."""
_BANDS, _CEPSTRA = 20, 12
_LOWEST_HZ, _HIGHEST_HZ = 200.0, 3700.0
_PENALTY = 1.6
"""Of the criterion: 1 is its theory; on short pieces of telephone speech one voice then falls apart."""
SHORTEST_S = 0.6
"""A shorter piece says too little of its voice: it goes to the voice that fits it best."""
PIECE_S = 3.0
"""A longer piece may hold two voices."""

Floats = NDArray[np.float64]


def apart(track: Samples, pieces: Sequence[Span]) -> tuple[int, ...]:
    """The voice of each piece of an 8 kHz track, 0 or 1; all 0 where only one voice is found.

    Voice 0 is the one that speaks first.
    """
    cepstra = [_cepstra(track[round(one.start_s * RATE) : round(one.end_s * RATE)]) for one in pieces]
    long = [n for n, one in enumerate(pieces) if one.length_s >= SHORTEST_S]
    voices = _clustered([_Voice.of(cepstra[n], n) for n in long])
    if len(voices) < 2:
        return (0,) * len(pieces)
    first, second = voices
    found = [int(second.distance(one) < first.distance(one)) for one in cepstra]
    for voice, one in enumerate(voices):
        for n in one.pieces:
            found[n] = voice
    return tuple(voice ^ found[0] for voice in found)


@dataclass(frozen=True, slots=True)
class _Voice:
    """A Gaussian over frames: their number, sum and sum of products; and which pieces they come from."""

    frames: int
    total: Floats
    products: Floats
    pieces: tuple[int, ...]

    @classmethod
    def of(cls, cepstra: Floats, piece: int) -> _Voice:
        return cls(len(cepstra), cepstra.sum(axis=0), cepstra.T @ cepstra, (piece,))

    def __add__(self, other: _Voice) -> _Voice:
        return _Voice(
            self.frames + other.frames,
            self.total + other.total,
            self.products + other.products,
            self.pieces + other.pieces,
        )

    @property
    def covariance(self) -> Floats:
        """Of its frames, held away from a singular one."""
        mean = self.total / self.frames
        spread: Floats = self.products / self.frames - np.outer(mean, mean)
        return spread + 0.05 * np.eye(len(mean))

    @property
    def spread(self) -> float:
        """Frames times the logarithm of the covariance's determinant."""
        return float(self.frames * np.linalg.slogdet(self.covariance)[1])

    def distance(self, cepstra: Floats) -> float:
        """How little frames fit: their mean negative log-likelihood, less a constant."""
        away = cepstra - self.total / self.frames
        covariance = self.covariance
        squares = np.einsum("ij,jk,ik->i", away, np.linalg.inv(covariance), away)
        return float(squares.mean() + np.linalg.slogdet(covariance)[1])


def _clustered(voices: list[_Voice]) -> list[_Voice]:
    """At most two voices."""
    apart = {(a, b): _gain(voices[a], voices[b]) for b in range(len(voices)) for a in range(b)}
    alive = dict(enumerate(voices))
    while len(alive) > 1:
        a, b = min(apart, key=lambda pair: apart[pair])
        if len(alive) == 2 and apart[a, b] > 0:
            break
        alive[a] = alive[a] + alive.pop(b)
        apart = {pair: gain for pair, gain in apart.items() if b not in pair}
        for other in alive:
            if other != a:
                apart[min(a, other), max(a, other)] = _gain(alive[a], alive[other])
    return list(alive.values())


def _gain(a: _Voice, b: _Voice) -> float:
    """What is gained by two Gaussians instead of one, after the price of the second; below 0: nothing."""
    both = a + b
    size = len(a.total)
    price = 0.5 * (size + size * (size + 1) / 2) * np.log(both.frames)
    return float(0.5 * (both.spread - a.spread - b.spread) - _PENALTY * price)


def _cepstra(sound: Samples) -> Floats:
    """Mel-frequency cepstra without the first (loudness): one row for each 10 ms."""
    padded = np.pad(sound.astype(np.float64), (0, max(0, _FRAME - len(sound))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_STEP]
    power = np.abs(np.fft.rfft(frames * np.hamming(_FRAME), _FFT)) ** 2
    mel, cosine = _filters()
    return np.asarray(np.log(power @ mel + 1.0) @ cosine)


@cache
def _filters() -> tuple[Floats, Floats]:
    """Triangles over the bins of a spectrum, and the cosine transform to cepstra."""
    scale = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), _BANDS + 2)
    edges = 700 * (np.exp(scale / 1127) - 1)
    bins = np.fft.rfftfreq(_FFT, 1 / RATE)[:, np.newaxis]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    n = np.arange(_BANDS)[:, np.newaxis]
    cosine = np.cos(np.pi / _BANDS * (n + 0.5) * np.arange(1, _CEPSTRA + 1))
    return np.clip(np.minimum(rising, falling), 0, None), cosine


def _mel(hz: float) -> float:
    return float(1127 * np.log(1 + hz / 700))
