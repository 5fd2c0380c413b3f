"""Recordings of killed workers become readable; whole ones and other files are left alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from base.audio import read_wav, write_wav
from dialer.line.tracks import finish, finish_all, finished
from tests.speechlike import tone


def unfinished(path: Path) -> Path:
    """A track as a killed worker leaves it: both sizes are 0."""
    write_wav(path, tone(500, 0.5))
    sound = bytearray(path.read_bytes())
    sound[4:8] = sound[40:44] = bytes(4)
    path.write_bytes(sound)
    return path


def test_an_unfinished_track_is_mended(tmp_path: Path) -> None:
    track = unfinished(tmp_path / "track.wav")
    assert not finished(track)
    assert finish(track)
    assert finished(track)
    assert np.array_equal(read_wav(track), tone(500, 0.5))


def test_only_unfinished_tracks_are_touched(tmp_path: Path) -> None:
    (tmp_path / "day").mkdir()
    write_wav(tmp_path / "whole.wav", tone(500, 0.1))
    (tmp_path / "text.wav").write_text("this is no sound, and longer than the header of one would be")
    broken = unfinished(tmp_path / "day" / "broken.wav")
    assert finish_all(tmp_path) == [broken]
    assert finish_all(tmp_path) == []


@pytest.mark.parametrize("left", [b"", b"RIF", b"RIFF\0\0\0\0WAVE"])
def test_a_track_killed_before_its_header_was_written_is_one_of_no_length(
    tmp_path: Path, left: bytes
) -> None:
    path = tmp_path / "short.wav"
    path.write_bytes(left)
    assert finish(path)
    assert finished(path)
    assert read_wav(path).size == 0


def test_a_missing_track_needs_nothing(tmp_path: Path) -> None:
    assert finished(tmp_path / "none.wav")
    assert not finish(tmp_path / "none.wav")
