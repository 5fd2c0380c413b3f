"""Samples: the share is reached, who must be in is in, the same seed gives the same (P1, P2, P5)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from plans.sampling import Draw, Member, draw, required

SHARES = st.sampled_from((0.05, 0.1, 0.2, 0.3, 0.5, 0.95))
SEEDS = st.integers(0, 2**63 - 1)
PLAIN = st.builds(Member, st.integers(0, 10**6).map(str), st.sampled_from("ABCG"))
ANY = st.builds(
    Member,
    st.integers(0, 10**6).map(str),
    st.sampled_from("ABCG"),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


def pools(of: st.SearchStrategy[Member], least: int = 0) -> st.SearchStrategy[list[Member]]:
    return st.lists(of, min_size=least, max_size=60, unique_by=lambda one: one.key)


def taken(drawn: Sequence[Draw]) -> set[str]:
    return set().union(*(one.drawn for one in drawn))


@given(pools(ANY), SHARES, SEEDS)
def test_the_share_is_reached_in_each_stratum_and_in_the_pool(
    members: list[Member], share: float, seed: int
) -> None:
    drawn = draw(members, share, seed)
    assert all(len(one.drawn) >= one.required == required(one.members, share) for one in drawn)
    assert len(taken(drawn)) >= required(len(members), share)


@given(pools(ANY), SHARES, SEEDS)
def test_whoever_must_be_in_is_in_and_what_was_drawn_stays(
    members: list[Member], share: float, seed: int
) -> None:
    assert taken(draw(members, share, seed)) >= {one.key for one in members if one.must or one.kept}


@given(pools(PLAIN), SHARES, SEEDS)
def test_no_more_are_drawn_than_are_needed(members: list[Member], share: float, seed: int) -> None:
    assert all(len(one.drawn) == one.required for one in draw(members, share, seed))


@given(pools(ANY), SHARES, SEEDS, st.randoms())
def test_the_same_seed_draws_the_same_in_whatever_order(
    members: list[Member], share: float, seed: int, random: Random
) -> None:
    shuffled = members.copy()
    random.shuffle(shuffled)
    assert draw(shuffled, share, seed) == draw(members, share, seed)


@given(pools(PLAIN, 1), SHARES, SEEDS)
def test_a_member_more_changes_one_place_at_most(members: list[Member], share: float, seed: int) -> None:
    *before, _ = members
    gone = taken(draw(before, share, seed)) - taken(draw(members, share, seed))
    assert len(gone) <= 1


def test_another_seed_draws_others() -> None:
    members = [Member(str(n)) for n in range(100)]
    assert taken(draw(members, 0.1, 1)) != taken(draw(members, 0.1, 2))


def test_who_is_still_in_time_is_drawn_before_who_is_late() -> None:
    members = [Member(str(n), late=n < 90) for n in range(100)]
    assert taken(draw(members, 0.1, 1)) == {str(n) for n in range(90, 100)}


def test_everybody_has_the_same_chance() -> None:
    members = [Member(str(n)) for n in range(20)]
    times = [sum(str(n) in taken(draw(members, 0.3, seed)) for seed in range(2000)) for n in range(20)]
    assert min(times) > 500
    assert max(times) < 700
