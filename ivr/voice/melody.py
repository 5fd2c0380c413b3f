"""What is heard while somebody is looked for: a slow, quiet tune, to be played over and over (pure)."""

from __future__ import annotations

import numpy as np

from base.audio import RATE, Samples

BEAT_S = 0.5
RINGS_S = 1.4
"""A note goes on sounding for so long, into those that follow."""
PEAK = 0.12
"""Of full scale: clearly below the prompts, so that a person who begins to speak is heard."""

TUNE_HZ = (
    392.0, 523.25, 587.33, 659.25, 783.99, 659.25, 587.33, 523.25,
    440.0, 523.25, 659.25, 587.33, 523.25, 440.0, 392.0, 523.25,
)  # fmt: skip
"""A five-tone scale within the telephone band; no note for long enough to be a signal of the network."""

OVERTONES = (1.0, 0.35, 0.12)


def melody() -> Samples:
    """Eight seconds; its end flows into its beginning."""
    beat, length = round(BEAT_S * RATE), round(RINGS_S * RATE)
    wave = np.zeros(beat * len(TUNE_HZ))
    for n, hertz in enumerate(TUNE_HZ):
        at = (n * beat + np.arange(length)) % len(wave)
        np.add.at(wave, at, _note(hertz, length))
    return np.asarray(np.round(wave * 32767 * PEAK / np.max(np.abs(wave))), np.int16)


def _note(hertz: float, length: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    t = np.arange(length) / RATE
    fades = np.minimum(1.0, t / 0.02) * np.exp(-2.5 * t) * np.minimum(1.0, (RINGS_S - t) / 0.05)
    waves = [share * np.sin(2 * np.pi * hertz * n * t) for n, share in enumerate(OVERTONES, start=1)]
    return np.asarray(fades * np.sum(waves, axis=0))
