"""Voices whose pitch says what they say: the matrix tries lines and rules, no recogniser."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from base.audio import RATE, Samples
from ivr.hearing import Heard
from tests.soundscapes import CHINA_BUSY, CHINA_RINGBACK, cadence, plucked
from tests.speechlike import silence, speech, tone

Sound = Callable[[], Samples]

WORDS = {
    100: "您好您所拨打的用户已关机",
    130: "是",
    165: "对不起您拨打的号码是空号请核对后再拨",
    205: "你好我现在不在请在嘀声后留言",
    255: "您好我是机主的智能助理请问您有什么事",
    320: "您拨打的是外地手机请在号码前加拨零",
    400: "您好请不要挂机您拨打的用户正在通话中",
}
"""What a voice of that pitch in Hz says."""


def says(pitch: float, seconds: float) -> Sound:
    """A voice."""
    return partial(speech, seconds, pitch=pitch)


def pause(seconds: float) -> Sound:
    """Silence."""
    return partial(silence, seconds)


def busy(seconds: float) -> Sound:
    """China's busy tone."""
    return partial(cadence, CHINA_BUSY, seconds)


def ringback(seconds: float) -> Sound:
    """China's ringback."""
    return partial(cadence, CHINA_RINGBACK, seconds)


def music(seconds: float) -> Sound:
    """A tune."""
    return partial(plucked, seconds)


def beep() -> Sound:
    """A voicemail's."""
    return partial(tone, 1000, 0.4)


class PitchEar:
    """Hears by the pitch."""

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:  # noqa: ARG002
        hz = pitch_of(np.frombuffer(pcm, "<i2").astype(np.float64))
        return Heard(WORDS[min(WORDS, key=lambda one: abs(math.log(one / hz)))], 0.9)


def pitch_of(sound: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Pitch in Hz: the median over frames of 40 ms, by autocorrelation."""
    lags = range(RATE // 480, RATE // 80)
    found: list[float] = []
    for start in range(0, len(sound) - 640, 320):
        frame = sound[start : start + 640]
        if np.sqrt(np.mean(frame**2)) < 200:
            continue
        alike = [float(frame[:-lag] @ frame[lag:]) / (len(frame) - lag) for lag in lags]
        peak = max(alike)
        found.append(RATE / next(lag for lag, one in zip(lags, alike, strict=True) if one > 0.9 * peak))
    return float(np.median(found)) if found else 130.0
