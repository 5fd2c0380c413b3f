"""From a synthesiser's sound to what a line delivers: quiet around it, noise, the telephone's µ-law."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples, mu_law
from ivr.voice.loudness import active_level_dbfs, band_limited

BEFORE_S, AFTER_S = 0.3, 0.45
"""Quiet around an answer as the endpointer hands it over: its head start, and the patience at a question."""
QUIET_DBFS = -65.0
"""The noise of a clean line."""
SOFTEST_DBFS, LOUDEST_DBFS = -32.0, -18.0
"""Active speech levels of customers."""

Floats = NDArray[np.float64]


def delivered(speech: Samples, line: str, seed: str, noise: Floats | None = None) -> Samples:
    """An answer as it is recognised: 8 kHz.

    `line`: "clean" or the signal to noise as "10 dB". `noise`: a recording to take a stretch of, at 0 dBFS,
    longer than the speech by `BEFORE_S` and `AFTER_S`; None: traffic.
    """
    random = np.random.default_rng(zlib.crc32(seed.encode()))
    wave = np.pad(speech / 32768, (round(BEFORE_S * RATE), round(AFTER_S * RATE)))
    gain = random.uniform(SOFTEST_DBFS, LOUDEST_DBFS) - active_level_dbfs(wave)
    wave = wave * 10 ** (gain / 20)
    below = float(line.removesuffix(" dB")) if line.endswith(" dB") else None
    level = QUIET_DBFS if below is None else active_level_dbfs(wave) - below
    around = _street(len(wave), random) if noise is None else _stretch(noise, len(wave), random)
    return mu_law(wave + around * 10 ** (level / 20))


def _stretch(noise: Floats, length: int, random: np.random.Generator) -> Floats:
    begin = int(random.integers(len(noise) - length + 1))
    return noise[begin : begin + length]


def _street(length: int, random: np.random.Generator) -> Floats:
    """Traffic: noise that falls by 4.5 dB an octave and swells slowly, in the telephone's band, at 0 dBFS."""
    spectrum = np.fft.rfft(random.normal(0, 1, length))
    spectrum /= np.maximum(np.arange(len(spectrum)), 1) ** 0.75
    swell = 1 + 0.5 * np.sin(2 * np.pi * (np.arange(length) / RATE / 1.7 + random.random()))
    noise = band_limited(np.fft.irfft(spectrum, length) * swell, RATE)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)), np.float64)
