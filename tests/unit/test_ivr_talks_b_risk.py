"""The risk questionnaire (S12): points and bands are the rule's, the customer confirms the result."""

from __future__ import annotations

from functools import lru_cache

import pytest

from ivr import scoring
from ivr.script import Ask, Option
from ivr.values import Answer, Outcome
from tests.conversations import ByNode, Conversation, converse, example_slots
from tests.talks_b import SCORED, SPOKEN, TALKS, Replies, keyed, talk

RISK = TALKS["risk_questionnaire"]
RULE = (
    "A1 B2 C3 D4 E5 · A1 B2 C3 D5 · A0 B1 C2 D3 E5 · A2 B3 C4 D5 · A1 B3 C5 · A2 B3 C4 D5 · "
    "A1 B3 C5 · A1 B3 C5 · A1 B2 C3 D4 E5 · A2 B3 C4 D5 · A1 B3 C5 · A1 B2 C3 D4 E5"
)
"""Points by question and option, as S12 writes them."""
POINTS = [[int(option[1:]) for option in question.split()] for question in RULE.split(" · ")]
BANDS = [("very_low", 14, 18), ("low", 19, 35), ("medium", 36, 45), ("high", 46, 60)]
OPENING: Replies = {"is_owner": "是的", "convenient": "方便"}


def answered(replies: Replies, *, say_level: str = "") -> Conversation:
    slots = example_slots(RISK, say_level=say_level)
    return converse(ByNode(OPENING | replies), script=RISK, slots=slots)


@lru_cache
def keys_for(total: int, question: int = 0) -> str | None:
    """Keys whose points add up to `total` from a question on; None when none do."""
    if question == len(POINTS):
        return "" if total == 0 else None
    for key, points in enumerate(POINTS[question], start=1):
        rest = keys_for(total - points, question + 1) if points <= total else None
        if rest is not None:
            return f"{key}{rest}"
    return None


def test_points_are_those_of_the_rule() -> None:
    assert len(SCORED) == 12
    for name, points in zip(SCORED, POINTS, strict=True):
        node, options = RISK.nodes[name], _options(name).values()
        assert isinstance(node, Ask)
        assert [option.points for option in options] == points
        assert [option.key for option in options] == [str(n + 1) for n in range(len(points))]
        assert (node.answer == "several") is (name == "information")
        assert node.mandatory


def test_only_the_twelve_have_points() -> None:
    for name, node in RISK.nodes.items():
        if isinstance(node, Ask) and name not in SCORED:
            assert all(option.points is None for option in node.options.values())


def test_bands_are_those_of_the_rule() -> None:
    assert RISK.score is not None
    assert list(RISK.score.bands.items()) == [(name, highest) for name, _, highest in BANDS]


def _answers(keys: str) -> list[Answer]:
    options = [list(_options(name)) for name in SCORED]
    return [
        Answer(name, named[int(key) - 1], "", "key", "", 1.0, 0.0, 0.0)
        for name, named, key in zip(SCORED, options, keys, strict=True)
    ]


def _options(question: str) -> dict[str, Option]:
    node = RISK.nodes[question]
    assert isinstance(node, Ask)
    return node.options


@pytest.mark.parametrize(
    ("total", "band"), [(n, band) for band, lowest, highest in BANDS for n in range(lowest, highest + 1)]
)
def test_every_sum_belongs_to_its_band(total: int, band: str) -> None:
    """All sums that there are, their edges among them: 14 is the least, 60 the most."""
    keys = keys_for(total)
    assert keys is not None
    assert scoring.score(RISK, _answers(keys)) == total
    assert scoring.band(RISK, total) == band


@pytest.mark.parametrize(("question", "key"), [(q, k) for q in range(12) for k in range(len(POINTS[q]))])
def test_every_option_counts_what_the_rule_says(question: int, key: int) -> None:
    keys = "".join(str(key + 1) if n == question else "1" for n in range(12))
    least = sum(points[0] for points in POINTS)
    assert scoring.score(RISK, _answers(keys)) == least - POINTS[question][0] + POINTS[question][key]


@pytest.mark.parametrize(
    ("total", "band"), [(edge, band) for band, lowest, highest in BANDS for edge in (lowest, highest)]
)
def test_the_edges_of_the_bands_by_keys(total: int, band: str) -> None:
    keys = keys_for(total)
    assert keys is not None
    result = answered(keyed(keys) | {"confirmed": "1"}).result
    assert (result.score, result.band) == (total, band)
    assert result.mandatory_done


def test_there_are_no_other_sums() -> None:
    assert [total for total in range(100) if keys_for(total) is not None] == list(range(14, 61))


@pytest.mark.parametrize(
    ("said", "points"),
    [
        (("1", "#"), 1),
        (("1", "3", "#"), 3),
        (("5", "1", "#"), 5),
        (("4", "2", "1", "#"), 4),
        (("1", "2", "3", "4", "5", "#"), 5),
        (("国债和货币基金",), 1),
        (("债券基金和股票",), 4),
        (("股票还有股指期货",), 5),
        (("都要",), 5),
        (("第一个和第三个",), 3),
    ],
)
def test_of_several_answers_the_highest_counts(said: tuple[str, ...], points: int) -> None:
    """Question 9."""
    replies = keyed("1" * 12) | {"information": said, "confirmed": "1"}
    assert answered(replies).result.score == 14 - 1 + points


def test_spoken_from_beginning_to_end() -> None:
    said = talk("risk_questionnaire")
    points = 3 + 2 + 3 + 3 + 3 + 2 + 3 + 3 + 4 + 2 + 3 + 3
    assert (said.result.score, said.result.band) == (points, "low")
    assert said.values["information"] == "bond_funds,shares"
    assert said.nodes[-4:] == ["confirmed", "own_choice", "tip", "thanks"]


LEVELS = [("very_low", 18, "很低"), ("low", 19, "较低"), ("medium", 45, "中等"), ("high", 60, "较高")]


@pytest.mark.parametrize(("band", "total", "words"), LEVELS)
def test_the_level_is_said_where_the_firm_wants_it(band: str, total: int, words: str) -> None:
    keys = keys_for(total)
    assert keys is not None
    said = answered(keyed(keys) | {f"level_{band}": "认可"}, say_level="告知")
    assert f"风险承受能力{words}" in said.wording
    assert said.values[f"level_{band}"] == "yes"
    assert said.result.outcome is Outcome.COMPLETED


@pytest.mark.parametrize(("band", "total", "words"), LEVELS)
def test_and_is_not_said_where_not(band: str, total: int, words: str) -> None:
    keys = keys_for(total)
    assert keys is not None
    said = answered(keyed(keys) | {"confirmed": "认可"})
    assert f"能力{words}" not in said.wording
    assert said.result.band == band


@pytest.mark.parametrize("say_level", ["", "告知"])
def test_a_result_that_is_disputed_is_noted(say_level: str) -> None:
    replies = keyed("1" * 12) | {"confirmed": "不认可", "level_very_low": "不认可", "dispute": "我没那么谨慎"}
    said = answered(replies, say_level=say_level)
    assert "result_disputed" in said.result.notes
    assert "dispute" in said.values
    assert said.result.outcome is Outcome.COMPLETED
    assert "由您自己决定" in said.wording


@pytest.mark.parametrize("open_question", SCORED)
@pytest.mark.parametrize("say_level", ["", "告知"])
def test_an_open_question_leaves_no_result(open_question: str, say_level: str) -> None:
    said = answered(keyed("2" * 12) | {open_question: "跳过"}, say_level=say_level)
    assert said.result.score is None
    assert said.result.band == ""
    assert "questionnaire_incomplete" in said.result.notes
    assert not said.result.mandatory_done
    assert said.result.outcome is Outcome.COMPLETED
    assert not any(node.startswith("level_") or node == "confirmed" for node in said.nodes)


@pytest.mark.parametrize(
    ("question", "said", "option"),
    [
        ("share", "三分之二以上", "most"),
        ("share", "不到三分之二", "part"),
        ("share", "三分之二左右吧", "two_thirds"),
        ("share", "大概一半吧", "part"),
        ("experience", "没有买过", "none"),
        ("experience", "我就炒过股票", "shares"),
        ("deliberation", "要考虑好几天吧", "days"),
        ("odds", "我选第二个", "middling"),
        ("odds", "稳一点的", "sure"),
        ("inside_tip", "我从来不信这个", "disbelieve"),
        ("gain", "不卖，继续拿着", "wait"),
        ("fall", "先不动看看再说", "wait"),
        ("purpose", "就是为了以后养老", "old_age"),
        ("fund_risk", "当然会亏", "yes"),
        ("fund_risk", "应该不会亏的", "no"),
        ("fund_risk", "可能会亏一点点", "little"),
        ("fund_fall", "那就长期拿着吧", "hold_long"),
        ("fund_risk", "不可能不亏", "yes"),
        ("fund_risk", "不会亏很多", "little"),
        ("gain", "不会全部卖出", "part"),
        ("experience", "都没有", "none"),
    ],
)
def test_said_in_other_ways(question: str, said: str, option: str) -> None:
    replies = SPOKEN["risk_questionnaire"] | {question: said}
    assert answered(replies).values[question] == option


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("share", "三分之一"),
        ("fund_risk", "不知道会不会亏"),
        ("gain", "不知道"),
        ("purpose", "没买过基金"),
        ("idle_money", "等一下"),
        ("odds", "亏一点没关系"),
        ("experience", "没有一点问题"),
    ],
)
def test_what_stays_unclear_is_asked_again(question: str, said: str) -> None:
    replies = SPOKEN["risk_questionnaire"] | {question: (said, "1")}
    talked = answered(replies)
    assert talked.values[question] == next(iter(_options(question)))
    assert [node for node, _ in talked.said].count(question) == 2
