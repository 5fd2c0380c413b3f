"""Points, bands and what follows from them (S12); which kinds of follow-up a call has done (P9, D7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.check import problems
from ivr.loader import load
from ivr.script import Script
from ivr.values import Outcome
from tests.conversations import HANGS_UP, converse
from tests.unit.test_ivr_frames import merged, on_frame, written
from tests.unit.test_ivr_questions import HEAD

SCORED = """\
  second:
    ask: 您的经验呢？
    again: 有经验，还是没有？
    keys: 有请按一，没有请按二。
    go: level
    options:
      "yes": {label: 有, key: 1, hears: ["@have"], points: 5}
      "no": {label: 没有, key: 2, hears: ["@have_not"], points: 0}
    otherwise: level
  level:
    branch: score
    cases: {low: is_low, high: is_high}
    otherwise: done
  is_low: {say: 结果是低。, go: done}
  is_high: {say: 结果是高。, go: done}
"""
QUESTION = """\
    ask: 您做过哪些投资？
    answer: several
    options:
      deposits: {label: 存款, key: 1, hears: [存款], points: 1}
      funds: {label: 基金, key: 2, hears: [基金], points: 3}
      shares: {label: 股票, key: 3, hears: [股票], points: 4}
"""


@pytest.fixture
def scored(tmp_path: Path) -> Script:
    head = HEAD.replace(
        "start: who", "start: who\nscore: {questions: [question, second], bands: {low: 4, high: 9}}"
    )
    head = head.replace(
        "go: done\n    otherwise: done\n    mandatory", "go: second\n    otherwise: second\n    mandatory"
    )
    path = tmp_path / "asks.yaml"
    path.write_text(head + QUESTION + SCORED, encoding="utf-8")
    return load(path)


POINTS = [
    (["股票", "没有"], 4, "low", "is_low"),
    (["存款、基金", "没有"], 3, "low", "is_low"),
    (["股票和存款", "有"], 9, "high", "is_high"),
    (["3", "#", "1"], 9, "high", "is_high"),
    (["存款", "跳过"], None, "", "done"),
    (["跳过", "有"], None, "", "done"),
    (["股票", HANGS_UP], None, "", "second"),
]


@pytest.mark.parametrize(("replies", "points", "band", "node"), POINTS)
def test_points_of_the_answers_are_added_up(
    scored: Script, replies: list[str], points: int | None, band: str, node: str
) -> None:
    assert [str(problem) for problem in problems(scored)] == []
    talk = converse(["是的", *replies], script=scored)
    assert (talk.result.score, talk.result.band) == (points, band)
    assert node in talk.nodes


DONE = [
    (["是的"], (), "the second question of the first kind is open"),
    (["是的", "是的"], ("one",), "the second kind's is open"),
    (["是的", "是的", "是的"], ("one", "two"), "all are answered"),
    (["是的", "跳过", "是的"], ("two",), "a mandatory question of the first kind was declined"),
    (["是的", "是的", "不需要"], ("one",), "the second kind was refused"),
    (["打错了"], (), "it is somebody else"),
]


@pytest.mark.parametrize(("replies", "kinds", "why"), DONE, ids=[row[2] for row in DONE])
def test_which_kinds_are_done(tmp_path: Path, replies: list[str], kinds: tuple[str, ...], why: str) -> None:
    files = {"one": on_frame("one", "a", "b"), "two": on_frame("two", "c"), "both": merged("one", "two")}
    script = load(written(tmp_path, **files))
    assert converse(["是的", *replies, HANGS_UP], script=script).result.kinds_done == kinds


def test_a_shared_question_counts_for_both_kinds(tmp_path: Path) -> None:
    files = {"one": on_frame("one", "a", "s"), "two": on_frame("two", "c", "s"), "both": merged("one", "two")}
    script = load(written(tmp_path, **files))
    asked = ["是的", "是的", "是的"]
    assert converse([*asked, HANGS_UP], script=script).result.kinds_done == ()
    assert converse([*asked, "跳过"], script=script).result.kinds_done == ()
    assert converse([*asked, "是的"], script=script).result.kinds_done == ("one", "two")


def test_a_plain_script_is_its_own_kind(scored: Script) -> None:
    talk = converse(["是的", "股票", "有"], script=scored)
    assert (talk.result.outcome, talk.result.kinds_done) == (Outcome.COMPLETED, ("special",))
    assert converse(["是的", "股票", HANGS_UP], script=scored).result.kinds_done == ()


BRANCHES = [("funds", "存款和基金", "is_low"), ("funds", "股票", "done"), ("unanswered", "跳过", "is_low")]


@pytest.mark.parametrize(("case", "reply", "node"), BRANCHES)
def test_a_branch_by_answer(scored: Script, case: str, reply: str, node: str) -> None:
    """Of several options the branch's first; a question that stayed open is `unanswered`."""
    level = scored.nodes["level"].model_copy(update={"branch": "answer question", "cases": {case: "is_low"}})
    script = scored.model_copy(update={"nodes": scored.nodes | {"level": level}})
    assert converse(["是的", reply, "有"], script=script).nodes[3:][:1] == [node]
