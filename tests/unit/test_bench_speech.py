"""The corpus of free speech: its halves share nothing, what is said means what its kind says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.answers.table import VOICES
from bench.speech.calls import ORDER, SAID_IN_THE_END, SCRIPT, TELLING, TOLD
from bench.speech.rendering import all_calls, texts, wording
from bench.speech.table import NOISES, takes
from bench.speech.texts import BEYOND, LEAD, ORDINARY, Sentence, filled, parted, sentences
from huifang import resources
from ivr.loader import load as load_script
from ivr.prompts import read_manifest
from ivr.script import Ask, Say
from records.post_call import Utterance
from transcribe.flags import counts, flag
from transcribe.rules import load as load_rules

SAID = texts()
SENTENCES = sentences(SAID)
TAKES = takes(SENTENCES)
RULES = load_rules(Path(__file__).parents[2] / "config" / "keywords.yaml")


def half(name: str) -> list[Sentence]:
    return [one for one in SENTENCES if one.half == name]


def test_halves_share_no_sentence_no_voice_and_no_noise() -> None:
    tuned, held_out = ({one.said for one in half(name)} for name in VOICES)
    assert not tuned & held_out
    voices = [{take.voice.split("@")[0] for take in TAKES if take.half == name} for name in VOICES]
    noises = [{take.noise for take in TAKES if take.half == name and take.noise} for name in VOICES]
    assert not voices[0] & voices[1]
    assert not noises[0] & noises[1]
    assert noises == [set(NOISES["tuned"]), set(NOISES["held_out"])]


def test_wordings_of_one_thing_stay_in_one_half() -> None:
    said = {one.said: one.half for one in SENTENCES}
    lines = [line for line in SAID.leads["trading_on_behalf"] if "|" in line]
    assert lines
    for line in lines:
        assert len({said[wording.strip()] for wording in line.split("|")}) == 1


def test_parted_evenly() -> None:
    sizes = Counter(name for name, _ in parted([f"第{n}句" for n in range(31)]))
    assert sorted(sizes.values()) == [15, 16]


def test_slots_are_filled_with_different_words() -> None:
    made = filled("{a}和{a}", {"a": "甲 乙 丙"}, 5)
    assert len(set(made)) == 5
    assert all(set(one) <= set("甲乙丙和") for one in made)
    assert filled("没有空", {}, 5) == ["没有空"]


def test_ordinary_talk_is_several_sentences_by_one_voice() -> None:
    talks = [take for take in TAKES if take.groups[0] == ORDINARY]
    assert {take.sentences[0].kind for take in talks} == {ORDINARY}
    assert len({take.transcript for take in talks}) == len(talks)


@pytest.mark.parametrize("kind", [LEAD, BEYOND])
def test_leads_name_rules(kind: str) -> None:
    rules = {one.rule for one in SENTENCES if one.kind == kind}
    assert rules
    assert rules <= set(RULES.by_id)


def test_every_phrased_rule_has_leads_in_both_halves() -> None:
    spoken = {rule.id for rule in RULES.rules if rule.phrases}
    for name in VOICES:
        assert {one.rule for one in half(name) if one.kind == LEAD} >= spoken & set(SAID.leads)


def found(said: str) -> set[str]:
    """Rules with a finding in a sentence that was heard without a mistake."""
    heard = Utterance("customer", 0.0, 5.0, said, 1.0)
    return {one.rule for one in flag((heard,), (), RULES) if counts(one)}


def test_leads_hold_phrases_and_what_is_beyond_them_holds_none() -> None:
    leads = [one for one in SENTENCES if one.kind == LEAD]
    missed = [one.said for one in leads if one.rule not in found(one.said)]
    assert len(missed) <= 0.1 * len(leads), missed
    beyond = [one for one in SENTENCES if one.kind == BEYOND]
    assert [one.said for one in beyond if one.rule in found(one.said)] == []


def test_calls_tell_of_violations_in_answers_and_in_speech() -> None:
    made = {name: all_calls(name) for name in VOICES}
    assert {rule for call in made["held_out"] for rule in call.rules} == {rule for rule in TELLING if rule}
    for name, calls in made.items():
        said = {one.said for one in half(name)}
        for call in calls:
            assert [turn.said[0] in said for turn in call.turns if turn.meant == TOLD] == [True]
            assert call.voice in VOICES[name]


def test_calls_go_the_way_of_the_script() -> None:
    script = load_script(resources.named(Path(), "scripts", SCRIPT))
    for meant, _ in TELLING.values():
        node, way = "shown", ["convenient"]
        while node != "rule":
            one = script.nodes[node]
            if isinstance(one, Ask):
                way.append(node)
                node = str(one.options[meant[node]].go if one.options else one.go)
            else:
                assert isinstance(one, Say)
                node = str(one.go)
        assert way == [question for question in ORDER if question in meant]


def test_shipped_prompts_say_all_that_calls_ask() -> None:
    shipped = {row.wording for row in read_manifest(resources.SHIPPED_PROMPTS).prompts}
    said = {node for call in all_calls("tuned") for turn in call.turns for node in turn.prompts}
    assert {wording(node) for node in (*said, *SAID_IN_THE_END)} <= shipped
