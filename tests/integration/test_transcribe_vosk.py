"""The real decoding, with a Korean model: no package carries a Chinese one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from base.audio import RATE, seconds
from base.errors import ModelError
from tests.speech_kit import korean_model, recorded
from transcribe import engines
from transcribe.call import hear_customer
from transcribe.engine import NOTHING, Engine
from transcribe.live import LiveEar
from transcribe.voice import VoiceDetector
from transcribe.vosk import Vosk

pytestmark = pytest.mark.speech
EXPECTED = ("네", "아니요", "만족", "불만족", "보통", "안녕하세요", "감사합니다")
"""Yes, no, satisfied, dissatisfied, fair, hello, thank you."""


@pytest.fixture(scope="module")
def vosk() -> Vosk:
    engine = engines.load(korean_model(), threads=1)
    assert isinstance(engine, Vosk)
    engine.warm()
    return engine


def test_it_is_an_engine_with_grammar_and_times(vosk: Vosk) -> None:
    engine: Engine = vosk
    assert engine.name == "vosk"
    assert engine.capabilities.grammar
    assert len(engine.model_sha256) == 64


def test_an_expected_phrase_is_a_second_opinion_where_the_free_text_sounds_like_it(vosk: Vosk) -> None:
    heard = vosk.answer(recorded("korean_no"), EXPECTED)
    assert heard.text != "아니요", "the free decoding is meant to be a little off"
    assert heard.others == ("아니요", "아니요")
    assert 0 < heard.confidence <= 1


def test_a_sentence_that_nobody_expected_is_forced_onto_no_phrase(vosk: Vosk) -> None:
    heard = vosk.answer(recorded("korean_tomorrow"), EXPECTED)
    assert heard.text
    assert heard.others == ()


@pytest.mark.parametrize("expected", [(), ("四", "满意")])
def test_without_a_phrase_of_known_words_the_free_text_stands_alone(
    vosk: Vosk, expected: tuple[str, ...]
) -> None:
    heard = vosk.answer(recorded("korean_no"), expected)
    assert heard.text == vosk.answer(recorded("korean_no"), EXPECTED).text
    assert heard.others == ()


def test_a_model_that_knows_no_chinese_does_not_claim_it(vosk: Vosk) -> None:
    assert vosk.capabilities.languages == ()


async def test_a_recorded_track_is_written_down_with_a_time_for_each_character(vosk: Vosk) -> None:
    """The way of the post-call worker: voice found in the track, full decoding, times of the call."""
    quiet = np.zeros(4 * RATE, np.int16)
    track = np.concatenate([quiet, recorded("korean_tomorrow"), quiet])
    [utterance] = await hear_customer(track, (), vosk, VoiceDetector())
    assert all("가" <= char <= "힣" for char in utterance.text)
    assert len(utterance.chars) == len(utterance.text) > 1
    assert list(utterance.chars) == sorted(utterance.chars)
    assert 3.9 <= utterance.chars[0] < utterance.chars[-1] < 4.0 + seconds(recorded("korean_tomorrow"))


def test_the_phrases_that_the_model_cannot_know_are_named(vosk: Vosk) -> None:
    assert vosk.unknown((*EXPECTED, "满意")) == ("满意",)


@pytest.mark.parametrize("loud", [0, 1500])
def test_neither_silence_nor_noise_is_speech(vosk: Vosk, loud: int) -> None:
    noise = np.random.default_rng(3).normal(0, loud, 2 * RATE).astype(np.int16)
    assert vosk.answer(noise, EXPECTED) == NOTHING


def test_no_sound_has_no_words(vosk: Vosk) -> None:
    assert vosk.transcribe(np.zeros(0, np.int16)) == NOTHING


def test_the_same_sound_has_the_same_words_and_times_whatever_came_before(vosk: Vosk) -> None:
    sound = recorded("korean_tomorrow")
    first = vosk.transcribe(sound)
    vosk.transcribe(recorded("korean_no"))
    again = vosk.transcribe(sound)
    assert first.text == again.text
    assert len(first.chars) == len(first.text)
    assert list(first.chars) == sorted(first.chars)
    assert 0 <= first.chars[0] <= first.chars[-1] < seconds(sound)
    assert again.chars == pytest.approx(first.chars, abs=0.01)


async def test_the_recogniser_process_takes_the_engine_that_the_model_needs(vosk: Vosk) -> None:
    ear = await LiveEar.start(korean_model())
    try:
        heard = await ear.hear(recorded("korean_no").tobytes(), EXPECTED)
    finally:
        await ear.close()
    assert heard.text == vosk.answer(recorded("korean_no")).text
    assert heard.others == ("아니요", "아니요")


def test_a_model_that_cannot_be_loaded_is_one_line(tmp_path: Path) -> None:
    for path in korean_model().rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(korean_model())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path)
    (tmp_path / "am" / "final.mdl").unlink()
    (tmp_path / "am" / "final.mdl").write_bytes((korean_model() / "am" / "final.mdl").read_bytes()[:1000])
    with pytest.raises(ModelError, match="Vosk cannot load") as caught:
        engines.load(tmp_path, threads=1)
    assert caught.value.where == str(tmp_path)
