"""The drill's plan of kills: seeded, whole, and inside business time."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from base.clock import SHANGHAI
from huifang.drill.plan import GAP_S, Blow, Phase, Round, begins, plan, windows
from records import ledger
from softphone.far_leg import SESSION_S
from softphone.tempers import draw

MORNING = datetime(2026, 3, 18, 9, 0, tzinfo=SHANGHAI)


def test_the_same_seed_makes_the_same_plan() -> None:
    assert plan(50, 2, 7, 8.0) == plan(50, 2, 7, 8.0)
    assert plan(50, 2, 7, 8.0) != plan(50, 2, 8, 8.0)


@pytest.mark.parametrize("kills", [1, 2, 5, 13, 50, 301])
@pytest.mark.parametrize("nodes", [1, 2, 3])
def test_a_plan_has_so_many_kills(kills: int, nodes: int) -> None:
    assert sum(one.kills for one in plan(kills, nodes, 1, 8.0)) == kills


def test_every_round_ends_with_every_node_dead() -> None:
    for one in plan(200, 2, 3, 8.0):
        assert all(row[-1].blow in (Blow.PARENT, Blow.GROUP) for row in one.strikes if row)


def test_a_plan_of_some_length_has_every_blow_and_every_phase() -> None:
    rounds = plan(25, 1, 1, 8.0)
    assert {strike.blow for one in rounds for row in one.strikes for strike in row} == set(Blow)
    assert {one.phase for one in rounds} == set(Phase)


def test_some_sleepers_sleep_past_their_lease_and_some_do_not() -> None:
    rows = [row for one in plan(300, 1, 1, 8.0) for row in one.strikes]
    naps = [strike.nap_s for row in rows for strike in row if strike.blow is Blow.SLEEP]
    assert min(naps) < 8.0 < max(naps)


def is_open(at: datetime) -> bool:
    return any(opens <= at.time() < closes for opens, closes in windows())


@pytest.mark.parametrize("hour", [0, 9, 14, 20, 23])
@pytest.mark.parametrize(("phase", "before", "behind"), [
    (Phase.OPENING, False, True),
    (Phase.OPEN, True, True),
    (Phase.CLOSING, True, False),
])  # fmt: skip
def test_a_round_begins_before_the_edge_that_it_is_about(
    hour: int, phase: Phase, before: bool, behind: bool
) -> None:
    lead_s = 0.0 if phase is Phase.OPEN else 5.0
    at = begins(Round(phase, lead_s, ()), MORNING.replace(hour=hour), start_s=10.0)
    assert at >= MORNING.replace(hour=hour)
    assert (is_open(at), is_open(at + timedelta(seconds=26))) == (before, behind)


def test_rounds_are_further_apart_than_a_number_rests_and_a_session_lives() -> None:
    """D10: what a crash has left at the far end is over before its number may be called again."""
    assert min(ledger.HOLD_S, GAP_S) > SESSION_S
    assert GAP_S > ledger.HOLD_S
    at = MORNING
    starts = []
    for one in plan(200, 1, 5, 8.0):
        at = begins(one, at + timedelta(seconds=GAP_S), start_s=5.0)
        starts.append(at)
    assert all((late - early).total_seconds() >= GAP_S for early, late in pairwise(starts))


def test_a_number_is_taken_the_same_way_with_the_same_seed() -> None:
    drawn = [draw(1, "+8613800000001", n) for n in range(50)]
    assert drawn == [draw(1, "+8613800000001", n) for n in range(50)]
    assert drawn != [draw(2, "+8613800000001", n) for n in range(50)]
    assert {one.name for one in drawn} >= {"busy", "talks", "stays", "rings on"}
