"""What counts as speech: voices do; tones, ringback, clicks and noise do not."""

from __future__ import annotations

import numpy as np
import pytest

from base.audio import RATE, Samples
from dialer.line.endpointing import FRAME_S, Began, Endpointer, Spoke
from dialer.line.vad import GatedVad
from tests.speechlike import clicks, ringback, silence, speech, tone

FRAME = int(RATE * FRAME_S)


def decisions(sound: Samples, vad: GatedVad | None = None) -> list[bool]:
    detector = vad or GatedVad()
    whole = len(sound) - len(sound) % FRAME
    return [detector.speech(sound[n : n + FRAME].tobytes()) for n in range(0, whole, FRAME)]


def spoken_s(sound: Samples) -> float:
    return sum(decisions(sound)) * FRAME_S


@pytest.mark.parametrize("seconds", [0.3, 0.5, 2.0])
def test_a_voice_is_speech(seconds: float) -> None:
    assert spoken_s(np.concatenate([silence(0.5), speech(seconds), silence(0.5)])) > 0.7 * seconds


@pytest.mark.parametrize(
    "sound",
    [
        ringback(6),
        clicks(4),
        tone(1000, 2),
        silence(2),
        np.random.default_rng(1).normal(0, 3000, 2 * RATE).astype(np.int16),
    ],
    ids=["ringback", "clicks", "tone", "silence", "noise"],
)
def test_other_sounds_are_none(sound: Samples) -> None:
    assert spoken_s(sound) == 0


def test_a_reset_detector_starts_afresh() -> None:
    vad = GatedVad()
    decisions(speech(1.0), vad)
    vad.reset()
    assert decisions(silence(0.5), vad) == [False] * 25


def test_detector_and_endpointer_frame_a_voice() -> None:
    ends = Endpointer(patience_s=0.6, no_input_s=5, longest_s=12, since_s=0)
    sound = np.concatenate([silence(1.0), speech(1.5), silence(1.2)])
    found = [
        finding
        for n, decided in enumerate(decisions(sound))
        for finding in ends.feed(bytes(2 * FRAME), speech=decided, at_s=n * FRAME_S, playing=False)
    ]
    began, spoke = found
    assert isinstance(began, Began)
    assert began.at_s == pytest.approx(1.0, abs=0.15)
    assert isinstance(spoke, Spoke)
    assert spoke.start_s == pytest.approx(0.7, abs=0.15)
    assert spoke.end_s == pytest.approx(2.8, abs=0.2)
