"""Special calls, questionnaire, after-sales: every answer of every question, and what else may come there.

S11-S13, S14, S15, S18, S19; A2, A4; D6, D8, D9.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ivr.asking import choices
from ivr.check import problems
from ivr.lines import lines_for
from ivr.script import Ask
from ivr.understanding import Understood, understand
from ivr.values import Outcome, Unwilling
from tests.conversations import HANGS_UP, SILENT, ByNode, converse, example_slots, tomorrow
from tests.talks_b import NAMES, SPOKEN, TALKS, Replies, questions, talk

ASKED = [(name, question) for name in NAMES for question in questions(name)]


def ask_of(name: str, question: str) -> Ask:
    node = TALKS[name].nodes[question]
    assert isinstance(node, Ask)
    return node


DECIDED = [(name, question) for name, question in ASKED if ask_of(name, question).answer != "free"]


@pytest.mark.parametrize("name", NAMES)
def test_the_scripts_are_fit(name: str) -> None:
    assert [str(problem) for problem in problems(TALKS[name])] == []


def _own_questions(name: str) -> Iterator[str]:
    """Those that are asked of nobody else: the opening and the changed number are the frame's."""
    frame = TALKS["special_questions"].nodes.keys() - {"question1", "question2", "question3", "more"}
    for question, node in TALKS[name].nodes.items():
        if isinstance(node, Ask) and question not in frame:
            yield question


@pytest.mark.parametrize("name", NAMES)
def test_no_question_is_forgotten_here(name: str) -> None:
    own = {"question1", "question2", "question3", "more"} if name == "special_questions" else set()
    assert set(questions(name)) == {*_own_questions(name), *own}


@pytest.mark.parametrize(("name", "question"), ASKED)
def test_every_question_comes_and_is_answered(name: str, question: str) -> None:
    said = talk(name, question)
    assert question in said.nodes
    assert said.result.outcome is Outcome.COMPLETED
    assert said.result.owner_confirmed
    assert said.result.mandatory_done
    assert said.values[question] not in ("not_understood", "no_answer", "declined")
    assert said.told_before_owner == []


OPTIONS = [
    (name, question, option)
    for name, question in DECIDED
    for option in ask_of(name, question).options
    if ask_of(name, question).answer in ("closed", "scale")
]


@pytest.mark.parametrize(("name", "question", "option"), OPTIONS)
def test_every_option_by_its_label_and_by_its_key(name: str, question: str, option: str) -> None:
    meant = ask_of(name, question).options[option]
    for reply in (str(meant.key), f"嗯，{_first_phrase(name, question, option)}吧"):
        said = talk(name, question, **{question: reply})
        assert said.values[question] == option, reply
        assert said.result.outcome is Outcome.COMPLETED


def _first_phrase(name: str, question: str, option: str) -> str:
    heard = next(choice for choice in choices(TALKS[name], question, {}) if choice.name == option)
    return next(phrase for phrase in heard.phrases if not phrase.startswith("="))


@pytest.mark.parametrize("name", NAMES)
def test_every_phrase_means_its_own_option(name: str) -> None:
    """However it is said: with fillers, with particles."""
    wrong = []
    for question in questions(name):
        among = choices(TALKS[name], question, {})
        for choice in (one for one in among if one.own):
            for phrase in choice.phrases:
                said = f"嗯{phrase.lstrip('=')}啊"
                meant = understand(said, among)
                if not isinstance(meant, Understood) or meant.choice != choice:
                    wrong.append((question, choice.name, said))
    assert wrong == []


CONFIRM = {"when": ("明天下午三点半", "对的")}
WISHES: list[tuple[str, Outcome, Unwilling | None, str]] = [
    ("我要投诉", Outcome.HANDED_OVER, None, "complaint"),
    ("转人工", Outcome.HANDED_OVER, Unwilling.NOT_A_MACHINE, "wants_person"),
    ("会说广东话吗", Outcome.HANDED_OVER, None, "dialect"),
    ("以后别再打了", Outcome.REFUSED, Unwilling.NEVER, ""),
    ("我拒绝回访", Outcome.REFUSED, None, ""),
    ("我在开会", Outcome.RESCHEDULED, Unwilling.NOT_NOW, ""),
    ("打错了", Outcome.WRONG_PARTY, None, ""),
]


@pytest.mark.parametrize(("name", "question"), DECIDED)
def test_every_wish_at_every_question(name: str, question: str) -> None:
    """A4, S14, S15: heard wherever a question decides something, and led where it belongs."""
    for words, outcome, unwilling, note in WISHES:
        result = talk(name, question, **{question: words}).result
        assert (result.outcome, result.unwilling) == (outcome, unwilling), words
        assert note in (*result.notes, ""), words
        assert not result.mandatory_done
        if outcome is Outcome.RESCHEDULED:
            assert result.appointment == tomorrow(15, 30)


@pytest.mark.parametrize(("name", "question"), DECIDED)
def test_a_question_may_be_declined_alone(name: str, question: str) -> None:
    said = talk(name, question, **{question: "这个问题不想回答"})
    assert said.result.outcome is Outcome.COMPLETED
    assert said.result.unwilling is Unwilling.NOT_THIS_QUESTION
    assert said.values[question] == "declined"
    assert said.result.mandatory_done is not ask_of(name, question).mandatory


@pytest.mark.parametrize(("name", "question"), ASKED)
def test_silence_at_every_question(name: str, question: str) -> None:
    """A free question is left open; behind any other there is nobody any more (D8)."""
    said = talk(name, question, **{question: SILENT})
    if ask_of(name, question).answer == "free":
        assert said.values[question] == "no_answer"
        assert said.result.outcome is Outcome.COMPLETED
    else:
        assert said.result.outcome is Outcome.SILENT


@pytest.mark.parametrize(("name", "question"), DECIDED)
def test_what_is_not_understood_is_asked_in_other_words_then_by_keys(name: str, question: str) -> None:
    node = ask_of(name, question)
    said = talk(name, question, **{question: "家里的猫跑了"})
    asked = [wording for at, wording in said.said if at == question]
    assert len(asked) == 3
    assert said.values[question] == "not_understood"
    assert said.result.outcome is Outcome.COMPLETED
    key = next(option.key for option in node.options.values())
    late = ("家里的猫跑了", "哎呀我的水开了", str(key), "#")
    assert talk(name, question, **{question: late}).values[question] != "not_understood"


@pytest.mark.parametrize(("name", "question"), DECIDED)
def test_are_you_a_machine_gets_the_truth_and_the_question_again(name: str, question: str) -> None:
    """S19."""
    answer = talk(name, question).values[question]
    usual = SPOKEN[name][question]
    replies = ("你是机器人吗", *((usual,) if isinstance(usual, str) else usual))
    said = talk(name, question, **{question: replies})
    assert "asked_machine" in said.result.notes
    assert said.values[question] == answer


@pytest.mark.parametrize(("name", "question"), ASKED)
def test_the_customer_may_hang_up_at_every_question(name: str, question: str) -> None:
    said = talk(name, question, **{question: HANGS_UP})
    assert said.result.outcome is Outcome.HUNG_UP
    assert said.result.owner_confirmed
    assert not said.result.mandatory_done
    assert question not in said.values


@pytest.mark.parametrize("name", NAMES)
def test_by_keys_alone(name: str) -> None:
    """Whoever the recogniser doesn't understand comes to the end; only who they are has to be said (A2)."""
    keyed: Replies = {question: ("1", "#") for _, question in DECIDED}
    said = talk(name, **keyed | {"convenient": "1", "answer_by": "5"})
    assert said.result.outcome is Outcome.COMPLETED
    assert said.result.mandatory_done
    spoken = {answer.question for answer in said.result.answers if answer.how != "key"}
    assert not spoken & {question for _, question in DECIDED}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_matter_is_said_to_strangers(name: str) -> None:
    for replies in (
        ["喂", "嗯", "喂"],
        ["你是谁", "什么事", "不是我"],
        ["不是", "他晚上八点在"],
        ["1", "1", "1"],
    ):
        said = converse(replies, script=TALKS[name])
        assert said.private == []
        assert said.result.outcome is Outcome.WRONG_PARTY


@pytest.mark.parametrize("name", NAMES)
def test_not_convenient_is_called_at_another_time(name: str) -> None:
    """S3, D6."""
    said = talk(name, convenient="现在不方便")
    assert said.result.outcome is Outcome.RESCHEDULED
    assert said.result.appointment == tomorrow(15, 30)


@pytest.mark.parametrize("name", NAMES)
def test_prompts_are_short(name: str) -> None:
    """Six seconds at most; eight where the options of the questionnaire are told with their keys."""
    script = TALKS[name]
    longest = 36 if name == "risk_questionnaire" else 31
    for line in lines_for(script, example_slots(script)):
        assert len(line.wording) <= longest, line


def test_replies_by_node_run_out() -> None:
    replies = ByNode({"one": "甲", "two": ("乙", "丙")})
    assert [replies(node) for node in ("one", "two", "one", "two", "two", "three")] == [
        *("甲", "乙", "甲", "丙", SILENT, SILENT),
    ]
