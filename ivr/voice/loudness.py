"""From a synthesiser's or a studio's sound to a telephone prompt: band, level, peaks, silent ends (pure).

Levels are dBFS with a full-scale square wave at 0 (`base.audio.level_dbfs`). The level of a prompt is its
*active speech level*: the mean power of the 20 ms frames that hold speech, where a frame holds speech when it
is less than 15.9 dB below that mean itself (the margin of ITU-T P.56, method B, without its hang-over time).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from base.audio import RATE, Samples

TARGET_DBFS = -20.0
"""Active speech level of every prompt."""

PEAK_DBFS = -3.0
"""No sample is louder; louder peaks are turned down smoothly, not clipped."""

EDGE_S = 0.03
"""Silence left before and after speech, in seconds."""

QUIET_DBFS = -40.0
"""A frame at the ends that is quieter is silence (once the prompt has its level)."""

BAND_HZ = (250.0, 3500.0)
"""Half-gain edges of the telephone band: flat within 300-3400 Hz."""

_MARGIN_DB = 15.9
_FRAME_S = 0.02
_TAPS_S = 0.016
_LIMITER_S = 0.005

Wave = NDArray[np.float32] | NDArray[np.float64]


def to_telephone(wave: Wave, rate: int) -> Samples:
    """Sound between -1 and 1 at `rate` Hz (a multiple of 8000) as an 8 kHz prompt."""
    narrow = band_limited(wave, rate)[:: rate // RATE]
    loud = limited(levelled(trimmed(levelled(narrow))))
    return np.asarray(np.round(faded(loud) * 32767), np.int16)


def band_limited(wave: Wave, rate: int) -> NDArray[np.float64]:
    """Keep 300-3400 Hz by a linear-phase filter (Hann-windowed sinc): no aliases at 8 kHz."""
    half = int(_TAPS_S * rate / 2)
    at = np.arange(-half, half + 1) / rate
    low, high = BAND_HZ
    taps = (2 * high * np.sinc(2 * high * at) - 2 * low * np.sinc(2 * low * at)) / rate * np.hanning(len(at))
    return np.convolve(np.asarray(wave, np.float64), taps, mode="same")


def active_level_dbfs(wave: Wave, rate: int = RATE) -> float:
    """Active speech level of sound between -1 and 1; -120 for silence."""
    power = _frame_power(wave, rate)
    power = power[power > 1e-10]
    if len(power) == 0:
        return -120.0
    mean = float(np.mean(power))
    for _ in range(20):
        active = float(np.mean(power[power > mean * 10 ** (-_MARGIN_DB / 10)]))
        if abs(mean - active) <= 1e-5 * active:
            break
        mean = active
    return 10 * float(np.log10(mean))


def peak_dbfs(wave: Wave) -> float:
    """The loudest sample, in dBFS; -120 for silence."""
    return max(-120.0, 20 * float(np.log10(max(float(np.max(np.abs(wave), initial=0.0)), 1e-6))))


def levelled(wave: NDArray[np.float64], rate: int = RATE) -> NDArray[np.float64]:
    """The sound at `TARGET_DBFS`; silence stays silence."""
    level = active_level_dbfs(wave, rate)
    return wave if level <= -120 else wave * 10 ** ((TARGET_DBFS - level) / 20)


def limited(wave: NDArray[np.float64], rate: int = RATE) -> NDArray[np.float64]:
    """Turn peaks above `PEAK_DBFS` down by a gain that begins 5 ms before them and ends 5 ms behind."""
    ceiling = 10 ** (PEAK_DBFS / 20)
    gain = np.minimum(1.0, ceiling / np.maximum(np.abs(wave), 1e-9))
    if len(wave) == 0 or gain.min() == 1.0:
        return wave
    reach = int(_LIMITER_S * rate)
    window = 2 * reach + 1
    lowest = _windows(gain, window).min(axis=1)
    smooth = np.hanning(window + 2)[1:-1]
    return np.asarray(wave * (_windows(lowest, window) @ (smooth / smooth.sum())), np.float64)


def trimmed(wave: NDArray[np.float64], rate: int = RATE) -> NDArray[np.float64]:
    """Cut silence off both ends but for `EDGE_S`, adding some where there is less; looks at 10 ms frames."""
    frame, edge = rate // 100, int(EDGE_S * rate)
    loud = np.flatnonzero(_frame_power(wave, rate, 0.01) > 10 ** (QUIET_DBFS / 10))
    if len(loud) == 0:
        return wave
    padded = np.pad(wave, (edge, edge + frame))
    return padded[loud[0] * frame : (loud[-1] + 1) * frame + 2 * edge]


def edges_s(wave: Wave, rate: int = RATE) -> tuple[float, float]:
    """Seconds before the first and behind the last 10 ms frame that is louder than `QUIET_DBFS`."""
    loud = np.flatnonzero(_frame_power(wave, rate, 0.01) > 10 ** (QUIET_DBFS / 10))
    if len(loud) == 0:
        return len(wave) / rate, len(wave) / rate
    return float(loud[0]) * 0.01, max(0.0, len(wave) / rate - float(loud[-1] + 1) * 0.01)


def faded(wave: NDArray[np.float64], rate: int = RATE) -> NDArray[np.float64]:
    """Ramp the first and last 5 ms, so that nothing clicks."""
    ramp = np.linspace(0, 1, min(len(wave) // 2, rate // 200), endpoint=False)
    done = wave.copy()
    done[: len(ramp)] *= ramp
    done[len(done) - len(ramp) :] *= ramp[::-1]
    return done


def _frame_power(wave: Wave, rate: int, frame_s: float = _FRAME_S) -> NDArray[np.float64]:
    """Mean power of each whole frame and of the rest at the end, filled up with silence."""
    frame = int(frame_s * rate)
    padded = np.pad(np.asarray(wave, np.float64), (0, -len(wave) % frame))
    return np.asarray(np.mean(padded.reshape(-1, frame) ** 2, axis=1))


def _windows(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """A window of so many values around each value; the first and last value stand for what is beyond."""
    padded = np.pad(values, width // 2, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, width)
