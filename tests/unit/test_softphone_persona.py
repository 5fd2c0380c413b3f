"""Persona files: what is refused, with its line; who answers what; and the shipped file."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.errors import InputError
from base.yamlfile import parse
from softphone.matching import nearest
from softphone.persona import Cast, PersonaError, Reply, load

SHIPPED = Path(__file__).parents[2] / "config" / "personas" / "new_account.yaml"

GOOD = """\
questions:
  is_owner: ["请问您是{name}本人吗"]
  convenient: [您现在方便吗]
manners:
  friendly: {is_owner: 我就是。, convenient: 方便。}
personas:
  - id: one
    name: 张三
    about: the owner
    number: "+86 138 0000 0001"
    voice: v1
    like: friendly
    answers:
      convenient: {press: "1"}
  - id: two
    name: 李四
    about: silent
    number: 021-61230014
    pickup: {speaks: false}
"""


def cast(text: str = GOOD) -> Cast:
    return parse(text, "p.yaml", Cast, PersonaError)


def test_a_personas_own_answer_comes_before_its_manners() -> None:
    one = cast().personas[0]
    assert cast().answers_of(one) == {
        "is_owner": (Reply(say="我就是。"),),
        "convenient": (Reply(press="1"),),
    }


def test_numbers_are_kept_as_dialed() -> None:
    one, two = cast().personas
    assert (one.number, one.kind) == ("13800000001", "mobile")
    assert (two.number, two.kind) == ("02161230014", "landline")


def test_a_persona_knows_its_own_name() -> None:
    one = cast().personas[0]
    assert cast().questions_to(one)["is_owner"] == ("请问您是张三本人吗",)


def test_all_that_a_persona_may_say_is_known_ahead() -> None:
    one, two = cast().personas
    assert cast().sentences(one) == ("我就是。", "什么？请再说一遍。")
    assert cast().sentences(two) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("about: silent", "abuot: silent", 17, "is not a known key"),
        ('"+86 138 0000 0001"', '"12"', 10, "wrong number of digits"),
        ("021-61230014", "'13800000001'", 1, "two personas have the number 13800000001"),
        ("id: two", "id: one", 1, "two personas have the id one"),
        ("like: friendly", "like: angry", 1, "is like angry, which is no manner"),
        ('{press: "1"}', "{}", 14, "does nothing"),
        ('{press: "1"}', '{press: "a"}', 14, "should match pattern"),
        ('{press: "1"}', '{quiet: true, press: "1"}', 14, "quiet, and yet"),
        ('{press: "1"}', "{hang_up: amid}", 14, "says none"),
        ("{speaks: false}", "{rings_s: -1}", 19, "greater than or equal to 0"),
        ("{speaks: false}", "{}", 15, "speaks but has no voice"),
        ("您现在方便吗", "好吗", 3, "fewer than 3 syllables"),
        ("answers:\n      convenient", "answers:\n      unheard", 1, "answers unheard, which is no question"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, line: int, what: str) -> None:
    assert old in GOOD
    with pytest.raises(PersonaError) as caught:
        cast(GOOD.replace(old, new))
    assert caught.value.where == f"p.yaml:{line}"
    assert what in caught.value.what
    assert isinstance(caught.value, InputError)


DOES = {persona.id: persona.pickup.does for persona in load(SHIPPED).personas}


def test_the_shipped_personas_cover_every_way_a_call_may_go() -> None:
    assert len(DOES) >= 12
    assert set(DOES.values()) == {"answer", "busy", "reject", "unallocated", "never"}
    personas = load(SHIPPED).personas
    assert {persona.kind for persona in personas} == {"mobile", "landline"}
    assert any(not persona.pickup.speaks for persona in personas)


@pytest.mark.parametrize(
    ("prompt", "question"),
    [
        ("您好，请问您是张三本人吗？", "is_owner"),
        ("抱歉没听清，请问接电话的是张三本人吗？", "is_owner"),
        ("您好，请问张三在吗？", "is_in"),
        ("请问张三什么时候方便接电话？", "reach_owner"),
        ("通话会录音。想就您新开的账户做个简短回访，现在方便吗？", "convenient"),
        ("那您什么时候方便？请说哪天几点。", "when"),
        ("好的，明天下午三点半我们再打给您，对吗？", "appointment"),
        ("好的，明天上午十点再打，对吗？", "appointment"),
        ("请先说哪一天，比如明天，或者下周三。", "when"),
        ("请问几点？比如上午十点，下午三点半。", "when"),
        ("后天下午请按四，都不方便请按零。", "when"),
        ("您是今年十月开户的，对吗？", "opened"),
        ("您的客户经理是王芳，您知道怎么联系吗？", "knows_manager"),
        ("开户时，有人教过您转账和交易吗？", "shown"),
        ("您对客户经理的服务，非常满意、满意、一般，还是不满意？", "satisfied"),
        ("很抱歉，请您说说哪里不满意？", "reason"),
        ("您收到过我们的信息服务吗？", "information"),
        ("您对信息服务，非常满意、满意、一般，还是有其他看法？", "information_satisfied"),
        (
            "信息服务，您觉得满意，还是一般？非常满意请按一，满意按二，一般按三，其他按四。",
            "information_satisfied",
        ),
        ("您还需要什么服务，或者有什么建议？请讲。", "suggestions"),
        ("平时都是您本人操作账户吗？", "self_trading"),
        ("请问是家人、客户经理，还是其他人帮您操作？", "delegate"),
        ("请问是从什么时候开始的？", "since"),
        ("是口头约定，还是书面约定？", "form"),
        ("收益或者亏损，有没有约定怎么分？", "sharing"),
        ("买卖的价格和数量，由谁决定？", "decides"),
        ("请您说说具体情况。", "details"),
        ("有疑问请拨打九五零零零，感谢您的配合，再见。", "goodbye"),
        ("好的，打扰了，再见。", "goodbye"),
    ],
)
def test_the_shipped_personas_know_what_they_are_asked(prompt: str, question: str) -> None:
    shipped = load(SHIPPED)
    match = nearest(prompt, shipped.questions_to(shipped.personas[0]))
    assert match is not None
    assert match.question == question


def test_an_advertisement_is_no_question() -> None:
    shipped = load(SHIPPED)
    assert nearest("恭喜您中奖了快来领取免费的大礼包", shipped.questions_to(shipped.personas[0])) is None
