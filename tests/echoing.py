"""Far ends that send our own prompt back, with or without somebody talking over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples

Floats = NDArray[np.float64]


def telephone(sound: Floats) -> Floats:
    """300 to 3400 Hz, not quite flat between."""
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    low, high = 1 / (1 + (250 / np.maximum(hz, 1)) ** 6), 1 / (1 + (hz / 3300) ** 12)
    shape = low * high * (1 + 0.3 * np.sin(hz / 400))
    return np.asarray(np.fft.irfft(np.fft.rfft(sound) * shape, len(sound)))


def mu_law(sound: Floats) -> Samples:
    """There and back (ITU-T G.711)."""
    x = np.clip(sound / 32768, -1, 1)
    coded = np.round(np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256) * 127) / 127
    return np.asarray(np.sign(coded) * (256 ** np.abs(coded) - 1) / 255 * 32767, np.int16)


def active_rms(sound: Samples) -> float:
    """Root mean square of what is no pause."""
    loud = sound[np.abs(sound) > 200].astype(float)
    return float(np.sqrt((loud**2).mean()))


def coming_back(
    prompt: Samples,
    echo_db: float | None,
    delay_s: float,
    *,
    customer: Samples | None = None,
    customer_db: float = 0.0,
    at_s: float = 0.0,
    noise: float = 10.0,
    seed: int = 1,
) -> Samples:
    """What a far end sends while the prompt plays, and 1.2 s longer.

    Args:
        prompt: what it hears.
        echo_db: the echo's level against the prompt's; None for a far end without.
        delay_s: how much later.
        customer: who talks over it from `at_s` on, `customer_db` against the prompt's own level.
        noise: rms of the line's noise.
        seed: of the noise.
    """
    count = len(prompt) + round(1.2 * RATE)
    sent = np.random.default_rng(seed).normal(0, noise, count)
    if echo_db is not None:
        late = round(delay_s * RATE)
        sent[late : late + len(prompt)] += telephone(prompt.astype(float)) * 10 ** (echo_db / 20)
    if customer is not None:
        gain = active_rms(prompt) / active_rms(customer) * 10 ** (customer_db / 20)
        start = round(at_s * RATE)
        sent[start : start + len(customer)] += customer[: count - start] * gain
    return mu_law(sent)
