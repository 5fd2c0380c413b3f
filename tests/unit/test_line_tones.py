"""Tones by their cadence, music by its held notes; nobody's speech is either (D1: what counts as ringing)."""

from __future__ import annotations

import numpy as np
import pytest

from base.audio import RATE, Samples
from dialer.line.protocol import ToneKind
from dialer.line.tones import Found, ToneEar
from tests import soundscapes as sounds
from tests.soundscapes import Pattern, band, cadence, over_the_line, plucked
from tests.speechlike import silence, speech

HALF = silence(0.5)


def heard(sound: Samples) -> list[Found]:
    """What is found in a sound, frame by frame."""
    ear, data = ToneEar(), sound.astype("<i2").tobytes()
    return [
        found for start in range(0, len(data) - 319, 320) for found in ear.feed(data[start : start + 320])
    ]


def kinds(sound: Samples) -> list[str]:
    return [one.kind.value for one in heard(sound)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CHINA_RINGBACK", "ringback"),
        ("EU_RINGBACK", "ringback"),
        ("US_RINGBACK", "ringback"),
        ("UK_RINGBACK", "ringback"),
        ("CHINA_BUSY", "busy"),
        ("EU_BUSY", "busy"),
        ("US_BUSY", "busy"),
        ("CHINA_CONGESTION", "congestion"),
        ("US_CONGESTION", "congestion"),
        ("CHINA_SPECIAL", "information"),
        ("SIT", "information"),
    ],
)
@pytest.mark.parametrize(("dbm", "loss"), [(-10, 0.0), (-40, 0.0), (-25, 0.03)])
def test_cadences_are_told_apart_loud_faint_and_with_loss(
    name: str, kind: str, dbm: float, loss: float
) -> None:
    pattern: Pattern = getattr(sounds, name)
    sound = np.concatenate([HALF, cadence(pattern, 7, dbm)])
    [found] = heard(over_the_line(sound, noise=8, loss=loss))
    assert found.kind == kind
    assert abs(found.at_s - 0.5) < 0.05


@pytest.mark.parametrize("hz", [425, 800, 1000, 1100, 1400, 2100])
def test_a_single_burst_is_a_beep(hz: float) -> None:
    """Also behind speech, as a voicemail has it."""
    beep = cadence((((hz,), 0.4), ((), 3)), 3.4)
    assert kinds(np.concatenate([speech(2.0), silence(0.3), beep])) == ["beep"]


def test_ringing_that_goes_on_is_told_once_and_anew_after_a_break() -> None:
    ringing = cadence(sounds.CHINA_RINGBACK, 11)
    assert kinds(ringing) == ["ringback"]
    assert kinds(np.concatenate([ringing, silence(8), ringing])) == ["ringback", "ringback"]


@pytest.mark.parametrize("seed", range(3))
def test_music_is_music(seed: int) -> None:
    beat = (0.2, 0.35, 0.6)[seed]
    assert "music" in kinds(over_the_line(plucked(6, seed=seed, beat_s=beat), noise=10, loss=0.02))
    assert "music" in kinds(over_the_line(band(6, seed=seed, beat_s=beat), noise=10))


@pytest.mark.parametrize("pitch", [95, 130, 220, 300])
def test_speech_is_neither_tone_nor_music(pitch: float) -> None:
    pieces = [sound for _ in range(6) for sound in (speech(2.5, pitch=pitch), silence(0.8))]
    assert kinds(over_the_line(np.concatenate(pieces), noise=10)) == []


def test_noise_and_silence_are_nothing() -> None:
    noise = np.random.default_rng(5).normal(0, 400, 10 * RATE)
    rumble = np.convolve(noise * 8, np.ones(20) / 20, "same")
    for sound in (noise, rumble, np.zeros(10 * RATE)):
        assert heard(sound.astype(np.int16)) == []


def test_ringing_after_an_announcement_is_told() -> None:
    sound = np.concatenate([speech(3), silence(0.4), cadence(sounds.CHINA_RINGBACK, 3)])
    assert [one.kind for one in heard(sound)] == [ToneKind.RINGBACK]
