"""The virtual clock: months of calling by the real policy, windows and pacing, judged (D2-D10)."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from base.clock import SHANGHAI
from dialer.disposition import Disposition
from dialer.pacing import Pace
from dialer.profile import Profile
from dialer.simulation.far_end import FarEnd
from dialer.simulation.model import Owed, Trace
from dialer.simulation.planning import month_of
from dialer.simulation.rates import Rates
from dialer.simulation.run import run
from dialer.simulation.trial import is_enough, least_channels, play
from huifang.simulating.judge import of_calls
from records.model import Kind
from records.turns import ABNORMAL_RANK, NORMAL_RANK, Place
from tests.plans_kit import obligation
from tests.simulation_kit import HARSH, SHIPPED, TRYING, assumptions, at, branch, called, profile, shipped

YEARS = int(os.environ.get("HUIFANG_SIMULATED_YEARS", "4"))
"""Of each profile; for a longer search, a number."""
START = datetime(2026, 2, 9, tzinfo=SHANGHAI)
"""A Monday; a made-up Saturday and the spring festival follow."""
ALWAYS = {"dead": {}, "lines": {}, "hard_to_reach": {"share": 0, "factor": 1}}
SLOW = Pace(2, 1.0)
NOBODY = dict.fromkeys(range(24), 0.0)


def rates(**changed: object) -> Rates:
    return Rates.model_validate({**shipped().rates.model_dump(), **ALWAYS, **changed})


def owed(n: int, *, number: str = "", rank: int = NORMAL_RANK, days: int = 20) -> Owed:
    deadline = START + timedelta(days=days)
    place = Place(rank, deadline, rank, NORMAL_RANK, deadline, n)
    return Owed(n, n, number or f"+8613800{n:06d}", (Kind.PERIODIC,), ("",), place, START, deadline)


def traced(
    *plans: Owed, of: Rates, pace: Pace = SLOW, policy: Profile | None = None, days: int = 60
) -> Trace:
    policy = policy or profile("default")
    end = START + timedelta(days=days)
    return run(policy, pace, plans, FarEnd(policy, of, plans, 1), start=START, end=end)


@pytest.mark.parametrize("name", SHIPPED)
@settings(max_examples=YEARS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), channels=st.integers(1, 4), cps=st.sampled_from([0.004, 0.02, 0.5]))
@example(seed=1, channels=1, cps=0.004)
def test_no_rule_is_broken_in_a_year(name: str, seed: int, channels: int, cps: float) -> None:
    """D10 and the others, over a year of a branch that gives the dialer a hard time."""
    played, broken = called(
        branch(name, seed=seed, like=assumptions(HARSH, TRYING)), channels=channels, cps=cps
    )
    assert broken == ()
    assert len(played.trace.calls) > 100


@pytest.mark.parametrize(("size", "pace"), [(600, Pace(12, 3.0)), (600, Pace(60, 7.0))])
def test_a_burst_of_work_keeps_every_rule_and_all_channels_busy(size: int, pace: Pace) -> None:
    plans = [owed(n, rank=(ABNORMAL_RANK, NORMAL_RANK)[n % 3 > 0]) for n in range(size)]
    policy = profile("default")
    trace = traced(*plans, of=rates(lines={"line_failure": 0.1}), pace=pace)
    assert of_calls(policy, pace, trace, ()) == ()
    assert all(one.closed_at for one in trace.follow_ups)
    firsts = {n: call.at for n, call in reversed(list(enumerate(trace.calls)))}
    first_minutes = [one for one in firsts.values() if one < trace.calls[0].at + timedelta(minutes=2)]
    assert len(first_minutes) >= pace.channels


def test_the_urgent_go_first() -> None:
    """P4: abnormal first, then by deadline."""
    plans = [owed(n, rank=(ABNORMAL_RANK, NORMAL_RANK)[n % 2], days=10 + n % 7) for n in range(80)]
    trace = traced(*plans, of=rates(), pace=Pace(1, 1.0))
    first: dict[int, datetime] = {}
    for call in trace.calls:
        first.setdefault(call.follow_up_id, call.at)
    order = sorted(first, key=lambda n: first[n])
    places = [(plans[n].place.campaign_rank, plans[n].deadline) for n in order]
    assert places == sorted(places)


def test_the_same_seed_gives_the_same_calls_and_another_one_does_not() -> None:
    one, again, other = (play(branch(seed=seed), Pace(2, 1.0)) for seed in (5, 5, 6))
    assert one.trace.calls == again.trace.calls
    assert one.trace.calls != other.trace.calls


def test_channels_change_when_a_customer_is_called_and_not_whom_one_meets() -> None:
    """A comparison is of channels, not of luck."""
    ground = branch(customers=400, months=3)
    few, many = (play(ground, Pace(channels, 1.0)) for channels in (1, 20))
    first = [{call.follow_up_id: call for call in reversed(one.trace.calls)} for one in (few, many)]
    at_the_same_hour = [
        (call, first[1][n])
        for n, call in first[0].items()
        if n in first[1] and first[1][n].at.hour == call.at.hour
    ]
    assert len(at_the_same_hour) > 20
    assert all(a.disposition is b.disposition for a, b in at_the_same_hour)


def test_a_number_that_rang_enough_today_waits_for_tomorrow() -> None:
    """D2: the cap is over all follow-ups of the number."""
    plans = [owed(n, number="+8613800000000") for n in range(5)]
    policy = profile("default").model_copy(update={"per_number_day": 2})
    trace = traced(*plans, of=rates(answered=NOBODY), policy=policy)
    per_day = Counter(call.at.date() for call in trace.calls)
    assert max(per_day.values()) == 2
    assert len(trace.calls) == 5 * 3
    assert of_calls(policy, Pace(2, 1.0), trace, ()) == ()


def test_a_campaign_has_no_more_calls_than_its_channels() -> None:
    policy = profile("default").model_copy(update={"campaign_channels": 2})
    trace = traced(*(owed(n) for n in range(40)), of=rates(), pace=Pace(10, 5.0), policy=policy)
    moments = sorted([(one.at, 1) for one in trace.calls] + [(one.until, -1) for one in trace.calls])
    live = [sum(change for _, change in moments[: n + 1]) for n in range(len(moments))]
    assert max(live) == 2
    assert all(one.closed_at for one in trace.follow_ups)


def test_never_again_closes_the_numbers_other_follow_ups() -> None:
    """A4, D10."""
    plans = [owed(n, number="+8613800000000") for n in range(3)]
    always = dict.fromkeys(range(24), 1.0)
    trace = traced(*plans, of=rates(answered=always, talks={"refused": 1}, never=1.0))
    assert len(trace.calls) == 1
    assert sorted(one.step.disposition for one in trace.follow_ups) == [
        "do_not_call",
        "do_not_call",
        "refused",
    ]


def test_three_rings_in_vain_are_exhausted_and_a_carrier_that_cuts_makes_them_insufficient() -> None:
    """D1, D2."""
    for word, ending in (("no_answer", "exhausted"), ("carrier_cut", "insufficient")):
        trace = traced(owed(0), of=rates(answered=NOBODY, unanswered={word: 1}))
        assert len(trace.calls) == 3
        assert trace.follow_ups[0].step.disposition == ending


def test_a_ring_lasts_as_long_as_the_profile_says() -> None:
    """D1."""
    trace = traced(owed(0), of=rates(answered=NOBODY, unanswered={"no_answer": 1}))
    least = timedelta(seconds=profile("default").ring_s)
    assert all(call.until - call.at >= least for call in trace.calls)


def test_shares_are_met_by_what_is_drawn() -> None:
    """The far end is what its table says, hour by hour."""
    plans = [owed(n) for n in range(4000)]
    far_end = FarEnd(profile("default"), rates(answered={9: 0.2, 17: 0.6}), plans, 3)
    for hour, share in ((9, 0.2), (17, 0.6)):
        took = [far_end.take(one, 1, at(3, 4, hour), agreed=False) for one in plans]
        assert sum(one.answered for one in took) / len(took) == pytest.approx(share, abs=0.03)


def test_hard_customers_answer_less_and_the_mean_stays() -> None:
    plans = [owed(n) for n in range(6000)]
    hard = {"share": 0.5, "factor": 0.2}
    far_end = FarEnd(profile("default"), rates(answered={15: 0.4}, hard_to_reach=hard), plans, 3)
    answers = [[far_end.take(one, n, at(3, 4), agreed=False).answered for n in (1, 2)] for one in plans]
    first, both = (sum(map(test, answers)) / len(answers) for test in (lambda one: one[0], all))
    assert first == pytest.approx(0.4, abs=0.03)
    assert both > 0.2  # 0.16 were every customer alike


def test_a_later_attempt_is_not_the_first_one_over_again() -> None:
    plans = [owed(n) for n in range(300)]
    far_end = FarEnd(profile("default"), rates(), plans, 3)
    words = [{far_end.take(one, n, at(3, 4), agreed=False).disposition for n in (1, 9, 17)} for one in plans]
    assert sum(len(one) > 1 for one in words) > 150


def test_what_is_wished_for_lies_ahead_within_legal_hours() -> None:
    """D6."""
    always = dict.fromkeys(range(24), 1.0)
    plans = [owed(n) for n in range(500)]
    far_end = FarEnd(profile("default"), rates(answered=always, talks={"rescheduled": 1}), plans, 1)
    legal = profile("default").legal
    for one in plans:
        taken = far_end.take(one, 1, at(3, 4, 17, 50), agreed=False)
        assert taken.disposition is Disposition.RESCHEDULED
        assert taken.wish is not None
        assert at(3, 4, 17, 50) < taken.wish < at(3, 9)
        assert legal.holds(taken.wish.time())


def test_the_least_channels_are_those_below_which_something_is_late() -> None:
    """P9."""
    ground = branch(customers=3000, months=2)
    tried = least_channels(lambda channels: play(ground, Pace(channels, 5.0)).figures, 60)
    chosen, ample = tried[-1], play(ground, Pace(60, 5.0)).figures
    assert is_enough(chosen, ample)
    if chosen.channels > 1:
        assert not is_enough(play(ground, Pace(chosen.channels - 1, 5.0)).figures, ample)
    assert chosen.channels <= ample.most


def test_too_few_channels_are_late() -> None:
    lengths = shipped().model_dump()["rates"]["talk_s"] | {"completed": {"median": 1100, "spread": 0.1}}
    ground = branch(customers=6000, months=1, like=assumptions(rates={"talk_s": lengths}))
    few, many = (play(ground, Pace(channels, 5.0)).figures for channels in (1, 40))
    assert few.in_time < 0.9 < many.in_time
    assert few.used > 0.9 > many.used
    assert not is_enough(few, many)


def test_figures_add_up() -> None:
    """P9: every follow-up is counted once for each of its kinds, every call in its day and hour."""
    played, _ = called(branch(customers=1000, months=3))
    figures, trace = played.figures, played.trace
    assert sum(one.due + one.coming for one in figures.kinds) == sum(
        len(one.owed.kinds) for one in trace.follow_ups
    )
    assert sum(one.calls for one in figures.days) == figures.calls == len(trace.calls)
    assert sum(one.calls for one in figures.hours) == figures.calls
    settled = sum(one.closed_at is not None for one in trace.follow_ups)
    assert sum(figures.attempts.values()) == sum(figures.endings.values()) == settled
    assert figures.days[-1].settled <= settled
    for one in figures.kinds:
        assert one.due == one.in_time + one.late
        assert one.completed <= one.reached <= one.called <= one.due
        assert one.completed + one.others <= one.due
    assert figures.kept == sum(call.agreed is not None for call in trace.calls) > 0


def test_nothing_is_owed_by_nobody() -> None:
    """A1: a branch whose director opened every account has somebody else answer for it."""
    ground = branch(like=assumptions({"opened_by_director": 1.0}))
    assert {one.responsible for one in ground.planned.follow_ups} <= {"O2", "H1"}


def test_customers_ask_for_what_their_settings_say() -> None:
    ground = branch(customers=4000, months=12)
    opened = sum(
        one.opened_on is not None and one.opened_on >= ground.first for one in ground.population.customers
    )
    assert opened == pytest.approx(4000 * 0.08, rel=0.2)
    brokers = sum(one.source == "broker" for one in ground.population.customers)
    assert brokers / len(ground.population.customers) == pytest.approx(0.15, abs=0.03)


def test_a_year_of_periods_is_spread_over_its_months() -> None:
    """P11: a twelfth of what is owed in a year falls into each month."""
    ground = branch("boci", customers=3000, months=12)
    key = [one for one in ground.planned.follow_ups if "periodic_key" in one.duties]
    months = Counter(one.from_.month for one in key)
    assert set(months) == set(range(1, 13))
    assert max(months.values()) < 2 * min(months.values())
    assert all((one.deadline + timedelta(seconds=1)).day == 1 for one in key)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), set(range(1, 13))),
        (date(2026, 1, 1), date(2026, 6, 30), set(range(1, 7))),
        (date(2026, 3, 15), date(2026, 6, 14), {4, 5}),
        (date(2026, 3, 1), date(2026, 3, 31), {3}),
    ],
)
def test_the_months_of_a_period_are_those_that_lie_in_it_as_a_whole(
    first: date, last: date, months: set[int]
) -> None:
    owed = [obligation(n, due_from=first, due_by=last) for n in range(300)]
    chosen = [month_of(one, 1) for one in owed]
    assert {begin.month for begin, _ in chosen} == months
    assert all(begin.day == 1 and (end + timedelta(days=1)).day == 1 for begin, end in chosen)
    assert chosen == [month_of(one, 1) for one in owed]


def test_a_period_without_a_whole_month_keeps_its_days() -> None:
    days = date(2026, 3, 10), date(2026, 4, 9)
    assert month_of(obligation(due_from=days[0], due_by=days[1]), 1) == days


def test_progress_is_told_day_by_day() -> None:
    days: list[datetime] = []
    ground = branch(customers=100, months=1)
    play(ground, Pace(1, 1.0), days.append)
    assert [one.date() for one in days] == sorted({one.date() for one in days})
    assert days[-1].date() > ground.first


def test_history_and_calls_agree() -> None:
    played, _ = called(branch(customers=300, months=3))
    by_follow_up = Counter(call.follow_up_id for call in played.trace.calls)
    assert all(len(one.history) == by_follow_up[one.owed.id] for one in played.trace.follow_ups)


def test_contracts_are_called_in_time_for_their_beginning_before_what_may_wait() -> None:
    """P6: though the month's periodic ones end sooner than the contracts' own month."""
    played, _ = called(branch("tianfeng", customers=8000, months=2), channels=1)
    signup = next(one for one in played.figures.kinds if one.kind is Kind.ADVISER_SIGNUP)
    assert signup.to_begin > 20
    assert signup.begun_late == 0
