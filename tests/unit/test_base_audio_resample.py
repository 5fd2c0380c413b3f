"""Resampling keeps what fits into both bands and folds nothing back."""

import numpy as np
import pytest

from base.audio import RATE, Samples, resample


def tone(hz: float, rate: int, seconds: float = 0.5) -> Samples:
    at = np.arange(round(rate * seconds)) / rate
    return (10000 * np.sin(2 * np.pi * hz * at)).astype(np.int16)


@pytest.mark.parametrize(
    ("old", "new"), [(8000, 16000), (16000, 8000), (24000, 8000), (44100, 8000), (8000, 22050)]
)
def test_a_tone_stays_the_same_tone(old: int, new: int) -> None:
    got = resample(tone(1000, old), old, new)
    wanted = tone(1000, new)
    assert len(got) == len(wanted)
    inner = slice(new // 20, -new // 20)
    assert np.max(np.abs(got[inner].astype(int) - wanted[inner].astype(int))) < 100


def test_what_is_above_the_new_band_is_gone() -> None:
    got = resample(tone(6000, 16000), 16000, RATE)
    assert np.max(np.abs(got[400:-400])) < 100


def test_the_same_rate_and_no_sound_are_left_alone() -> None:
    sound = tone(500, RATE)
    assert resample(sound, RATE, RATE) is sound
    assert len(resample(sound[:0], RATE, 16000)) == 0


def test_loud_edges_do_not_overflow() -> None:
    square = np.where(np.arange(4000) // 40 % 2, 32767, -32768).astype(np.int16)
    got = resample(square, RATE, 16000)
    assert np.all(np.sign(got[20:60:2]) == np.sign(square[10:30]))
