"""Sounds for tests, made on the spot: babble that a speech detector takes for speech, tones, clicks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples

Floats = NDArray[np.float64]

VOWELS = ((750, 1200, 2600), (300, 2250, 3000), (350, 800, 2400), (500, 1800, 2500), (450, 900, 2550))
"""First three formants in Hz of a, i, u, e, o."""


def speech(seconds: float, *, pitch: float = 130.0, level: float = 0.25) -> Samples:
    """Syllables of voiced vowels, four a second, with a falling and rising pitch."""
    count = round(seconds * RATE)
    t = np.arange(count) / RATE
    melody = pitch * (1 + 0.12 * np.sin(2 * np.pi * 1.3 * t) + 0.03 * np.sin(2 * np.pi * 5.1 * t))
    pulses = np.diff(np.floor(np.cumsum(melody) / RATE), prepend=0.0)
    breath = np.random.default_rng(7).normal(0, 0.02, count)
    out = np.zeros(count)
    step = RATE // 4
    for n, start in enumerate(range(0, count, step)):
        piece = slice(start, min(count, start + step))
        syllable = _vowel(pulses[piece] + breath[piece], VOWELS[n % len(VOWELS)])
        out[piece] = syllable * np.hanning(len(syllable) + 2)[1:-1] ** 0.4
    return (level * 32767 * out / max(1e-9, float(np.max(np.abs(out))))).astype(np.int16)


def _vowel(source: Floats, formants: tuple[int, ...]) -> Floats:
    """The source through one resonance after the other (by their impulse responses)."""
    t = np.arange(RATE // 20) / RATE
    sound = source
    for width, formant in zip((70, 100, 140), formants, strict=True):
        ring = np.exp(-np.pi * width * t) * np.cos(2 * np.pi * formant * t)
        sound = np.convolve(sound, ring)[: len(source)]
    return sound


def tone(hertz: float, seconds: float, level: float = 0.25) -> Samples:
    """A pure tone."""
    t = np.arange(round(seconds * RATE)) / RATE
    return (level * 32767 * np.sin(2 * np.pi * hertz * t)).astype(np.int16)


def ringback(seconds: float) -> Samples:
    """The ringing a caller hears in China: 450 Hz, one second on, four off."""
    sound = tone(450, seconds)
    sound[(np.arange(len(sound)) % (5 * RATE)) >= RATE] = 0
    return sound


def clicks(seconds: float) -> Samples:
    """A loud click of 3 ms every 0.7 s."""
    sound = np.zeros(round(seconds * RATE), dtype=np.int16)
    for start in range(2000, len(sound) - 24, int(0.7 * RATE)):
        sound[start : start + 24] = np.array([20000, -20000] * 12, dtype=np.int16)
    return sound


def silence(seconds: float) -> Samples:
    """Nothing."""
    return np.zeros(round(seconds * RATE), dtype=np.int16)
