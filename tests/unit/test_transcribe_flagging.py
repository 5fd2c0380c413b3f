"""Leads weighed on the sound: proposed from far and from other texts, kept by what the engine scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from base.audio import RATE, Samples
from base.pinyin import cost, folded
from records.post_call import Flag, Utterance
from transcribe.engine import NOTHING, Capabilities, Engine, Fit, Recognised
from transcribe.flagging import flag_recording
from transcribe.flags import counts
from transcribe.gate import GATE, lexicon
from transcribe.matching import Speech
from transcribe.rules import load
from transcribe.weighing import Weights

RULES = load(Path(__file__).parents[2] / "config" / "keywords.yaml")
WEIGHTS = Weights(version="t", model_sha256="", bias=4.0, weights={"distance": -6.0, "sound": 1.0})
"""A phrase is believed where it makes the sound no less likely than a few nats."""


class Scoring:
    """Scores a text by how near it sounds to what was really said."""

    name, model_sha256 = "fake", "ab" * 32

    def __init__(self, really: str, *, scores: bool = True) -> None:
        self._really = folded(really)
        self.capabilities = Capabilities(scores=scores)
        self.asked: list[tuple[int, tuple[str, ...]]] = []

    def answer(self, *_: object, **__: object) -> Recognised:
        return NOTHING

    def transcribe(self, *_: object, **__: object) -> Recognised:
        return NOTHING

    def score(self, samples: Samples, texts: Sequence[str]) -> tuple[Fit, ...]:
        self.asked.append((len(samples), tuple(texts)))
        return tuple(Fit(-8 * cost(folded(text), self._really), -1.0) for text in texts)


def said(text: str, *held: str) -> Utterance:
    return Utterance("customer", 1.0, 5.0, text, 0.6, held=tuple((other, -0.5) for other in held))


def flagged(utterance: Utterance, engine: Engine) -> dict[str, Flag]:
    sound = np.zeros(6 * RATE, np.int16)
    return {one.rule: one for one in flag_recording(sound, [utterance], engine, RULES, weights=WEIGHTS)}


def test_what_is_far_in_sound_is_found_where_the_sound_agrees_and_only_there() -> None:
    misheard = said("张了钱我们三天分场")
    assert "profit_sharing" not in flagged(misheard, Scoring("赚了钱我们三七分成", scores=False))
    found = flagged(misheard, Scoring("赚了钱我们三七分成"))["profit_sharing"]
    assert (found.phrase, found.text, found.tier, found.weights) == ("三七分成", "三天分场", "certain", "t")
    assert found.features["sound"] > 0
    assert "profit_sharing" not in flagged(misheard, Scoring("张了钱我们三天分场"))


def test_what_only_resembles_a_phrase_is_dropped_by_the_sound() -> None:
    near = "赚了沙漆坟场"
    assert counts(flagged(said(near), Scoring(near, scores=False))["profit_sharing"])
    assert flagged(said(near), Scoring(near)) == {}


def test_another_text_of_the_turn_proposes_too() -> None:
    turn = said("一直是他带客操心的", "一直是他代客操作的")
    found = flagged(turn, Scoring("一直是他代客操作的"))["trading_on_behalf"]
    assert counts(found)
    assert 1.0 <= found.start_s < found.end_s <= 5.0


def test_phrases_for_the_sound_to_tell_are_proposed_only_to_it() -> None:
    near = said("钱是打到市人账户的")
    assert "private_account" not in flagged(near, Scoring("", scores=False))
    assert counts(flagged(near, Scoring("钱是打到私人账户的"))["private_account"])


def test_a_turn_is_scored_once_over_its_own_sound_and_little_is_asked() -> None:
    engine = Scoring("我们三七分成")
    flagged(said("我们上期分场"), engine)
    ((samples, texts),) = engine.asked
    assert samples == 4 * RATE
    assert texts[0] == "我们上期分场"
    assert len(texts) == len(set(texts)) <= 17


def test_what_was_heard_to_the_letter_is_not_asked_for() -> None:
    engine = Scoring("内幕消息")
    assert flagged(said("内幕消息"), engine)["inside_information"].tier == "certain"
    assert all("内幕消息" in texts for _, texts in engine.asked)


def test_a_denial_in_the_believed_text_holds_for_the_others() -> None:
    turn = said("从来没有代课操作", "从来美优代客操作")
    (found,) = flagged(turn, Scoring("从来没有代客操作")).values()
    assert (found.negation, found.tier) == ("negated", "faint")


def test_an_exception_in_the_believed_text_holds_for_the_others() -> None:
    turn = said("收益分成两部分看", "收益分成量部分看")
    assert flagged(turn, Scoring("收益分成两部分看")) == {}


def test_two_syllables_never_flag_alone_however_well_they_fit() -> None:
    assert flagged(said("分成", "分层", "粉城"), Scoring("分成")) == {}


@pytest.mark.parametrize(
    "text", ["赚了钱我们上期分场", "他说保证不会亏的一定赚钱", "银行卡换了想改一下三方存管"]
)
def test_the_gate_misses_nothing_within_its_distance(text: str) -> None:
    speech = Speech.of(text)
    near = {phrase.say for _, phrase, _ in lexicon(RULES.rules).near(speech)}
    for rule in RULES.rules:
        for phrase in rule.spoken:
            wanted = Speech.of(phrase.say)
            if (
                len(wanted) < 3
                or not rule.by_sound(phrase, weighed=True)
                or set(phrase.say) & set("我不没未")
            ):
                continue
            windows = [
                cost(wanted.folded, speech.folded[start : start + length]) / len(wanted)
                for length in (len(wanted) - 1, len(wanted), len(wanted) + 1)
                for start in range(len(speech) - length + 1)
            ]
            if min(windows, default=1.0) <= GATE and not set(text) & set("我不没未"):
                assert phrase.say in near


def test_each_party_is_weighed_on_its_own_track_and_without_one_by_its_text() -> None:
    agent = replace(said("这不归我馆"), party="agent")
    engine = Scoring("这不归我管")
    tracks = {"customer": np.zeros(2 * RATE, np.int16), "agent": np.zeros(9 * RATE, np.int16)}
    for given, asked in (({"customer": tracks["customer"]}, 0), (tracks, 1), ({"": tracks["agent"]}, 2)):
        made = flag_recording(given, [agent], engine, RULES, weights=WEIGHTS)
        assert [one.weights for one in made if one.rule == "retort_not_my_business"] == ["t" if asked else ""]
        assert [samples for samples, _ in engine.asked] == [4 * RATE] * asked
