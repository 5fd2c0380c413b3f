"""What a far end said without our prompt's echo in it: for the recogniser, once an utterance is whole. Pure.

Where the echo is, the sounds themselves tell to the sample: what they share, each frequency and each block
counted alike, peaks at its delay, however loud somebody talks over some of it (generalised cross-correlation
with phase transform, Knapp and Carter 1976). Then it is taken for the prompt through one linear filter of
`TAPS` samples around there, which the least squares over the whole stretch give, a block counting the less
the louder it is: talk over the echo is not like the prompt, and averages out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples

BLOCK = 2048
"""A quarter of a second, half of it the next block's: a click in both sounds is one block's matter."""

TAPS, BEFORE = 240, 48
"""30 ms: a room's first reflections, and 6 ms before the delay for what telephone filters spread."""

CLEAR = 10.0
"""How many times its usual size the peak is for an echo: 3 to 7 without one, 19 to 55 with one of -26 dB."""

BAND_HZ = (250.0, 3400.0)

QUIET = 100.0
"""Power (-50 dBFS) added to each block's: below it, quieter is not more trusted."""

ROUNDS = 40
"""Of conjugate gradients, each two short transforms, instead of solving exactly."""

FIRM = 1e-3
"""Share of the prompt's power that keeps the filter from following chance."""

Floats = NDArray[np.float64]
_WINDOW = np.hanning(BLOCK)


def without(heard: Samples, played: Samples) -> Samples:
    """`heard` less what of it is `played` through a filter; as it is where no echo is clear.

    `played` begins as many samples earlier as it is longer: by so many an echo may come later.
    """
    sound, reference = heard.astype(np.float64), played.astype(np.float64)
    late = _delay(sound, reference)
    if late is None:
        return heard
    first = max(0, len(played) - len(heard) - max(0, late - BEFORE))
    played_then = reference[first : first + len(sound)]
    size = 1 << (len(sound) + TAPS).bit_length()
    spectrum = np.fft.rfft(_filter(sound, played_then), size) * np.fft.rfft(played_then, size)
    echo = np.fft.irfft(spectrum, size)[: len(sound)]
    return np.asarray(np.clip(np.rint(sound - echo), -32768, 32767), np.int16)


def _blocks(sound: Floats, length: int = BLOCK) -> Floats:
    """Half overlapping (rows), silence after the end; of `length`, more than `BLOCK` for what comes after."""
    count = max(1, -(-(len(sound) - length) // (BLOCK // 2)) + 1)
    padded = np.pad(sound, (0, max(0, (count - 1) * BLOCK // 2 + length - len(sound))))
    return np.lib.stride_tricks.sliding_window_view(padded, length)[:: BLOCK // 2][:count]


def _delay(sound: Floats, reference: Floats) -> int | None:
    """Samples by which the echo comes later; None where there is none to be seen."""
    most = len(reference) - len(sound)
    size = 1 << (BLOCK + most - 1).bit_length()
    came = np.fft.rfft(_blocks(sound) * _WINDOW, size)
    shared = came * np.fft.rfft(_blocks(reference, BLOCK + most), size).conj()
    hz = np.fft.rfftfreq(size, 1 / RATE)
    strength = np.abs(shared)
    counts = (strength > 0) & (hz > BAND_HZ[0]) & (hz < BAND_HZ[1])
    phases = np.divide(shared, strength, out=np.zeros_like(shared), where=counts)
    alike = np.abs(np.fft.irfft(phases.sum(axis=0), size)[-most:])
    late = int(alike.argmax())
    return late if alike[late] > CLEAR * np.sqrt(np.mean(alike**2)) else None


def _filter(sound: Floats, reference: Floats) -> Floats:
    """The filter that makes `reference` most like `sound`; both of one length."""
    came, went = _blocks(sound) * _WINDOW, _blocks(reference) * _WINDOW
    weight = 1 / ((came**2).mean(axis=1, keepdims=True) + QUIET)
    spectrum = np.fft.rfft(went, 2 * BLOCK)
    alike = np.fft.irfft((weight * np.abs(spectrum) ** 2).sum(axis=0))[:TAPS]
    shared = np.fft.irfft((weight * spectrum.conj() * np.fft.rfft(came, 2 * BLOCK)).sum(axis=0))[:TAPS]
    return _solved(alike, shared)


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
