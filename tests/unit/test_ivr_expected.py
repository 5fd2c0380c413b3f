"""What a session says it expects to hear: answers of the question before ways out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huifang.answers.trial import expected
from ivr.hearing import Heard
from ivr.session import Session
from ivr.state import Phase
from ivr.values import Listen, PlayEnded, Said
from tests.conversations import NEW_ACCOUNT, NOW, example_slots


@pytest.mark.parametrize(
    ("node", "own", "way", "never"),
    [
        ("satisfied", "不满意", "我要投诉", "三七分"),
        ("self_trading", "都是我", "你是机器人吗", "=都是我"),
        ("is_owner", "我是本人", "打错了", "不满意"),
    ],
)
def test_answers_come_before_ways_out(node: str, own: str, way: str, never: str) -> None:
    phrases = expected(NEW_ACCOUNT, node, NOW)
    assert phrases.index(own) < phrases.index(way)
    assert never not in phrases
    assert len(phrases) == len(set(phrases))


def test_at_an_appointment_a_yes_is_expected_once_a_time_was_said_back() -> None:
    assert "对的" not in expected(NEW_ACCOUNT, "when", NOW)
    session, _ = Session.begin(NEW_ACCOUNT, example_slots(NEW_ACCOUNT), NOW, landline=False, apologise=False)
    listening = replace(session.state, node="when", phase=Phase.LISTENING, owner=True)
    session, _ = Session(listening).step(Said(Heard("明天下午三点半"), 1.0, 2.0))
    _, (listen,) = session.step(PlayEnded(3.0))
    assert isinstance(listen, Listen)
    assert "对的" in listen.expected


def test_times_are_expected_where_one_is_asked_for() -> None:
    assert "下周三下午四点" in expected(NEW_ACCOUNT, "when", NOW)
    assert "下周三下午四点" not in expected(NEW_ACCOUNT, "satisfied", NOW)


def test_nothing_is_expected_of_a_free_answer() -> None:
    assert expected(NEW_ACCOUNT, "suggestions", NOW) == ()
