"""How the bench of replies counts: packets, stages, figures."""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any, cast

import numpy as np
import pytest

from base.errors import LineError
from bench import alaw
from bench.turn_calls import Said, Stamps, Talk
from bench.turn_end import LOUD_RMS, QUIET, loud
from bench.turns import Line, Phase, Plan, Turn, rounded
from dialer.line.protocol import EndedBy
from tests.fakes.line import FakeLeg


def test_a_law_there_and_back() -> None:
    sound = np.arange(-32000, 32000, 37).astype(np.int16)
    back = alaw.LINEAR[np.frombuffer(alaw.encode(sound), np.uint8)].astype(float)
    assert np.all(np.abs(back - sound) <= np.maximum(16, np.abs(sound) * 0.04))


def test_loud_is_above_40_dbfs() -> None:
    assert not loud(QUIET)
    for gain, expected in ((0.8, False), (1.3, True)):
        tone = gain * LOUD_RMS * math.sqrt(2) * np.sin(np.arange(160) * 0.7)
        assert loud(alaw.encode(tone.astype(np.int16))) is expected


def test_the_stages_of_a_reply_add_up_to_it() -> None:
    stamps = Stamps([5.0, 10.6], [4.9, 10.7], {"p1": 5.1, "p2": 10.72, "p3": 15.0}, {"p1": 5.2, "p2": 10.74})
    stages = stamps.stages(10.0, 10.8)
    assert list(stages) == ["endpoint", "recognition", "understanding", "play_start", "network"]
    assert sum(stages.values()) == pytest.approx(0.8)
    assert stages["endpoint"] == pytest.approx(0.6)


def test_words_known_before_the_answer_ended_cost_nothing() -> None:
    stamps = Stamps([10.6], [10.5], {"p1": 10.62}, {"p1": 10.64})
    assert stamps.stages(10.0, 10.7)["recognition"] == 0.0


def test_another_call_s_stamps_say_nothing() -> None:
    assert Stamps([20.0], [20.1], {"p1": 20.2}, {"p1": 20.3}).stages(10.0, 10.8) == {}


def test_the_figures_are_json_even_where_nothing_was_measured() -> None:
    phase = Phase([Turn(0.7, False, {"endpoint": 0.6})])
    customer = Line(0, cast(Any, None), cast(Any, None))
    customer.plans = [Plan(0.9, False, 0.3), Plan(6.0, False, 0.0)]
    phase.count([Said(0, 1.0, 2.0, 0.0, False), Said(0, 6.1, 7.0, 7.1, True)], [customer])
    told = json.loads(json.dumps(rounded(phase.told()), allow_nan=False))
    assert (told["reply_p95_s"], told["reply_patient_p95_s"]) == (0.7, None)
    assert (told["cut_ins"], told["paused"], told["without_reply"], told["n"]) == (1, 1, 1, 1)


async def test_a_call_that_nobody_answers_ends_the_bench() -> None:
    leg, nothing = FakeLeg(), cast(Any, None)
    leg.give(*leg.ending(EndedBy.THEM, 503))
    talk = Talk(nothing, nothing, nothing, nothing, preview=True)
    with pytest.raises(LineError, match="503"):
        async with asyncio.timeout(10):
            await talk.hold(leg, asyncio.Event(), lambda _node, _seconds: None)
