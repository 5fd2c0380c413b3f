"""Calls by their leads together: closed answers before free speech; denials count for nothing."""

from __future__ import annotations

from dataclasses import replace

from records.post_call import Flag
from transcribe.whole import suspicion

SPOKEN = Flag(
    *("sharing", "1", "分成", "high", "customer", 1.0, 2.0, "三七分成", 0.9, "certain", "affirmed", ""),
    phrase="三七分成",
)
ANSWERED = replace(SPOKEN, phrase="")


def test_a_closed_answer_weighs_more_than_the_same_in_free_speech() -> None:
    assert 0 < suspicion([SPOKEN]) < suspicion([ANSWERED]) == 0.9


def test_another_rule_adds_and_the_same_one_does_not() -> None:
    other = replace(SPOKEN, rule="discretion")
    assert suspicion([SPOKEN, other]) > suspicion([SPOKEN]) == suspicion([SPOKEN, SPOKEN])
    assert suspicion([ANSWERED, other]) < 1


def test_a_trace_says_little_and_a_denial_and_a_credit_nothing() -> None:
    assert suspicion([replace(SPOKEN, tier="faint")]) < suspicion([SPOKEN]) / 2
    assert suspicion([replace(SPOKEN, negation="negated")]) == suspicion([replace(SPOKEN, severity="credit")])
    assert suspicion([]) == suspicion([replace(SPOKEN, severity="credit")]) == 0
