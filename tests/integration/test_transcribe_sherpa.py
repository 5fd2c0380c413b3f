"""The real library with its own features; the models, of a few kilobytes, are made here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from base.audio import RATE, seconds
from base.errors import ModelError
from tests.command_line import complaint, succeeds
from tests.speech_kit import recorded
from tests.tiny_onnx import HIGH_HZ, LOW_HZ, PARAFORMER, SENSE_VOICE, paraformer, sense_voice, tones
from transcribe import engines
from transcribe.engine import NOTHING, Engine
from transcribe.live import LiveEar
from transcribe.sherpa import Sherpa, char_times, spoken

Make = Callable[..., Path]
BOTH = pytest.mark.parametrize("make", [sense_voice, paraformer])


def loaded(path: Path) -> Sherpa:
    engine = engines.load(path, threads=1)
    assert isinstance(engine, Sherpa)
    return engine


def test_sense_voice_writes_down_simplified_characters_with_their_times(tmp_path: Path) -> None:
    engine: Engine = loaded(sense_voice(tmp_path / "m"))
    sound = tones(LOW_HZ, HIGH_HZ)
    heard = engine.transcribe(sound)
    assert heard.text == "满意"
    assert heard.chars == pytest.approx((0.5, 1.5), abs=0.1)
    assert heard.chars[-1] < seconds(sound)
    assert engine.capabilities.char_times
    assert "zh" in engine.capabilities.languages
    assert not engine.capabilities.scores


def test_paraformer_without_times_has_none(tmp_path: Path) -> None:
    heard = loaded(paraformer(tmp_path / "m")).transcribe(tones(HIGH_HZ))
    assert set(heard.text) == {"意"}
    assert heard.chars == ()


def test_paraformer_tells_the_times_that_were_exported_with_it(tmp_path: Path) -> None:
    heard = loaded(paraformer(tmp_path / "m", timed=True)).transcribe(tones(LOW_HZ, HIGH_HZ))
    assert set(heard.text) == {"满", "意"}
    assert len(heard.chars) == len(heard.text)
    assert heard.chars[0] == pytest.approx(0.5, abs=0.1)
    assert heard.chars[heard.text.index("意")] == pytest.approx(1.5, abs=0.1)


async def test_the_recogniser_process_of_live_answers_takes_it(tmp_path: Path) -> None:
    path, sound = sense_voice(tmp_path / "m"), recorded("satisfied")
    ear = await LiveEar.start(path)
    try:
        heard = await ear.hear(sound.tobytes(), ("满意",))
    finally:
        await ear.close()
    assert heard.text == loaded(path).answer(sound).text != ""


@BOTH
def test_silence_and_no_sound_are_no_words(tmp_path: Path, make: Make) -> None:
    engine = loaded(make(tmp_path / "m"))
    engine.warm()
    for length in (0, 1, 100, RATE):
        assert engine.transcribe(np.zeros(length, np.int16)) == NOTHING


def test_an_answer_without_a_voice_is_not_decoded(tmp_path: Path) -> None:
    engine = loaded(sense_voice(tmp_path / "m"))
    assert engine.transcribe(tones(LOW_HZ)).text
    assert engine.answer(np.zeros(RATE, np.int16), ("满意",)) == NOTHING


@BOTH
def test_the_model_s_hash_is_that_of_its_weights(tmp_path: Path, make: Make) -> None:
    path = make(tmp_path / "m")
    digest = hashlib.sha256((path / "model.onnx").read_bytes()).hexdigest()
    assert loaded(path).model_sha256 == engines.sha256_of(path) == digest


def test_the_small_weights_go_before_the_large_ones(tmp_path: Path) -> None:
    path = sense_voice(tmp_path / "m")
    (path / "model.onnx").rename(path / "model.int8.onnx")
    (path / "model.onnx").write_bytes(b"never read")
    assert loaded(path).transcribe(tones(LOW_HZ)).text == "满"


@pytest.mark.parametrize(
    ("make", "key"),
    [
        *((sense_voice, key) for key in sorted(SENSE_VOICE)),
        *((paraformer, key) for key in sorted(PARAFORMER)),
    ],
)
def test_what_the_library_would_end_the_process_for_is_one_line(tmp_path: Path, make: Make, key: str) -> None:
    metadata = SENSE_VOICE if make is sense_voice else PARAFORMER
    path = make(tmp_path / "m", {name: value for name, value in metadata.items() if name != key})
    with pytest.raises(ModelError, match=f"it lacks {key}") as caught:
        engines.load(path, threads=1)
    assert caught.value.where == str(path / "model.onnx")


def test_weights_that_are_none_are_one_line(tmp_path: Path) -> None:
    path = sense_voice(tmp_path / "m")
    whole = (path / "model.onnx").read_bytes()
    for content in (b"no model", whole[: len(whole) // 2]):
        (path / "model.onnx").write_bytes(content)
        with pytest.raises(ModelError, match="no ONNX model"):
            engines.load(path, threads=1)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("满", "满"),
        ("滿", "满"),
        ("▁ETF", "etf"),
        ("and@@", "and"),
        ("<unk>", ""),
        ("<|nospeech|>", ""),
        ("，", ""),
    ],
)
def test_a_token_is_what_of_it_is_said(token: str, words: str) -> None:
    assert spoken(token) == words


def test_the_characters_of_a_token_share_its_time() -> None:
    assert char_times(("我", "", "etf"), (0.2, 0.5, 1.0), 1.6) == pytest.approx((0.2, 1.0, 1.2, 1.4))
    assert char_times(("我",), (), 1.0) == ()


def test_a_site_without_the_library_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, data = sense_voice(tmp_path / "m"), tmp_path / "data"
    succeeds("init", "--data", data)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert "huifang[sherpa]" in complaint("models", "use", str(path), "--data", data)


def test_it_is_chosen_from_the_command_line(tmp_path: Path) -> None:
    path, data = sense_voice(tmp_path / "m"), tmp_path / "data"
    succeeds("init", "--data", data)
    assert "(sherpa)" in succeeds("models", "use", str(path), "--data", data)
    assert engines.sha256_of(path) in succeeds("models", "verify", "--data", data)
