"""What is only seen across utterances: sequences, silence, speed, words not said; answers held to records."""

from __future__ import annotations

from pathlib import Path

import pytest

from records.model import AnswerRow
from records.post_call import Flag, Utterance
from transcribe.doubt import doubt
from transcribe.flags import counts, flag
from transcribe.rules import Rules, load, parse

SHIPPED = load(Path(__file__).parents[2] / "config" / "keywords.yaml")
GREETED = "您好这里是客服中心有什么可以帮您的吗好的感谢您的接听再见"


def said(text: str, start_s: float, end_s: float, party: str = "agent") -> Utterance:
    return Utterance(party, start_s, end_s, text, 0.8)


def found(*utterances: Utterance, rules: Rules = SHIPPED) -> dict[str, Flag]:
    return {one.rule: one for one in flag(utterances, [], rules)}


def rules(body: str) -> Rules:
    return parse(f'version: "1"\nrules:\n  - {{id: it, category: 某, severity: low, {body}}}\n')


STEPS = "course: {steps: [{say: [密码是多少], party: agent}, {say: [好的]}], within_s: 10}"


def test_words_that_follow_on_words_in_time_and_from_whom_they_should() -> None:
    asked, given = said("您的密码是多少", 1, 3), said("好的我发给你", 5, 7, "customer")
    made = found(asked, given, rules=rules(STEPS))["it"]
    assert (made.start_s, made.end_s, made.tier) == (1, 7, "probable")
    late = said("好的我发给你", 14, 15, "customer")
    assert found(asked, late, rules=rules(STEPS)) == {}
    before = said("好的我发给你", 0, 0.5, "customer")
    assert found(before, asked, rules=rules(STEPS)) == {}
    assert found(asked, said("好的我发给你", 5, 7), rules=rules(STEPS)) == {}


def test_a_step_is_spent_on_one_chain() -> None:
    asked, given = said("密码是多少", 1, 3), said("好的", 5, 7, "customer")
    twice = flag([asked, given, said("好的", 8, 9, "customer")], [], rules(STEPS))
    assert len(twice) == 1


def test_our_own_prompt_is_no_step() -> None:
    prompt = said("密码是多少", 1, 3, "system")
    assert found(prompt, said("好的", 5, 7, "customer"), rules=rules(STEPS)) == {}


def test_an_echo_of_our_prompt_is_nobodys_word() -> None:
    echo = said("一直是他代客操作有什么可以帮您", 1, 5, "echo")
    assert flag([echo], [], SHIPPED) == ()


def test_silence_before_a_party_speaks_again() -> None:
    silence = rules("party: agent, course: {silence_s: 20}")
    question = said("我想问一下手续费", 1, 3, "customer")
    made = found(question, said("您好", 25, 26), rules=silence)["it"]
    assert (made.start_s, made.end_s) == (3, 25)
    assert found(question, said("您好", 22, 23), rules=silence) == {}
    assert found(question, said("喂", 25, 26, "customer"), rules=silence) == {}
    assert found(said("您好", 25, 26), rules=silence) == {}


def test_speed_of_utterances_long_enough_to_tell() -> None:
    speed = rules("party: agent, course: {fastest: 7.5}")
    assert "it" in found(said("一二三四五六七八九十一二三四五六", 0, 2), rules=speed)
    assert found(said("一二三四五六七八九十一二三四五", 0, 2), rules=speed) == {}
    assert found(said("一二三四五六七八九", 0, 1), rules=speed) == {}


def test_what_an_agent_who_spoke_did_not_say() -> None:
    rude = found(said("今天想跟您做一个回访大概需要两分钟的时间可以吗", 1, 9))
    assert {"polite_greeting", "polite_goodbye"} <= rude.keys()
    assert not {"polite_greeting", "polite_goodbye"} & found(said(GREETED, 1, 9)).keys()
    assert found(said("嗯", 1, 2)) == {}
    assert found(said("今天想跟您做一个回访大概需要两分钟的时间可以吗", 1, 9, "customer")) == {}


def test_what_does_credit_is_kept_and_is_no_finding() -> None:
    made = found(said(GREETED, 1, 9))["polite_offer"]
    assert made.tier == "certain"
    assert not counts(made)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        *(("你到底是谁", "retort_who"), ("我哪知道", "retort_dont_know"), ("你喊什么", "retort_shouting")),
        *(("填错了重填", "retort_fill_again"), ("没看见我正忙着呢", "retort_busy")),
        *(("找我们经理去", "retort_ask_manager"), ("不是告诉过你了吗", "retort_told_already")),
        *(("你说完了没有", "retort_finished"), ("墙上不是都写着", "retort_look_yourself")),
        *(("电脑就是这么显示的", "retort_computer"), ("你问别人去", "retort_ask_others")),
        *(("又不是我的错", "retort_not_my_fault"), ("这不归我管", "retort_not_my_business")),
        *(("有话快说", "retort_hurry"), ("关你什么事", "retort_none_of_yours")),
        *(("你胡说八道", "retort_nonsense"), ("真烦死人了", "retort_annoying"), ("喂说话", "retort_speak")),
    ],
)
def test_an_agents_retort_is_a_lead_and_a_customers_is_none(text: str, rule: str) -> None:
    """F3."""
    assert counts(found(said(text, 1, 3))[rule])
    assert rule not in found(said(text, 1, 3, "customer"))


def test_there_are_eighteen_retorts_and_fifteen_polite_forms() -> None:
    kinds = [rule.id.partition("_")[0] for rule in SHIPPED.rules]
    assert (kinds.count("retort"), kinds.count("polite")) == (18, 15)


def test_an_answer_is_held_against_what_is_kept() -> None:
    against = rules("answers: [{question: manager_name, differs_from: manager}]")
    told = AnswerRow("manager_name", "王强", "王强", "speech", "王强", 0.9, 1.0, 2.0)
    (made,) = flag([], [told], against, kept={"manager": "李明"})
    assert "李明" in made.why
    assert flag([], [told], against, kept={"manager": "王强"}) == ()
    assert flag([], [told], against, kept={}) == ()


def test_a_cue_may_stand_in_another_utterance_a_few_seconds_away() -> None:
    near = rules("phrases: [分成], cues: [利润], within_s: 5")
    money, share = said("说到利润", 1, 3, "customer"), said("那就分成", 6, 8, "customer")
    assert "it" in found(money, share, rules=near)
    assert found(money, said("那就分成", 9, 10, "customer"), rules=near) == {}


@pytest.mark.parametrize(
    "body",
    [
        "course: {}",
        "course: {silence_s: 3, fastest: 4}",
        "course: {steps: [{say: [好的]}]}",
        "answers: [{question: a}]",
        "answers: [{question: a, values: [b], differs_from: name}]",
        "absent: true, course: {silence_s: 3}",
    ],
)
def test_half_a_rule_is_refused(body: str) -> None:
    with pytest.raises(Exception, match=r"rules\.0"):
        rules(body)


def test_a_call_that_is_not_understood_cannot_be_judged() -> None:
    clear, murmur = said("都是我自己操作的", 0, 5, "customer"), Utterance("customer", 5, 15, "额好", 0.1)
    answered = [AnswerRow(str(n), "yes", "", "speech", "好", 0.9, 20.0 + n, 20.5 + n) for n in range(4)]
    assert doubt([clear], []) == ""
    assert "置信度" in doubt([clear, murmur], [])
    assert "循环" in doubt([said("我知道我知道我知道我知道我知道我知道", 0, 5, "customer")], [])
    assert "没有转写" in doubt([clear], answered)
    assert doubt([], []) == ""
