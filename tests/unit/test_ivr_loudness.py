"""Level, peaks, band and ends of prompts."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ivr.prompts import faults_of
from ivr.voice import loudness

RATE = 24000


def tone(hz: float, seconds: float, amplitude: float = 0.1, rate: int = RATE) -> NDArray[np.float64]:
    return amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


def silence(seconds: float, rate: int = RATE) -> NDArray[np.float64]:
    return np.zeros(int(seconds * rate))


def power_db(wave: NDArray[np.float64]) -> float:
    return 10 * float(np.log10(np.mean(wave**2) + 1e-12))


@pytest.mark.parametrize("amplitude", [0.002, 0.05, 0.9])
def test_quiet_and_loud_sound_reach_the_same_level(amplitude: float) -> None:
    sound = loudness.to_telephone(tone(800, 1.0, amplitude), RATE)
    assert loudness.active_level_dbfs(sound / 32768) == pytest.approx(loudness.TARGET_DBFS, abs=0.5)


def test_pauses_do_not_count_as_speech() -> None:
    speech = tone(800, 1.0, rate=8000)
    with_pause = np.concatenate([speech, silence(3.0, 8000), speech])
    assert loudness.active_level_dbfs(with_pause) == pytest.approx(
        loudness.active_level_dbfs(speech), abs=0.1
    )


def test_silence_at_the_ends_is_cut_to_thirty_milliseconds() -> None:
    sound = loudness.to_telephone(np.concatenate([silence(0.7), tone(800, 0.5), silence(0.9)]), RATE)
    before, behind = loudness.edges_s(sound / 32768)
    assert 0.02 <= before <= 0.04
    assert 0.02 <= behind <= 0.05
    assert len(sound) / 8000 == pytest.approx(0.56, abs=0.04)


def test_silence_is_added_where_there_is_too_little() -> None:
    sound = loudness.to_telephone(tone(800, 0.5), RATE)
    assert 0.02 <= loudness.edges_s(sound / 32768)[0] <= 0.04


def test_peaks_are_turned_down_without_clipping() -> None:
    clicks = tone(800, 1.0)
    clicks[::2400] = 1.0
    sound = loudness.limited(loudness.levelled(clicks, RATE) * 4, RATE)
    assert loudness.peak_dbfs(sound) <= loudness.PEAK_DBFS + 0.01
    assert np.max(np.abs(np.diff(np.sign(sound)))) == 2  # the wave still swings, nothing is flattened


def test_frequencies_beyond_the_telephone_band_do_not_fold_into_it() -> None:
    high, inside = loudness.band_limited(tone(5000, 0.5), RATE), loudness.band_limited(tone(1000, 0.5), RATE)
    assert power_db(inside) == pytest.approx(power_db(tone(1000, 0.5)), abs=0.3)
    assert power_db(high[1000:-1000]) < power_db(inside) - 50


def test_silence_stays_silence() -> None:
    assert np.all(loudness.to_telephone(silence(0.3), RATE) == 0)
    assert faults_of(loudness.to_telephone(silence(0.3), RATE)) == ["the recording is silent"]


def test_a_good_recording_has_no_faults_and_bad_ones_are_named() -> None:
    good = loudness.to_telephone(tone(800, 1.0), RATE)
    late = np.concatenate([np.zeros(4000, np.int16), good])
    assert faults_of(good) == []
    assert faults_of(good // 8)[0].startswith("its level is -3")
    assert faults_of(late) == ["it begins with 0.53 s of silence, at most 0.15 wanted"]


def test_clipping_is_a_fault() -> None:
    loud = np.clip(tone(800, 1.0, 4.0, 8000), -1, 1)
    assert any("its peak is" in fault for fault in faults_of((loud * 32767).astype(np.int16)))
