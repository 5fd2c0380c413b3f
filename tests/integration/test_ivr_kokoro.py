"""The packaged voices and espeak-ng, really run."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.audio import seconds
from base.errors import ModelError, PromptError
from ivr.prompts import faults_of
from ivr.voice import Synthesiser
from ivr.voice.espeak import Espeak, pinyin
from ivr.voice.kokoro import MODEL_FILE, Kokoro, ensure_model

WORDING = "您好，请问是张先生吗？"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def kokoro(models: Path) -> Kokoro:
    return Kokoro.open(models)


@pytest.mark.speech
def test_a_sentence_is_a_good_telephone_prompt(kokoro: Kokoro) -> None:
    synthesiser: Synthesiser = kokoro
    sound = synthesiser.speak(WORDING, "jm_kumo")
    assert faults_of(sound) == []
    assert 1.5 < seconds(sound) < 4.0


@pytest.mark.speech
def test_pace_shortens_what_is_said(kokoro: Kokoro) -> None:
    assert seconds(kokoro.speak("再见。", "jf_alpha@1.5")) < seconds(kokoro.speak("再见。", "jf_alpha"))


@pytest.mark.speech
def test_an_unknown_voice_names_those_there_are(kokoro: Kokoro) -> None:
    with pytest.raises(PromptError, match="jf_alpha, jf_gongitsune, jf_nezumi, jf_tebukuro, jm_kumo"):
        kokoro.speak(WORDING, "nobody")


@pytest.mark.speech
def test_a_corrupt_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).write_bytes(b"half of a model")
    with pytest.raises(ModelError, match="is corrupt"):
        ensure_model(tmp_path)


@pytest.mark.speech
def test_a_half_written_model_is_never_seen(models: Path, kokoro: Kokoro) -> None:
    assert kokoro.voices
    assert [path.name for path in models.iterdir()] == [MODEL_FILE]


def test_espeak_is_given_pinyin() -> None:
    assert pinyin("请按1，谢谢。") == "qing3 an4 yi1 ,xie4 xie5 。"


def test_espeak_speaks_at_the_level_of_prompts() -> None:
    sound = Espeak.find().speak(WORDING, "espeak@1.3")
    assert faults_of(sound) == []
    assert 1.0 < seconds(sound) < 5.0
