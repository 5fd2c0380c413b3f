"""Early media frame by frame: pieces of speech, tones beside them, music that is no speech."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np

from base.audio import Samples, seconds
from dialer.line.early import EarlyEar
from dialer.line.protocol import EARLY, Event, Tone, Utterance
from dialer.line.vad import GatedVad, Vad
from tests.soundscapes import CHINA_BUSY, CHINA_RINGBACK, cadence, plucked
from tests.speech_kit import recorded
from tests.speechlike import silence, speech


class Frames:
    """A tap that has heard a sound."""

    def __init__(self, sound: Samples) -> None:
        data = sound.astype("<i2").tobytes()
        self._frames = deque((0.0, data[start : start + 320]) for start in range(0, len(data) - 319, 320))

    def drain(self) -> Iterator[tuple[float, bytes]]:
        while self._frames:
            yield self._frames.popleft()


class Always:
    """Takes all for speech."""

    def speech(self, frame: bytes) -> bool:  # noqa: ARG002
        return True


def heard(*sounds: Samples, vad: Vad | None = None) -> list[Event]:
    """All that comes of sounds that end with the call."""
    ear = EarlyEar("a1", 1000.0)
    return [*ear.frames(Frames(np.concatenate(sounds)), vad or GatedVad()), *ear.rest()]


def utterances(events: list[Event]) -> list[Utterance]:
    return [one for one in events if isinstance(one, Utterance)]


def test_an_announcement_comes_in_pieces() -> None:
    said = recorded("myself")
    events = heard(silence(0.5), said, silence(1.0), said, silence(1.5))
    first, second = utterances(events)
    assert (first.leg, first.listen) == ("a1", EARLY)
    assert first.end_s < 0.5 + seconds(said) + 0.5 < second.start_s + 0.7
    assert not [one for one in events if isinstance(one, Tone)]


def test_what_is_being_said_when_the_media_end_is_given() -> None:
    [only] = utterances(heard(silence(0.3), speech(1.5)))
    assert only.end_s - only.start_s > 1.0


def test_endless_talk_is_cut() -> None:
    lengths = [one.end_s - one.start_s for one in utterances(heard(speech(14.0), vad=Always()))]
    assert [round(one, 1) for one in lengths] == [6.0, 6.0, 2.0]


def test_tones_are_told_and_are_no_speech() -> None:
    for pattern, kind in ((CHINA_RINGBACK, "ringback"), (CHINA_BUSY, "busy")):
        events = heard(silence(0.5), cadence(pattern, 8), silence(1.0))
        assert utterances(events) == []
        [tone] = events
        assert isinstance(tone, Tone)
        assert (tone.kind, round(tone.at, 1)) == (kind, 1000.5)


def test_music_is_no_speech() -> None:
    for seed in range(3):
        events = heard(silence(0.4), plucked(8, seed=seed), silence(1.0))
        assert utterances(events) == []
        assert [one.kind for one in events if isinstance(one, Tone)][:1] == ["music"]
