"""People's recordings become telephone prompts, whatever form they come in."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from base.audio import RATE, read_wav
from base.errors import PromptError
from ivr.prompts import PromptStore, faults_of, read_manifest
from ivr.render import drop_in
from ivr.values import Line
from ivr.voice import recorded


def voice(seconds: float, rate: int, peak: float = 0.4) -> NDArray[np.float32]:
    """Syllables: a buzz of 180 Hz with overtones, four a second, and silence at both ends."""
    at = np.arange(int(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * 180 * n * at) / n for n in range(1, 15))
    syllables = np.clip(np.sin(2 * np.pi * 2 * at), 0, 1)
    sound = np.asarray(buzz * syllables, np.float32)
    silence = np.zeros(rate // 2, np.float32)
    return np.concatenate([silence, sound / np.abs(sound).max() * peak, silence])


def written(path: Path, sound: NDArray[np.float32], rate: int, channels: int, codec: str) -> Path:
    layout = "stereo" if channels == 2 else "mono"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        samples = np.tile((np.clip(sound, -1, 1) * 32767).astype(np.int16), (channels, 1))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="s16p", layout=layout)
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "rate", "channels", "codec"),
    [
        ("a.wav", 44100, 2, "pcm_s16le"),
        ("a.wav", 48000, 1, "pcm_s24le"),
        ("a.wav", 8000, 1, "pcm_alaw"),
        ("a.flac", 48000, 2, "flac"),
        ("a.mp3", 44100, 1, "libmp3lame"),
        ("a.ogg", 48000, 1, "libopus"),
    ],
)
def test_every_form_of_recording_becomes_a_good_prompt(
    tmp_path: Path, name: str, rate: int, channels: int, codec: str
) -> None:
    sound = recorded.read(written(tmp_path / name, voice(2.0, rate, 0.1), rate, channels, codec))
    assert faults_of(sound) == []
    assert abs(len(sound) / RATE - 1.8) < 0.15  # the last syllable ends before the sound does


def test_what_was_cut_off_is_refused(tmp_path: Path) -> None:
    loud = np.clip(voice(1.0, 48000, 3.0), -1, 1)
    with pytest.raises(PromptError, match="is clipped"):
        recorded.read(written(tmp_path / "a.wav", loud, 48000, 1, "pcm_s16le"))
    assert not recorded.clipped(voice(1.0, 48000, 1.0)[None, :])


def test_silence_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="is silent"):
        recorded.read(written(tmp_path / "a.wav", np.zeros(48000, np.float32), 48000, 1, "pcm_s16le"))


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.wav", b"RIFF"), ("b.mp3", b""), ("c.txt", "话术".encode())):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PromptError, match=name):
            recorded.read(tmp_path / name)
    with pytest.raises(PromptError, match=r"none\.wav"):
        recorded.read(tmp_path / "none.wav")


def test_a_recording_of_another_sentence_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "thanks.wav"
    recorded.suits(np.zeros(int(1.2 * RATE), np.int16), "谢谢您，再见。", path)
    with pytest.raises(PromptError, match=r"thanks\.wav: takes 0\.3 s, too short for '谢谢您，再见。'"):
        recorded.suits(np.zeros(int(0.3 * RATE), np.int16), "谢谢您，再见。", path)
    with pytest.raises(PromptError, match=r"takes 9\.0 s, too long"):
        recorded.suits(np.zeros(9 * RATE, np.int16), "谢谢您，再见。", path)


def test_an_endless_file_is_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "long.wav"), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(8000)
        stream.writeframes(b"\1\1" * 8000 * 61)
    with pytest.raises(PromptError, match="longer than 60 s"):
        recorded.read(tmp_path / "long.wav")


def test_a_recording_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    line = Line("periodic.thanks", "谢谢，再见。")
    sound = recorded.read(written(tmp_path / "a.wav", voice(1.0, 48000), 48000, 1, "pcm_s16le"))
    other = drop_in(tmp_path / "own", Line("periodic.tip", "提醒您。"), "甲", sound)
    drop_in(tmp_path / "own", line, "甲", sound)
    row = drop_in(tmp_path / "own", line, "乙", sound[: len(sound) // 2])
    assert read_manifest(tmp_path / "own").prompts == tuple(sorted((other, row), key=lambda one: one.file))
    found = PromptStore(tmp_path / "own", tmp_path / "none", tmp_path / "cache", "x").find(line)
    assert found is not None
    assert len(read_wav(found)) == len(sound) // 2 + int(0.3 * RATE)
    assert (row.voice, row.seconds) == ("乙", round(len(read_wav(found)) / RATE, 3))
