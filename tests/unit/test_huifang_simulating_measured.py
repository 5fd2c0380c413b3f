"""Rates measured on a site's own calls."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest

from base.errors import InputError
from dialer.disposition import Disposition as D
from dialer.pacing import Pace
from dialer.simulation.trial import play
from huifang.simulating.measured import measured
from records.taken import TakenCall
from tests.simulation_kit import at, branch, shipped

ASSUMED = shipped().rates


def call(n: int, word: D, *, hour: int = 15, talked_s: float = 0.0, number: str = "") -> TakenCall:
    moment = at(3, 4, hour) + timedelta(seconds=n)
    return TakenCall(number or f"+86138{n:08d}", moment, word.value, 10.0, talked_s)


def test_shares_are_those_of_the_calls() -> None:
    calls = [
        *(call(n, D.COMPLETED, talked_s=100) for n in range(60)),
        *(call(n, D.REFUSED, talked_s=20) for n in range(60, 80)),
        *(call(n, D.NO_ANSWER) for n in range(80, 140)),
        *(call(n, D.BUSY) for n in range(140, 160)),
        *(call(n, D.NO_ANSWER, hour=17) for n in range(160, 220)),
        *(call(n, D.COMPLETED, hour=10, talked_s=100) for n in range(220, 230)),
        *(call(n, D.LINE_FAILURE) for n in range(230, 240)),
        *(call(n, D.SUSPENDED) for n in range(240, 250)),
    ]
    found = measured(calls, ASSUMED)
    assert found.answered == {15: 0.5, 17: 0.0}  # ten calls at ten are too few
    assert found.talks == {D.COMPLETED: 70, D.REFUSED: 20}
    assert found.unanswered == {D.NO_ANSWER: 120, D.BUSY: 20}
    assert found.lines == {D.LINE_FAILURE: pytest.approx(10 / 250)}
    assert found.dead == {D.SUSPENDED: pytest.approx(10 / 250)}
    assert found.talk_s[D.COMPLETED].median == 100
    assert found.hard_to_reach == ASSUMED.hard_to_reach
    assert "2026年3月4日" in found.says
    assert "250次" in found.says


def test_a_number_is_dead_by_its_last_call() -> None:
    calls = [call(n, D.NO_ANSWER) for n in range(200)]
    revived = [call(300, D.SUSPENDED, number="+8613900000000"), call(301, D.BUSY, number="+8613900000000")]
    assert measured([*calls, *revived], ASSUMED).dead == {}


def test_lengths_are_median_and_spread() -> None:
    seconds = np.random.default_rng(1).lognormal(math.log(90), 0.4, 4000).tolist()
    found = measured([call(n, D.COMPLETED, talked_s=one) for n, one in enumerate(seconds)], ASSUMED)
    assert found.talk_s[D.COMPLETED].median == pytest.approx(90, rel=0.05)
    assert found.talk_s[D.COMPLETED].spread == pytest.approx(0.4, rel=0.1)


def test_what_calls_are_too_few_to_say_stays_assumed() -> None:
    found = measured([call(n, D.NO_ANSWER) for n in range(200)], ASSUMED)
    assert found.talks == ASSUMED.talks
    assert found.talk_s == ASSUMED.talk_s


def test_too_few_calls_are_refused() -> None:
    with pytest.raises(InputError, match="199 calls are too few"):
        measured([call(n, D.BUSY) for n in range(199)], ASSUMED)


def test_what_a_simulation_was_given_is_what_is_measured_of_its_calls() -> None:
    """There and back: rates, calls, rates."""
    played = play(branch(customers=12_000, months=2), Pace(20, 5.0))
    calls = [
        TakenCall(one.number, one.at, one.disposition.value, 10.0, 60.0 if one.answered else 0.0)
        for one in played.trace.calls
        if one.agreed is None
    ]
    found = measured(calls, ASSUMED)
    for hour in (15, 16, 17):
        assert found.answered[hour] == pytest.approx(ASSUMED.answered[hour], abs=0.05)
    completed = found.talks[D.COMPLETED] / sum(found.talks.values())
    assert completed == pytest.approx(ASSUMED.talks[D.COMPLETED] / sum(ASSUMED.talks.values()), abs=0.03)
    assert sum(found.dead.values()) == pytest.approx(0.03, abs=0.01)
