"""Sound files of other makers: what is in them, at 8 kHz; what cannot be read is one clear line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from base.audio import RATE, Samples, seconds
from base.errors import InputError
from tests import sound_files
from tests.speech_kit import recorded
from transcribe.decoding import decode


def likeness(a: Samples, b: Samples) -> float:
    """The best correlation of two sounds over a shift of up to 100 ms: codecs delay."""
    size = min(len(a), len(b)) - RATE // 10
    first = a[:size].astype(float)
    return max(float(np.corrcoef(first, b[shift : shift + size])[0, 1]) for shift in range(0, RATE // 10, 2))


@pytest.mark.parametrize(("suffix", "least"), [(".wav", 0.999), (".mp3", 0.9), (".opus", 0.6), (".amr", 0.7)])
def test_what_is_in_a_file(tmp_path: Path, suffix: str, least: float) -> None:
    sound = recorded("myself")
    (found,) = decode(sound_files.write(tmp_path / f"a{suffix}", sound))
    assert seconds(found) == pytest.approx(seconds(sound), abs=0.15)
    assert max(likeness(sound, found), likeness(found, sound)) >= least


def test_each_channel_of_a_stereo_file_comes_out_alone(tmp_path: Path) -> None:
    left = recorded("myself")
    right = np.roll(left, RATE // 3)
    found = decode(sound_files.write(tmp_path / "a.wav", left, right))
    assert [np.array_equal(a, b) for a, b in zip(found, (left, right), strict=True)] == [True, True]


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.mp3"
    text.write_text("no sound here", encoding="utf-8")
    cut = tmp_path / "cut.wav"
    cut.write_bytes(sound_files.write(tmp_path / "a.wav", recorded("myself")).read_bytes()[:44])
    for path in (text, cut):
        with pytest.raises(InputError, match="sound"):
            decode(path)


def test_more_than_two_channels_are_too_many(tmp_path: Path) -> None:
    sound = recorded("satisfied")
    with pytest.raises(InputError, match="4 channels"):
        decode(sound_files.write(tmp_path / "a.wav", sound, sound, sound, sound))
