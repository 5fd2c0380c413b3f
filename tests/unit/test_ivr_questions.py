"""Questions of the kinds several, number, date and date_time: by voice, by keys, said back, given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.check import problems
from ivr.lines import fixed_lines
from ivr.loader import load
from ivr.script import Script
from tests.conversations import HANGS_UP, SILENT, Conversation, converse

HEAD = """\
script: asks
version: "1"
title: 问题
kind: special
start: who
slots: {name: {example: 张伟, public: true}}
hello: [您好，听得到吗？]
ways:
  before_owner:
    {silence: bye, wrong_person: bye, refuse: bye, never: bye,
     not_now: bye, person: bye, complaint: bye, dialect: bye}
  with_owner:
    {silence: bye, wrong_person: bye, refuse: bye, never: bye,
     not_now: bye, person: colleague, complaint: colleague, dialect: bye}
asides:
  machine: {hears: ["@machine"], say: 我是自动语音系统。}
nodes:
  who:
    ask: 请问是{name}吗？
    again: 请问您是{name}本人吗？
    public: true
    options:
      "yes": {label: 本人, hears: ["@owner"], confirms_owner: true, go: question}
    otherwise: bye
  done: {end: completed, say: 谢谢您。}
  bye: {end: refused, say: 再见。, public: true}
  colleague: {hand_over: 同事会联系您。}
  question:
    again: 请再说一遍。
    keys: 请按键。
    go: done
    otherwise: done
    mandatory: true
"""

KINDS = {
    "several": """\
    ask: 您做过哪些投资？
    answer: several
    options:
      deposits: {label: 存款, key: 1, hears: [存款, 银行存款]}
      funds: {label: 基金, key: 2, hears: [基金, 公募基金]}
      shares: {label: 股票, key: 3, hears: [股票, 炒股]}
""",
    "number": """\
    ask: 请说您的新号码。
    answer: number
    digits: {least: 11, most: 11}
    confirm: 新号码是{answer}，对吗？
""",
    "short number": """\
    ask: 请说尾号。
    answer: number
    digits: {least: 2, most: 4}
    confirm: 尾号{answer}，对吗？
""",
    "date": """\
    ask: 哪一天签的？
    answer: date
    confirm: "{answer}，对吗？"
""",
    "date_time": """\
    ask: 什么时候方便？
    answer: date_time
    confirm: "{answer}，对吗？"
    options:
      unknown: {label: 不知道, key: 9, hears: [不知道]}
""",
}


def asking(tmp_path: Path, kind: str) -> Script:
    path = tmp_path / "asks.yaml"
    path.write_text(HEAD + KINDS[kind], encoding="utf-8")
    return load(path)


def answered(tmp_path: Path, kind: str, *replies: str) -> Conversation:
    return converse(["是的", *replies], script=asking(tmp_path, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_questions_are_fit(tmp_path: Path, kind: str) -> None:
    assert [str(problem) for problem in problems(asking(tmp_path, kind))] == []


OPEN = "not_understood"
FIRST, OTHER = "幺三八零零幺三八零零零", "幺三九零零幺三八零零零"
AT_THREE = "2026-11-26T15:00:00+08:00"
ANSWERS = [
    ("several", ["股票和基金"], "funds,shares", "基金、股票", "speech"),
    ("several", ["银行存款"], "deposits", "存款", "speech"),
    ("several", ["3", "1", "#"], "deposits,shares", "存款、股票", "key"),
    ("several", ["3", "3", SILENT], "shares", "股票", "key"),
    ("several", ["3", "1", "2"], "deposits,funds,shares", "存款、基金、股票", "key"),
    ("several", ["7", "2", "#"], "funds", "基金", "key"),
    ("several", ["天气很好", "2", "#"], "funds", "基金", "key"),
    ("several", ["2", "天气很好"], "funds", "基金", "key"),
    ("several", ["天气很好", "天气很好", "*"], OPEN, "没有听懂", "none"),
    ("several", ["跳过"], "declined", "不愿回答", "speech"),
    ("number", [FIRST, "对"], "13800138000", "13800138000", "speech"),
    ("number", [*"13800138000", "1"], "13800138000", "13800138000", "key"),
    ("number", [*"13800138000#", "对"], "13800138000", "13800138000", "key"),
    ("number", [*"1380013", "#", *"13800138000", "是的"], "13800138000", "13800138000", "key"),
    ("number", [FIRST, "不对", OTHER, "对"], "13900138000", "13900138000", "speech"),
    ("number", [FIRST, OTHER, "对"], "13900138000", "13900138000", "speech"),
    ("number", [FIRST, "2", *"13900138000", "1"], "13900138000", "13900138000", "key"),
    ("number", [FIRST, "天气很好", "天气很好", "天气很好"], OPEN, "没有听懂", "speech"),
    ("number", [FIRST, SILENT, "对"], "13800138000", "13800138000", "speech"),
    ("number", [FIRST, SILENT, SILENT, SILENT], "no_answer", "没有回答", "none"),
    ("number", [FIRST, "你是机器人吗", "对"], "13800138000", "13800138000", "speech"),
    ("number", ["幺三八", "不知道", "不知道"], OPEN, "没有听懂", "speech"),
    ("short number", ["5", "6", "#", "1"], "56", "56", "key"),
    ("short number", ["5", "6", SILENT, "1"], "56", "56", "key"),
    ("short number", ["5", "#", "*", "5", "#"], OPEN, "没有听懂", "none"),
    ("date", ["上个月二十号", "对"], "2026-10-20", "2026年10月20日", "speech"),
    ("date", ["月底", "三月五号", "是的"], "2027-03-05", "2027年3月5日", "speech"),
    ("date", ["明天", "不对", "后天", "对的"], "2026-11-27", "2026年11月27日", "speech"),
    ("date_time", ["明天下午三点", "对"], AT_THREE, "明天下午三点", "speech"),
    ("date_time", ["三个月以后", "不知道"], "unknown", "不知道", "speech"),
    ("date_time", ["9"], "unknown", "不知道", "key"),
    ("date_time", ["十二月三十号下午三点", "明天下午三点", "1"], AT_THREE, "明天下午三点", "speech"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "replies", "value", "label", "how"), ANSWERS)
def test_what_becomes_of_an_answer(
    tmp_path: Path, kind: str, replies: list[str], value: str, label: str, how: str
) -> None:
    talk = answered(tmp_path, kind, *replies)
    (answer,) = [one for one in talk.result.answers if one.question == "question"]
    assert (answer.value, answer.label, answer.how) == (value, label, how)
    assert talk.nodes == ["who", "question", "done"]
    assert talk.result.mandatory_done == (value not in (OPEN, "no_answer", "declined"))


SAID_BACK = [
    ("number", FIRST, "新号码是幺三八零零幺三八零零零，对吗？"),
    ("short number", "三一", "尾号三一，对吗？"),
    ("date", "上个月二十号", "今年十月二十号，对吗？"),
    ("date_time", "明天下午三点", "明天下午三点，对吗？"),
]


@pytest.mark.parametrize(("kind", "reply", "words"), SAID_BACK)
def test_answers_are_said_back_in_rendered_pieces(tmp_path: Path, kind: str, reply: str, words: str) -> None:
    """What is said back is put together from lines that are rendered once."""
    script = asking(tmp_path, kind)
    talk = converse(["是的", reply], script=script)
    assert talk.said[2] == ("question", words)
    wordings = {line.wording for line in fixed_lines(script)}
    left = words
    while left:
        left = left.removeprefix(max((one for one in wordings if left.startswith(one)), key=len))


def test_the_pieces_are_rendered_where_they_are_needed(tmp_path: Path) -> None:
    prefixes = {
        kind: {line.prompt.partition(".")[0] for line in fixed_lines(asking(tmp_path, kind))}
        for kind in KINDS
    }
    assert prefixes["several"] == {"asks"}
    assert "digit" in prefixes["number"]
    assert "time" in prefixes["date"] & prefixes["date_time"]


def test_who_asks_back_hears_the_number_again(tmp_path: Path) -> None:
    talk = answered(tmp_path, "number", FIRST, "你是机器人吗", "对")
    assert talk.said[3] == ("question", "我是自动语音系统。新号码是幺三八零零幺三八零零零，对吗？")


def test_the_ways_out_hold_while_keys_are_pressed(tmp_path: Path) -> None:
    assert answered(tmp_path, "number", "1", "3", "转人工").nodes[-1] == "colleague"
    assert answered(tmp_path, "several", "1", "转人工").nodes[-1] == "colleague"
    assert answered(tmp_path, "number", FIRST, "转人工").nodes[-1] == "colleague"


def test_who_hangs_up_before_the_yes_has_not_answered(tmp_path: Path) -> None:
    talk = answered(tmp_path, "number", FIRST, HANGS_UP)
    assert [one.question for one in talk.result.answers] == ["who"]


FOLLOWING = {
    "closed": """\
    ask: 您满意吗？
    again: 满意还是不满意？
    keys: 满意请按一，不满意请按二。
    options:
      "yes": {label: 满意, key: 1, hears: [满意], go: done}
      "no": {label: 不满意, key: 2, hears: [不满意], go: done}
    otherwise: done
""",
    "several": KINDS["several"]
    + "    again: 请再说一遍。\n    keys: 请按键。\n    go: done\n    otherwise: done\n",
    "short number": KINDS["short number"]
    + "    again: 请再说。\n    keys: 请按键。\n    go: done\n    otherwise: done\n",
    "free": """\
    ask: 请您说说。
    answer: free
    go: done
    otherwise: done
""",
    "appoint": """\
    appoint: 什么时候方便？
    again: 请说哪天几点。
    confirm: 好的，{appointment}再打给您，对吗？
    go: done
    otherwise: done
""",
}


@pytest.mark.parametrize("kind", FOLLOWING)
@pytest.mark.parametrize("ends", [["1", "2", "3"], ["1", "2", SILENT]], ids=["all keys", "pause"])
def test_a_hash_after_the_keys_have_ended_is_nothing(tmp_path: Path, kind: str, ends: list[str]) -> None:
    path = tmp_path / "asks.yaml"
    head = HEAD.replace("go: done\n    otherwise: done", "go: following\n    otherwise: following")
    path.write_text(f"{head}{KINDS['several']}  following:\n{FOLLOWING[kind]}", encoding="utf-8")
    script = load(path)
    talk = converse(["是的", *ends, "#", HANGS_UP], script=script)
    assert [node for node, _ in talk.said] == ["who", "question", "following"]
    assert "following" not in talk.values


def test_a_key_that_is_an_option_of_its_own_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "asks.yaml"
    kind = KINDS["date_time"].replace("key: 9", 'key: "#"')
    path.write_text(HEAD + kind, encoding="utf-8")
    assert converse(["是的", "#"], script=load(path)).values["question"] == "unknown"


@pytest.mark.parametrize("keys", ["#" * 300, "1" * 300, "*" * 300])
@pytest.mark.parametrize("kind", KINDS)
def test_keys_for_ever_come_to_an_end(tmp_path: Path, kind: str, keys: str) -> None:
    assert len(answered(tmp_path, kind, *keys).said) < 20
