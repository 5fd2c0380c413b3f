"""Rehearsals at random and by typing."""

from __future__ import annotations

from pathlib import Path

import pytest

from huifang.scripts.typed import Rehearsed, happenings
from huifang.scripts.walking import passed, walks
from ivr.loader import load
from ivr.script import End, Script
from ivr.session import Session
from ivr.values import CustomerHungUp, Pressed, Said, Silence
from tests.conversations import NEW_ACCOUNT, NOW, example_slots


def test_walks_end_properly() -> None:
    done = walks(NEW_ACCOUNT, 120, 5, NOW)
    assert (done.failed, sum(done.outcomes.values())) == (0, 120)
    assert {"completed", "wrong_party", "rescheduled", "handed_over"} <= done.outcomes.keys()
    assert done.visits[NEW_ACCOUNT.start] == 120
    assert set(done.unvisited) == {name for name, visits in done.visits.items() if not visits}


def test_the_same_seed_gives_the_same_walks() -> None:
    assert walks(NEW_ACCOUNT, 15, 5, NOW) == walks(NEW_ACCOUNT, 15, 5, NOW)
    assert walks(NEW_ACCOUNT, 15, 5, NOW).turns != walks(NEW_ACCOUNT, 15, 6, NOW).turns


def test_a_walk_that_breaks_off_is_told() -> None:
    """The first words after the confirmation are private before it: the session hangs up (A2)."""
    start = NEW_ACCOUNT.model_copy(update={"start": "intro"})
    done = walks(start, 10, 1, NOW)
    assert (done.failed, done.flaws) == (10, {"breaks off at intro": 10})


def test_progress_is_told_and_nodes_never_visited_are_named() -> None:
    lonely: Script = NEW_ACCOUNT.model_copy(
        update={
            "nodes": {**NEW_ACCOUNT.nodes, "lonely": End.model_validate({"end": "refused", "say": "再见"})}
        }
    )
    told: list[tuple[int, int]] = []
    done = walks(lonely, 3, 1, NOW, lambda at, of: told.append((at, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert "lonely" in done.unvisited


def test_silent_nodes_on_the_way_count_as_visited() -> None:
    assert passed(NEW_ACCOUNT, "convenient", "opened") == {"has_month", "opened"}
    assert passed(NEW_ACCOUNT, "tip", "thanks_only") == {"closing", "thanks_only"}


def test_a_note_that_was_left_was_come_to_though_a_shorter_way_leads_past_it() -> None:
    script = load(Path("config/scripts/special_contract.yaml"))
    assert passed(script, "agreed", "explained") == {"explained"}
    noted = passed(script, "agreed", "explained", ["contract_not_agreed"])
    assert noted == {"not_agreed", "explained"}
    assert "not_agreed" not in walks(script, 300, 1, NOW).unvisited


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("", [Silence]),
        ("  ", [Silence]),
        ("hangup", [CustomerHungUp]),
        ("#12", [Pressed, Pressed]),
        ("#", [Pressed]),
        ("#一", [Said]),
        ("明天下午三点", [Said]),
        ("12", [Pressed, Pressed]),
        ("1.", [Said]),
    ],
)
def test_what_is_typed_becomes_what_a_customer_does(typed: str, kinds: list[type]) -> None:
    assert [type(one) for one in happenings(typed, 0.0)] == kinds


def test_keys_are_pressed_one_after_the_other() -> None:
    assert happenings("#12#", 0.0) == tuple(Pressed(key, 0.0) for key in "12#")


ASKED_BY_WHEN = ("是的我就是", "方便", "正常", "解决了", "满意", "有", "软件打不开", "1", "对")
"""Leads through the after-sales script to the day that an answer is promised by."""


@pytest.mark.parametrize(
    ("before", "typed", "told"),
    [
        (ASKED_BY_WHEN, "下周三", "understood as 2026年12月2日: said back, to be confirmed"),
        (ASKED_BY_WHEN, "天气很好", "not understood: asked again"),
        (
            ("是的我就是", "没空"),
            "明天下午三点半",
            "understood as 2026-11-26 15:30: said back, to be confirmed",
        ),
        (("是的我就是", "没空"), "今天天气", "no time agreed on yet"),
    ],
)
def test_what_is_said_back_is_told_as_understood(before: tuple[str, ...], typed: str, told: str) -> None:
    script = load(Path("config/scripts/after_sales.yaml"))
    session, actions = Session.begin(script, example_slots(script), NOW, landline=False, apologise=False)
    talk = Rehearsed(session, actions)
    for words in before:
        talk.go_on()
        talk.answer(words)
    talk.go_on()
    assert talk.answer(typed).understood == (told,)


def test_a_typed_conversation_tells_what_was_understood() -> None:
    session, actions = Session.begin(
        NEW_ACCOUNT, example_slots(NEW_ACCOUNT), NOW, landline=False, apologise=False
    )
    talk = Rehearsed(session, actions)
    assert [line.prompt for line in talk.go_on().said] == ["new_account.is_owner"]
    understood = talk.answer("是的我就是").understood
    assert "the owner is confirmed" in understood
    assert any(one.startswith("is_owner = yes") for one in understood)
    assert talk.go_on().said[-1].prompt == "new_account.convenient"
    assert talk.answer("今天天气").understood == ("not understood: asked again",)
    talk.go_on()
    talk.answer("hangup")
    assert talk.session.over
    assert "convenient" in talk.nodes
