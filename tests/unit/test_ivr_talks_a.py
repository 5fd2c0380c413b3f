"""Customers' follow-ups: every question of every script meets every answer and everything else that is said.

S2-S10, S14-S17, S19; A2, A4; D6-D9.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from ivr.check import problems
from ivr.script import SLOT, Ask, prompts
from ivr.state import DECLINED, NO_ANSWER, NOT_UNDERSTOOD
from ivr.understanding import Choice, Understood, understand
from ivr.values import Outcome, Unwilling
from tests.conversations import HANGS_UP, SILENT
from tests.talks import Case, Talk, cases, script_of

NAMES = (
    "new_account",
    "periodic",
    "abnormal",
    "adviser_signup",
    "adviser_continuing",
    "headquarters_check",
    "periodic_and_adviser",
)
CASES = [case for name in NAMES for case in cases(name)]
DECIDED = [case for case in CASES if case.node.answer != "free"]
ONCE = list({(case.question, repr(case.node)): case for case in reversed(DECIDED)}.values())
"""What scripts share by their frame and their included questions, met once."""
OWNERS = [case for case in ONCE if case.owner]
STRANGERS = [case for case in ONCE if not case.owner]
FREE = [case for case in CASES if case.node.answer == "free"]
NOISE = "天气真好"
TIMES = {"when": "明天下午三点半", "when_stranger": "明天下午三点半", "important": "我在开会"}


@pytest.mark.parametrize("name", NAMES)
def test_the_scripts_are_fit(name: str) -> None:
    assert [str(problem) for problem in problems(script_of(name))] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_come_to(name: str) -> None:
    asked = {node for node, value in script_of(name).nodes.items() if isinstance(value, Ask)}
    assert {case.question for case in cases(name)} == asked - {"new_number"}


@pytest.mark.parametrize("name", NAMES)
def test_prompts_are_short(name: str) -> None:
    """Statements under six seconds, questions under five; a choice of four levels takes longer."""
    long = [
        words
        for node in script_of(name).nodes.values()
        for variant, words in prompts(node)
        if len(SLOT.sub("", words)) > (22 if words.endswith("？") and "一般" not in words else 27)
        and variant != "after_silence"
    ]
    assert long == []


def taken(replies: Iterable[str], among: tuple[Choice, ...]) -> list[str]:
    """What each reply is understood as: an answer, another wish, or "" where it is asked again."""
    meant = [understand(reply, among) for reply in replies]
    return [one.choice.name if isinstance(one, Understood) else "" for one in meant]


@pytest.mark.parametrize("case", ONCE, ids=str)
def test_every_answer_in_all_its_words(case: Case) -> None:
    among = case.choices
    for name in case.node.options:
        phrases = case.phrases(name)
        said = dict(zip(phrases, taken(phrases, among), strict=True))
        assert said == dict.fromkeys(phrases, name)


AMONG_FILLERS = ("嗯，{}。", "那个，{}吧。", "{}，{}。", "哦，{}啊，谢谢。")


@pytest.mark.parametrize("case", OWNERS, ids=str)
def test_fillers_change_no_answer(case: Case) -> None:
    """An answer among fillers is that answer, or is asked again: never another one."""
    among = case.choices
    for name in case.node.options:
        phrases = case.phrases(name)[-3:]
        said = taken((around.replace("{}", one) for one in phrases for around in AMONG_FILLERS), among)
        assert set(said) <= {name, ""}, name
        assert said.count(name) * 10 >= len(said) * 7, name


@pytest.mark.parametrize("case", OWNERS, ids=str)
def test_every_answer_by_key(case: Case) -> None:
    for name, option in case.node.options.items():
        assert option.key is not None
        after = case.talk.on(option.key)
        assert after.values[case.question] == name
        assert after.session.node != case.question


@pytest.mark.parametrize("case", STRANGERS, ids=str)
def test_no_key_confirms_the_owner(case: Case) -> None:
    """A2."""
    for key in "0123456789*#":
        after = case.talk.on(key).to_end(other=key)
        assert not after.result.owner_confirmed
        assert after.leaked == ()


WISHES = [
    ("我在开会", Outcome.RESCHEDULED, Unwilling.NOT_NOW, ()),
    ("转人工", Outcome.HANDED_OVER, Unwilling.NOT_A_MACHINE, ("wants_person", "nobody_free")),
    ("以后别再打了", Outcome.REFUSED, Unwilling.NEVER, ()),
    ("我拒绝", Outcome.REFUSED, None, ()),
    ("我要投诉", Outcome.HANDED_OVER, None, ("complaint",)),
    ("你会说广东话吗", Outcome.HANDED_OVER, None, ("dialect", "nobody_free")),
    ("你打错了", Outcome.WRONG_PARTY, None, ()),
]
"""What is said instead of an answer; the call's end; the kind of unwillingness; the notes left."""


@pytest.mark.parametrize("case", OWNERS, ids=str)
def test_other_wishes_at_every_question(case: Case) -> None:
    """A4, S3, S8, S14, S15: the call ends as is wished, at every question."""
    for reply, outcome, unwilling, notes in WISHES:
        talk = case.talk.on(reply).to_end(TIMES)
        result = talk.result
        assert (result.outcome, result.unwilling, result.notes) == (outcome, unwilling, notes), reply
        assert not result.mandatory_done
        assert talk.leaked == ()


@pytest.mark.parametrize("case", STRANGERS, ids=str)
def test_other_wishes_before_the_owner_is_confirmed(case: Case) -> None:
    """A2: the same wishes, and not a word about the account."""
    for reply, outcome, unwilling, notes in WISHES:
        talk = case.talk.on(reply).to_end(TIMES)
        if reply == "我拒绝":
            outcome = Outcome.WRONG_PARTY
        result = talk.result
        assert (result.outcome, result.unwilling) == (outcome, unwilling), reply
        assert set(result.notes) <= set(notes)
        assert (talk.leaked, result.owner_confirmed) == ((), False)
        assert "示例证券" not in talk.wording


@pytest.mark.parametrize("case", OWNERS, ids=str)
def test_any_question_may_be_declined(case: Case) -> None:
    """A4: "not this question"."""
    after = case.talk.on("这个问题不想回答")
    assert after.values[case.question] == DECLINED
    assert after.result.unwilling is Unwilling.NOT_THIS_QUESTION
    assert after.session.node != case.question


@pytest.mark.parametrize("case", OWNERS, ids=str)
def test_noise_is_asked_in_other_words_then_by_keys(case: Case) -> None:
    node = case.node
    after = case.talk.on(NOISE, NOISE, NOISE)
    said = [words for asked, words in after.said if asked == case.question][-3:]
    assert said[1:] == [_filled(case, node.again), _filled(case, node.keys)]
    assert after.values[case.question] == NOT_UNDERSTOOD
    assert NOT_UNDERSTOOD in after.result.notes
    assert after.session.node != case.question


def _filled(case: Case, words: str | None) -> str:
    for name, value in case.talk.session.state.values.items():
        words = (words or "").replace(f"{{{name}}}", value)
    return words or ""


@pytest.mark.parametrize("case", DECIDED, ids=str)
def test_silence_for_ever_ends_the_call(case: Case) -> None:
    """D8: nobody there; whoever was asked for the owner and says nothing was a stranger."""
    talk = case.talk.to_end()
    expected = Outcome.WRONG_PARTY if case.question == "reach_owner" else Outcome.SILENT
    assert talk.result.outcome is expected
    assert talk.leaked == ()


@pytest.mark.parametrize("case", FREE, ids=str)
def test_free_answers_are_recorded_and_never_stop_a_call(case: Case) -> None:
    said, silent = case.talk.on("说来话长"), case.talk.on(SILENT)
    assert said.values[case.question] == ""
    assert silent.session.over or silent.values[case.question] == NO_ANSWER
    assert said.session.state.node != case.question != silent.session.state.node


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_customer_hangs_up_at_any_question(case: Case) -> None:
    talk = case.talk.on(HANGS_UP)
    assert talk.session.over
    assert talk.result.outcome is Outcome.HUNG_UP
    assert talk.result.owner_confirmed is case.owner
    assert not talk.result.mandatory_done
    assert talk.leaked == ()


ASIDES = {
    "你是机器人吗": "我是自动语音系统。",
    "要多长时间": "大约两三分钟。",
    "你再说一遍": "",
}
TO_OWNER = ASIDES | {
    "你们是哪里的": "这里是示例证券。",
    "你是骗子吧": "我不会问密码和验证码，您也可以打官方电话核实。",
    "我换号码了": "好的，新号码稍后请您告诉我。",
}
TO_STRANGERS = ASIDES | {
    "你们是哪里的": "这个电话找张伟本人。",
    "为什么问这个": "需要和张伟本人确认。",
    "你是骗子吧": "您放心，我不会问密码和验证码。",
}


@pytest.mark.parametrize("case", DECIDED, ids=str)
def test_a_customers_question_gets_the_truth_and_ours_is_asked_again(case: Case) -> None:
    """S19, S7, A2."""
    for reply, truth in (TO_OWNER if case.owner else TO_STRANGERS).items():
        after = case.talk.on(reply)
        node, words = after.said[-1]
        assert node == after.session.node == case.question
        assert words.startswith(truth)
        assert len(words) > len(truth)
        assert after.leaked == ()


@pytest.mark.parametrize("case", OWNERS, ids=str)
def test_why_gets_an_approved_sentence(case: Case) -> None:
    """S7: nothing but that answers are only kept."""
    words = case.talk.on("为什么问这个").said[-1][1]
    assert words.startswith(
        ("这些是统一问题，用于服务情况统计。", "是为了您的账户安全", "这是签约后的统一问题")
    )


def ways_through(name: str) -> Iterator[tuple[int, bool, dict[str, str]]]:
    missing = {slot: "" for slot, one in script_of(name).slots.items() if one.optional}
    for nth in range(4):
        for landline in (False, True):
            for slots in ({}, missing):
                yield nth, landline, slots


def nth_key(case_node: Ask, nth: int) -> str:
    keys = [option.key for option in case_node.options.values() if option.key]
    return keys[min(nth, len(keys) - 1)] if keys else "请讲"


@pytest.mark.parametrize("name", NAMES)
def test_calls_are_completed_whatever_is_answered(name: str) -> None:
    """Landline and mobile, slots given and missing, always the first answer, the second, ... (S2, S7)."""
    for nth, landline, slots in ways_through(name):
        talk = Talk.begin(script_of(name), slots, landline=landline).on("我就是本人", "1")
        if talk.session.node == "convenient":
            talk = talk.on("1")
        while not talk.session.over:
            node = talk.session.state.at
            assert isinstance(node, Ask)
            talk = talk.on(nth_key(node, nth))
        assert talk.result.outcome is Outcome.COMPLETED
        assert talk.result.mandatory_done
        assert talk.result.kinds_done == tuple(script_of(name).sections)
        assert talk.leaked == ()
        assert "{" not in talk.wording
        assert ("九五零零零" in talk.said[-1][1]) is ("hotline" not in slots)
