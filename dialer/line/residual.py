"""What a far end said without our prompt's echo in it: for the recogniser, once an utterance is whole. Pure.

The echo is taken for the prompt through one linear filter of `TAPS` samples, which the least squares over the
whole stretch give: talk over it is not like the prompt, and averages out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from base.audio import Samples

TAPS = 640
"""80 ms: what the delay is not known to, and a room's first reflections."""

ROUNDS = 40
"""Of conjugate gradients, each two transforms: 2 ms for an answer, against 15 for solving exactly."""

FIRM = 1e-3
"""Share of the prompt's power that keeps the filter from following chance."""

Floats = NDArray[np.float64]


def without(heard: Samples, played: Samples) -> Samples:
    """`heard` less what of it is `played` through a filter; both of one length, the delay taken off."""
    sound, reference = heard.astype(np.float64), played.astype(np.float64)
    size = 1 << (len(sound) + TAPS).bit_length()
    spectrum = np.fft.rfft(reference, size)
    alike = np.fft.irfft(np.abs(spectrum) ** 2, size)[:TAPS]
    if alike[0] <= 0:
        return heard
    shared = np.fft.irfft(spectrum.conj() * np.fft.rfft(sound, size), size)[:TAPS]
    echo = np.fft.irfft(np.fft.rfft(_solved(alike, shared), size) * spectrum, size)[: len(sound)]
    return np.asarray(np.clip(np.rint(sound - echo), -32768, 32767), np.int16)


def _solved(column: Floats, right: Floats) -> Floats:
    """x of T x = `right`, T the symmetric Toeplitz matrix of `column`, made firm."""
    ring = np.fft.rfft(np.concatenate([column, [0.0], column[:0:-1]]))
    answer, rest = np.zeros(TAPS), right.copy()
    way, left = rest, float(rest @ rest)
    for _ in range(ROUNDS):
        if left <= 0:
            break
        turned = np.fft.irfft(ring * np.fft.rfft(way, 2 * TAPS), 2 * TAPS)[:TAPS] + FIRM * column[0] * way
        step = left / float(way @ turned)
        answer, rest = answer + step * way, rest - step * turned
        left, before = float(rest @ rest), left
        way = rest + left / before * way
    return answer
