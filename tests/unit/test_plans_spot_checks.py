"""Spot checks: flagged calls are always in, the seed gives the rest, what flags miss is bounded (Q5)."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.exact import trials
from plans.spot_checks import Estimate, Framed, Heard, left_out, missed, sample, to_compare

FRAME = [Framed(n, n % 10 == 0) for n in range(1, 201)]
FRAMES = st.lists(st.booleans(), max_size=60).map(
    lambda flags: [Framed(n, flag) for n, flag in enumerate(flags, start=1)]
)
SEEDS = st.integers(0, 2**31 - 1)


@given(FRAMES, st.integers(0, 80), SEEDS)
def test_q5_flagged_calls_are_in_and_of_the_others_as_many_as_asked(
    frame: list[Framed], size: int, seed: int
) -> None:
    made = sample(frame, size, seed)
    others = {one.id for one in frame if not one.flagged}
    assert set(made.flagged) == {one.id for one in frame if one.flagged}
    assert set(made.drawn) <= others
    assert (len(made.drawn), made.unflagged) == (min(size, len(others)), len(others))


@given(FRAMES, st.integers(0, 80), SEEDS, st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_in_any_order(
    frame: list[Framed], size: int, seed: int, chance: Random
) -> None:
    shuffled = frame.copy()
    chance.shuffle(shuffled)
    assert sample(frame, size, seed) == sample(shuffled, size, seed)


def test_another_seed_draws_others() -> None:
    assert sample(FRAME, 20, 1).drawn != sample(FRAME, 20, 2).drawn


@given(FRAMES, st.integers(1, 80), SEEDS)
def test_nothing_is_left_out_of_what_was_drawn(frame: list[Framed], size: int, seed: int) -> None:
    made = sample(frame, size, seed)
    assert left_out((one.id for one in frame), made.drawn, made.flagged, seed) == []


def test_a_call_that_was_put_aside_by_hand_is_found() -> None:
    made = sample(FRAME, 20, 7)
    instead = next(one.id for one in FRAME if not one.flagged and one.id not in made.drawn)
    changed = (*made.drawn[1:], instead)
    assert made.drawn[0] in left_out((one.id for one in FRAME), changed, made.flagged, 7)


def test_calls_to_compare_are_half_flagged() -> None:
    made = to_compare(FRAME, 10, 3)
    assert (len(made.flagged), len(made.drawn)) == (5, 5)
    few = to_compare(FRAME[:12], 10, 3)
    assert (few.flagged, len(few.drawn)) == ((10,), 9)


def test_what_flags_miss_has_its_exact_interval() -> None:
    found = missed(Heard(2, 98, 0), 1000, Heard(40, 10, 0), 50)
    assert found.among_unflagged.share == 0.02
    assert found.among_unflagged.interval == pytest.approx((0.0024, 0.0704), abs=1e-4)
    assert found.calls == pytest.approx((2.43, 70.4), abs=0.1)
    assert found.of_violations is not None
    assert found.of_violations.share == pytest.approx(20 / 60)
    assert found.of_violations.interval == pytest.approx((2.43 / 42.43, 70.4 / 110.4), abs=1e-3)


def test_an_inaudible_call_is_not_clean() -> None:
    found = missed(Heard(0, 49, 1), 500, Heard(1, 0, 0), 1)
    assert found.among_unflagged.share == 0.0
    assert found.among_unflagged.interval == (0.0, trials(1, 50)[1])


def test_the_share_of_violations_waits_for_every_flagged_call() -> None:
    assert missed(Heard(0, 10, 0), 100, Heard(3, 0, 0), 4).of_violations is None


def test_nothing_listened_to_tells_nothing() -> None:
    found = missed(Heard(0, 0, 0), 100, Heard(0, 0, 0), 0)
    assert found.among_unflagged == Estimate(None, (0.0, 1.0))
    assert found.of_violations == Estimate(None, (0.0, 1.0))
    assert found.calls == (0, 100)


def test_all_calls_listened_to_leave_no_doubt() -> None:
    assert missed(Heard(3, 97, 0), 100, Heard(1, 0, 0), 1).calls == (3, 3)
