"""Whatever script can be loaded and whatever a customer does in it: the conversation ends, and no stranger
hears what is private (A2). The scripts are made up at random, far worse than any that passes the check."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.check import problems
from ivr.hearing import Heard
from ivr.script import Script
from ivr.session import Session
from ivr.values import (
    Action,
    AgentLeft,
    CustomerHungUp,
    Happening,
    Hold,
    Listen,
    NotTransferred,
    Play,
    PlayEnded,
    Pressed,
    Said,
    Silence,
    Slots,
    StandBy,
    Transfer,
    Transferred,
)
from tests.conversations import NOW

NAMES = [f"n{n}" for n in range(6)]
WAYS = ["silence", "wrong_person", "refuse", "never", "not_now", "person", "complaint", "dialect"]
node = st.sampled_from(NAMES)
public = st.booleans()


def _with(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"public": public, **fields})


def _options(*, confirms: bool) -> st.SearchStrategy[dict[str, Any]]:
    yes = st.fixed_dictionaries({"label": st.just("是"), "hears": st.just(["@yes", "@owner"]), "go": node})
    no = st.fixed_dictionaries(
        {"label": st.just("不"), "hears": st.just(["@no"]), "go": node, "key": st.just("2")}
    )
    return st.fixed_dictionaries(
        {"yes": yes.map(lambda option: option | {"confirms_owner": confirms}), "no": no}
    )


QUESTION: dict[str, Any] = {
    "ask": st.just("问。"),
    "otherwise": node,
    "go": node,
    "silence": node | st.none(),
}
AGAIN: dict[str, Any] = {"again": st.just("再问。") | st.none(), "keys": st.just("按键。") | st.none()}
SAID_BACK = {**QUESTION, "confirm": st.just("{answer}？")}
NUMBER = {"answer": st.just("number"), "digits": st.just({"least": 2, "most": 3})}
APPOINT = {"appoint": st.just("何时？"), "again": st.just("几点？"), "confirm": st.just("{appointment}？")}
PARTS = [
    _with(say=st.just("说。"), go=node),
    _with(**QUESTION, **AGAIN, options=st.booleans().flatmap(lambda confirms: _options(confirms=confirms))),
    _with(**QUESTION, answer=st.just("several"), options=_options(confirms=False)),
    _with(**SAID_BACK, **AGAIN, answer=st.sampled_from(["date", "date_time"])),
    _with(**SAID_BACK, **AGAIN, **NUMBER),
    _with(**QUESTION, answer=st.just("free")),
    _with(**APPOINT, go=node, otherwise=node),
    _with(branch=st.just("line"), cases=st.fixed_dictionaries({"landline": node}), otherwise=node),
    _with(note=st.just("wants_person"), go=node),
    _with(hand_over=st.just("转。"), to=st.just("desk"), nobody=node, last_words=node | st.none()),
    _with(end=st.sampled_from(["completed", "refused"]), say=st.just("再见。")),
]
ways = st.fixed_dictionaries(dict.fromkeys(WAYS, node))
scripts = st.fixed_dictionaries(
    {
        "nodes": st.fixed_dictionaries(dict.fromkeys(NAMES, st.one_of(PARTS))),
        "ways": st.fixed_dictionaries({"before_owner": ways, "with_owner": ways}),
        "hello": st.sampled_from([[], ["您好。"]]),
    }
).map(
    lambda parts: Script.model_validate(
        {"script": "any", "version": "1", "title": "任意", "kind": "special", "start": "n0", **parts}
    )
)
REPLIES = st.sampled_from(
    [
        "是的",
        "不是",
        "没空",
        "转人工",
        "打错了",
        "不需要",
        "明天下午三点",
        "一二三",
        "你是谁",
        *"12#*",
        "",
        "",
        "走",
    ]
)


def _happening(action: Action, reply: str, at_s: float) -> Happening:
    """What a customer, or a person who takes calls over, does now."""
    match action:
        case Play():
            return PlayEnded(at_s)
        case Hold():
            return Silence(at_s)
        case Transfer():
            return Transferred(at_s) if reply == "是的" else NotTransferred(at_s, "nobody_took_it")
        case StandBy():
            return AgentLeft(at_s) if reply else CustomerHungUp(at_s)
        case Listen() if not reply:
            return Silence(at_s)
        case _ if reply == "走":
            return CustomerHungUp(at_s)
        case _ if len(reply) == 1:
            return Pressed(reply, at_s)
        case _:
            return Said(Heard(reply), at_s, at_s + 1)


@settings(max_examples=120, deadline=None)
@given(
    script=scripts,
    replies=st.lists(REPLIES, min_size=1, max_size=12),
    transfers=st.sampled_from([frozenset[str](), frozenset({"desk"})]),
    landline=st.booleans(),
)
def test_every_walk_through_any_script_ends(
    script: Script, replies: list[str], transfers: frozenset[str], landline: bool
) -> None:
    session, actions = Session.begin(
        script, Slots(), NOW, landline=landline, apologise=False, transfers=transfers
    )
    steps = 0
    while actions and not session.over:
        (action,) = actions
        if isinstance(action, Play) and not session.result().owner_confirmed:
            assert not any(line.private for line in action.lines)
        session, actions = session.step(_happening(action, replies[steps % len(replies)], steps * 3.0))
        steps += 1
        assert steps < 1000
    assert session.over
    assert session.result().kinds_done == ()


@settings(max_examples=60, deadline=None)
@given(script=scripts)
def test_the_check_names_nodes_and_ways_of_any_script(script: Script) -> None:
    for problem in problems(script):
        assert problem.node in script.nodes
        assert set(problem.path) <= script.nodes.keys()
