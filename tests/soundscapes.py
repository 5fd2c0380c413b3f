"""Sounds of the network and of far ends, made on the spot: tones with cadence, music, a telephone line."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples

Floats = NDArray[np.float64]
Pattern = Sequence[tuple[tuple[float, ...], float]]
"""Frequencies in Hz (none: silence) and seconds, one after the other."""

CHINA_RINGBACK: Pattern = (((450,), 1.0), ((), 4.0))
CHINA_BUSY: Pattern = (((450,), 0.35), ((), 0.35))
CHINA_CONGESTION: Pattern = (((450,), 0.7), ((), 0.7))
CHINA_SPECIAL: Pattern = (*(((450,), 0.1), ((), 0.1)) * 3, ((450,), 0.4), ((), 0.4))
SIT: Pattern = (((950,), 0.33), ((1400,), 0.33), ((1800,), 0.33), ((), 1.0))
UK_RINGBACK: Pattern = (((400, 450), 0.4), ((), 0.2), ((400, 450), 0.4), ((), 2.0))
US_RINGBACK: Pattern = (((440, 480), 2.0), ((), 4.0))
EU_RINGBACK: Pattern = (((425,), 1.0), ((), 4.0))
US_BUSY: Pattern = (((480, 620), 0.5), ((), 0.5))
EU_BUSY: Pattern = (((425,), 0.5), ((), 0.5))
US_CONGESTION: Pattern = (((480, 620), 0.25), ((), 0.25))


def cadence(pattern: Pattern, seconds: float, dbm: float = -10.0) -> Samples:
    """A pattern again and again, its tones together at a level of dBm0 (a full sine is +3.14)."""
    once = np.concatenate([_chord(tones, length) for tones, length in pattern])
    sound = np.tile(once, int(seconds * RATE / len(once)) + 1)[: round(seconds * RATE)]
    return to_samples(sound * 10 ** ((dbm - 3.14) / 20))


def _chord(tones: tuple[float, ...], seconds: float) -> Floats:
    t = np.arange(round(seconds * RATE)) / RATE
    chord = np.zeros(len(t))
    for hz in tones:
        chord += np.sin(2 * np.pi * hz * t)
    return chord / math.sqrt(max(1, len(tones)))


def to_samples(sound: Floats) -> Samples:
    """Sound of -1 to 1 as 16-bit samples."""
    return np.asarray(np.clip(np.rint(sound * 32767), -32768, 32767), np.int16)


def plucked(seconds: float, *, seed: int = 1, beat_s: float = 0.3, voices: int = 2) -> Samples:
    """Strings plucked in a pentatonic melody over a bass: every note rings on."""
    random = np.random.default_rng(seed)
    sound = np.zeros(round((seconds + 2) * RATE))
    scale = 220 * 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16, 19, 21]) / 12)
    for n in range(int(seconds / beat_s)):
        for voice in range(voices):
            hz = scale[random.integers(len(scale))] * (1, 0.5, 2)[voice % 3]
            note = _string(hz, 1.2, random)
            start = int((n + 0.5 * voice * random.random()) * beat_s * RATE)
            sound[start : start + len(note)] += note[: len(sound) - start]
    sound = sound[: round(seconds * RATE)]
    return to_samples(0.3 * sound / np.abs(sound).max())


def _string(hz: float, seconds: float, random: np.random.Generator) -> Floats:
    t = np.arange(round(seconds * RATE)) / RATE
    partials = [n for n in range(1, 12) if n * hz < 3700]
    note = np.zeros(len(t))
    for n in partials:
        note += np.exp(-t * (1.5 + 0.8 * n)) * np.sin(2 * np.pi * n * hz * t + random.random()) / n
    return note


def band(seconds: float, *, seed: int = 2, beat_s: float = 0.5) -> Samples:
    """Held chords that change each two beats, a bass, and a drum on each beat."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE)
    t = np.arange(count) / RATE
    sound = np.zeros(count)
    chords = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
    for n, start in enumerate(range(0, count, round(2 * beat_s * RATE))):
        piece = slice(start, min(count, start + round(2 * beat_s * RATE)))
        for step in chords[n % 4]:
            hz = 262 * 2 ** (step / 12)
            sound[piece] += sum(np.sin(2 * np.pi * k * hz * t[piece]) / k for k in (1, 2, 3, 4))
    for start in range(0, count, round(beat_s * RATE)):
        hit = random.normal(0, 1, min(800, count - start)) * np.exp(-np.arange(min(800, count - start)) / 200)
        sound[start : start + len(hit)] += 3 * hit
    return to_samples(0.3 * sound / np.abs(sound).max())


def over_the_line(sound: Samples, *, loss: float = 0.0, noise: float = 0.0, seed: int = 3) -> Samples:
    """Through A-law, with noise of an rms, and with a share of 20 ms packets lost (silence there)."""
    random = np.random.default_rng(seed)
    noisy = sound + random.normal(0, noise, len(sound))
    coded = np.asarray(a_law(np.clip(noisy, -32768, 32767)), np.int16)
    for start in range(0, len(coded), 160):
        if random.random() < loss:
            coded[start : start + 160] = 0
    return coded


def a_law(sound: Floats) -> Floats:
    """There and back (ITU-T G.711): 13 segments, 8 bits."""
    x = np.abs(sound) / 32768
    a = 87.6
    small = x < 1 / a
    packed = np.where(small, a * x, 1 + np.log(np.maximum(a * x, 1e-12))) / (1 + np.log(a))
    coded = (np.floor(packed * 128) + 0.5) / 128
    knee = 1 / (1 + np.log(a))
    wide = np.where(coded < knee, coded * (1 + np.log(a)) / a, np.exp(coded * (1 + np.log(a)) - 1) / a)
    wide = np.where(x * 32768 < 8, 0, wide)
    return np.asarray(np.sign(sound) * wide * 32767)
