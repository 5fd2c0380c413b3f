"""Whisper really run, offline: little recordings, silence, noise, tones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from base.audio import RATE, Samples, seconds
from base.errors import ModelError
from base.pinyin import distance, syllables
from records.model import SpokenRow
from records.post_call import Utterance
from tests.echoing import coming_back
from tests.speech_kit import DELEGATED, MYSELF, SATISFIED, packaged_model, recorded
from transcribe.call import hear_customer
from transcribe.echo import set_aside
from transcribe.engine import NOTHING, Engine, Scorer
from transcribe.flags import counts, flag
from transcribe.models import PACKAGED_FILES, WEIGHTS
from transcribe.rules import load
from transcribe.segments import speech
from transcribe.voice import VoiceDetector
from transcribe.whisper import Whisper

pytestmark = pytest.mark.speech
RULES = load(Path(__file__).parents[2] / "config" / "keywords.yaml")


@pytest.fixture(scope="module")
def whisper() -> Whisper:
    return Whisper(packaged_model())


def apart(heard: str, said: str) -> float:
    return distance(syllables(heard), syllables(said.rstrip("。").replace("，", "")))


def without_voice() -> dict[str, Samples]:
    random = np.random.default_rng(0)
    at = np.arange(3 * RATE) / RATE
    return {
        "silence": np.zeros(3 * RATE, np.int16),
        "hiss": random.normal(0, 800, 3 * RATE).astype(np.int16),
        "loud hiss": random.normal(0, 5000, 3 * RATE).astype(np.int16),
        "ringback": (8000 * np.sin(2 * np.pi * 450 * at)).astype(np.int16),
        "key 1": (4000 * (np.sin(2 * np.pi * 697 * at) + np.sin(2 * np.pi * 1209 * at))).astype(np.int16),
        "too short": np.zeros(10, np.int16),
        "nothing": np.zeros(0, np.int16),
    }


@pytest.mark.parametrize(
    ("name", "said"), [("delegated", DELEGATED), ("myself", MYSELF), ("satisfied", SATISFIED)]
)
def test_speech_becomes_simplified_words_without_punctuation(whisper: Whisper, name: str, said: str) -> None:
    engine: Engine = whisper
    for heard in (engine.answer(recorded(name)), engine.transcribe(recorded(name))):
        assert apart(heard.text, said) < 0.35
        assert heard.text.isalnum()
        assert 0.3 < heard.confidence < 1.0
        assert not heard.looped


@pytest.mark.parametrize("name", without_voice())
def test_what_has_no_voice_becomes_no_words(whisper: Whisper, name: str) -> None:
    assert whisper.answer(without_voice()[name]) == NOTHING


@pytest.mark.parametrize("name", ["silence", "hiss", "loud hiss", "ringback", "key 1", "nothing"])
def test_a_detector_hears_no_voice_where_there_is_none(name: str) -> None:
    assert speech(VoiceDetector().probabilities(without_voice()[name])) == ()


async def test_a_prompts_echo_is_set_aside_and_the_answer_is_not(whisper: Whisper) -> None:
    """F4: the prompt names what rules look for."""
    sent = coming_back(recorded("delegated"), -15, 0.3)
    track = np.concatenate([sent, recorded("myself")])
    prompt = SpokenRow("x", "", DELEGATED, False, 0.0, seconds(recorded("delegated")), True)
    heard = set_aside(await hear_customer(track, (), whisper, VoiceDetector()), [prompt])
    echo, *answers = heard
    assert (echo.party, apart(echo.text, DELEGATED) < 0.4) == ("echo", True)
    assert [(one.party, apart(one.text, MYSELF) < 0.35) for one in answers] == [("customer", True)]
    assert flag(heard, (), RULES) == ()


def test_characters_have_rising_times_within_the_sound(whisper: Whisper) -> None:
    sound = recorded("delegated")
    heard = whisper.transcribe(sound)
    assert len(heard.chars) == len(heard.text)
    assert list(heard.chars) == sorted(heard.chars)
    assert heard.chars[0] >= 0
    assert heard.chars[-1] <= seconds(sound)


def test_the_violation_is_flagged_at_its_second_and_the_clean_answer_is_not(whisper: Whisper) -> None:
    heard = whisper.transcribe(recorded("delegated"))
    spoken = Utterance("customer", 0.0, seconds(recorded("delegated")), heard.text, 1.0, heard.chars)
    flags = {one.rule: one.start_s for one in flag([spoken], [], RULES) if counts(one)}
    assert flags.keys() == {"trading_on_behalf", "profit_sharing"}
    assert flags["trading_on_behalf"] < flags["profit_sharing"]
    clean = Utterance("customer", 0.0, 2.0, whisper.transcribe(recorded("myself")).text, 1.0)
    assert flag([clean], [], RULES) == ()


def test_the_same_sound_gives_the_same_words(whisper: Whisper) -> None:
    assert whisper.answer(recorded("myself")) == whisper.answer(recorded("myself"))


def test_of_expected_phrases_the_one_said_fits_best(whisper: Whisper) -> None:
    expected = ("非常满意", "不是我操作", "都是自己操作", "没有约定")
    likely = whisper.answer(recorded("myself"), expected).likely
    assert likely[0][0] == "都是自己操作"
    assert dict(likely)["非常满意"] < 0 < dict(likely)["都是自己操作"]


def test_what_was_heard_to_the_letter_needs_no_trying(whisper: Whisper) -> None:
    assert whisper.answer(recorded("myself"), ("都是我自己操作", "不是我操作")).likely == ()


def test_the_transcript_names_the_weights(whisper: Whisper) -> None:
    assert whisper.model_sha256 == PACKAGED_FILES[WEIGHTS]
    assert whisper.capabilities.char_times


@pytest.mark.parametrize("weights", [b"", b"not a model at all" * 100])
def test_weights_that_are_none_are_refused(tmp_path: Path, weights: bytes) -> None:
    for name in PACKAGED_FILES:
        (tmp_path / name).write_bytes((packaged_model() / name).read_bytes()[:3_000_000])
    (tmp_path / WEIGHTS).write_bytes(weights)
    (tmp_path / "config.json").write_text(json.dumps({}))
    with pytest.raises(ModelError, match="cannot be loaded"):
        Whisper(tmp_path)


def test_words_that_were_said_fit_a_turn_better_than_others_and_silence_tells_nothing(
    whisper: Whisper,
) -> None:
    said, other = DELEGATED.rstrip("。").replace("，", ""), "都是我自己操作的没有交给别人我很满意"
    assert isinstance(whisper, Scorer)
    true, false = whisper.score(recorded("delegated"), (said, other))
    assert true.sound - false.sound > max(5.0, true.silence - false.silence)


def test_other_texts_of_a_turn_are_kept_with_what_they_are_worth(whisper: Whisper) -> None:
    heard = whisper.transcribe(recorded("delegated"))
    assert heard.text not in [text for text, _ in heard.held]
    assert all(logprob < 0 for _, logprob in heard.held)
    assert [worth for _, worth in heard.held] == sorted((worth for _, worth in heard.held), reverse=True)


@pytest.mark.parametrize("bands", [80, 128])
def test_a_whisper_of_other_bands_needs_its_publisher_s_word(tmp_path: Path, bands: int) -> None:
    """Large ones hear 128 bands; taken for 80 they would hear nothing."""
    for one in packaged_model().iterdir():
        (tmp_path / one.name).symlink_to(one)
    (tmp_path / "preprocessor_config.json").write_text(json.dumps({"feature_size": bands}))
    if bands == 80:
        assert Whisper(tmp_path).capabilities.scores
        return
    with pytest.raises(ModelError, match="80 bands"):
        Whisper(tmp_path)


def test_a_whisper_without_chinese_is_refused(tmp_path: Path) -> None:
    for one in packaged_model().iterdir():
        (tmp_path / one.name).symlink_to(one)
    (tmp_path / "tokenizer.json").unlink()
    told = (packaged_model() / "tokenizer.json").read_text(encoding="utf-8").replace("<|zh|>", "<|zz|>")
    (tmp_path / "tokenizer.json").write_text(told, encoding="utf-8")
    with pytest.raises(ModelError, match="no Chinese"):
        Whisper(tmp_path)
