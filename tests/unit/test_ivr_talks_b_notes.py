"""What special and after-sales calls leave for people: notes, promises, what was only recorded (S11, S13)."""

from __future__ import annotations

import pytest

from ivr.values import Outcome, Unwilling
from tests.conversations import SILENT, ByNode, converse, example_slots
from tests.talks_b import SPOKEN, TALKS, Replies, talk

NOTED: list[tuple[str, Replies, set[str]]] = [
    ("special_complaint", {}, set()),
    ("special_complaint", {"carried_out": "还没办好"}, {"settlement_not_done"}),
    ("special_complaint", {"carried_out": "只办了一部分"}, {"settlement_not_done"}),
    ("special_complaint", {"pleased": "不能接受"}, {"complaint_reopened"}),
    ("special_complaint", {"left_open": "还有个问题"}, {"complaint_open"}),
    (
        "special_complaint",
        {"carried_out": "没人处理", "pleased": "太差了", "left_open": "都没解决"},
        {"settlement_not_done", "complaint_reopened", "complaint_open"},
    ),
    ("special_contract", {}, set()),
    ("special_contract", {"aware": "没这回事"}, {"contract_denied"}),
    ("special_contract", {"commission": "没这么高"}, {"contract_differs"}),
    ("special_contract", {"commission": "没变"}, {"contract_differs"}),
    ("special_contract", {"adviser": "不认识他"}, {"contract_differs"}),
    ("special_contract", {"term": "没这么久"}, {"contract_differs"}),
    ("special_contract", {"differs": "有点出入"}, {"contract_differs"}),
    ("special_contract", {"agreed": "经理帮我签的"}, {"contract_not_agreed"}),
    ("special_contract", {"agreed": "我老公同意的"}, {"contract_not_agreed"}),
    ("special_contract", {"agreed": "我没说不同意"}, set()),
    ("special_contract", {"explained": "没人解释过"}, set()),
    ("special_ended", {}, set()),
    ("special_ended", {"ended": "没有终止"}, {"ending_denied"}),
    ("special_ended", {"own_wish": "经理让我停的"}, {"ending_not_own_wish"}),
    ("special_ended", {"settled": "还没结清"}, {"ending_not_settled"}),
    ("special_questions", {}, set()),
    ("after_sales", {}, set()),
    ("after_sales", {"product_works": "老是死机"}, {"out_of_order"}),
    ("after_sales", {"solved": "一直没解决"}, {"service_unsolved"}),
    ("after_sales", {"solved": "没用过售后"}, set()),
    ("after_sales", {"solved": "修好了又坏了"}, {"service_unsolved"}),
    ("after_sales", {"product_works": "没有一点问题"}, set()),
    ("after_sales", {"asks": "我想问一下"}, {"promised_answer"}),
]


@pytest.mark.parametrize(("name", "changes", "notes"), NOTED)
def test_notes(name: str, changes: Replies, notes: set[str]) -> None:
    said = talk(name, **changes)
    assert set(said.result.notes) == notes
    assert said.result.outcome is Outcome.COMPLETED
    assert said.result.mandatory_done


def test_the_outcome_of_the_complaint_is_told_where_it_is_known() -> None:
    """Q7."""
    assert "处理结果是，退还多收的手续费" in talk("special_complaint").wording
    script = TALKS["special_complaint"]
    unknown = converse(
        ByNode(SPOKEN["special_complaint"] | {"is_owner": "是的", "convenient": "1"}),
        script=script,
        slots=example_slots(script, settlement=""),
    )
    assert "处理结果是" not in unknown.wording
    assert unknown.result.mandatory_done


@pytest.mark.parametrize("given", ["", "commission", "adviser", "term", "commission adviser", "adviser term"])
def test_only_what_was_changed_is_asked(given: str) -> None:
    script = TALKS["special_contract"]
    missing = {slot: "" for slot in ("commission", "adviser", "term") if slot not in given.split()}
    said = converse(
        ByNode(SPOKEN["special_contract"] | {"is_owner": "是的", "convenient": "1"}),
        script=script,
        slots=example_slots(script, **missing),
    )
    assert {"commission", "adviser", "term"} & said.values.keys() == set(given.split())
    assert said.result.mandatory_done


@pytest.mark.parametrize("given", ["1", "12", "13", "123"])
def test_the_departments_questions_are_asked_as_they_are_written(given: str) -> None:
    script = TALKS["special_questions"]
    slots = example_slots(script, **{f"question{n}": "" for n in "123" if n not in given})
    said = converse(
        ByNode(SPOKEN["special_questions"] | {"is_owner": "是的", "convenient": "1"}),
        script=script,
        slots=slots,
    )
    asked = {node: wording for node, wording in said.said if node.startswith("question")}
    assert asked == {f"question{n}": script.slots[f"question{n}"].example for n in given}
    assert {*asked, "more"} <= said.values.keys()
    assert said.result.mandatory_done


def test_a_departments_question_that_is_not_answered_leaves_the_call_incomplete() -> None:
    said = talk("special_questions", question2=SILENT)
    assert said.values["question2"] == "no_answer"
    assert said.result.outcome is Outcome.COMPLETED
    assert not said.result.mandatory_done


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("收益太低", "returns"),
        ("费用太高还有服务太差", "fees,service"),
        ("因为服务和收益", "returns,service"),
        ("个人原因", "other"),
        (("2", "3", "#"), "fees,service"),
        (("4",), "other"),
    ],
)
def test_several_reasons_for_leaving(said: str | tuple[str, ...], value: str) -> None:
    assert talk("special_ended", reasons=said).values["reasons"] == value


def test_who_leaves_is_not_talked_round() -> None:
    """A3: no promotion in what is said to somebody who has left."""
    script = TALKS["special_ended"]
    assert script.compliance
    assert not any(node.marketing for node in script.nodes.values())


def test_a_question_is_said_back_and_promised_an_answer_by_a_day() -> None:
    """S13: its subject is said back, its words are recorded, the day is said back and filed."""
    said = talk("after_sales", asks="有", subject="费用", answer_by=("下周三", "可以"))
    assert said.nodes[-7:] == [
        *("matter", "subject", "about_fees", "answer_by", "answer_promised", "tip", "thanks"),
    ]
    assert said.values["answer_by"] == "2026-12-02"
    assert "在下周三之前答复您" in said.wording
    assert said.result.notes == ("promised_answer",)


@pytest.mark.parametrize(
    "reply", ["越快越好", "随便哪天", "5", ("家里的猫跑了", "啊呀", "嗯嗯嗯"), "这个不想说"]
)
def test_without_a_day_the_answer_is_promised_within_five(reply: str | tuple[str, ...]) -> None:
    said = talk("after_sales", "answer_by", answer_by=reply)
    assert said.nodes[-3:] == ["within_days", "tip", "thanks"]
    assert "五个工作日内答复您" in said.wording
    assert "promised_answer" in said.result.notes


def test_a_day_that_is_not_confirmed_is_asked_again() -> None:
    replies = ("后天", "不对", "下周三", "对的")
    assert talk("after_sales", "answer_by", answer_by=replies).values["answer_by"] == "2026-12-02"


def test_a_subject_said_back_wrongly_is_told_again() -> None:
    said = talk("after_sales", asks="有", subject="维修", about_repair="不对")
    assert "matter_again" in said.values
    assert "promised_answer" in said.result.notes


@pytest.mark.parametrize("angry", ["气死我了", "什么破机器", "你们什么态度", "太不像话了"])
def test_an_angry_customer_gets_an_apology_first(angry: str) -> None:
    """S13: then the question again; what was answered in anger is not taken for an answer."""
    said = talk("after_sales", product_works=(angry, "正常"))
    at = [node for node, _ in said.said].index("product_works")
    assert "抱歉" in said.said[at + 1][1]
    assert said.values["product_works"] == "yes"
    assert "angry" in said.result.notes
    assert said.result.outcome is Outcome.COMPLETED


def test_an_angry_customer_who_insists_on_a_person_gets_one() -> None:
    said = talk("after_sales", product_works=("气死我了", "我要人工"))
    assert said.result.outcome is Outcome.HANDED_OVER
    assert said.result.unwilling is Unwilling.NOT_A_MACHINE
    assert {"angry", "wants_person"} <= set(said.result.notes)


def test_a_complaint_goes_to_the_complaint_process() -> None:
    """S15, from within the anger."""
    result = talk("after_sales", served=("太过分了", "我要投诉你们")).result
    assert result.outcome is Outcome.HANDED_OVER
    assert {"angry", "complaint"} <= set(result.notes)
