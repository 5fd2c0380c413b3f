"""What a simulated year shows of the rules, by the calls that were made in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from base.calendar import DayKind
from dialer.disposition import Disposition as D
from dialer.simulation.model import Call
from dialer.simulation.trial import Played
from tests.command_line import as_json
from tests.simulation_kit import HARSH, SHIPPED, TRYING, assumptions, branch, called, profile


@cache
def year(name: str = "default") -> Played:
    """A year of 600 customers who are hard to satisfy."""
    played, broken = called(branch(name, customers=600, like=assumptions(HARSH, TRYING)), channels=2)
    assert broken == ()
    return played


def calls_of(played: Played) -> dict[int, list[Call]]:
    found: dict[int, list[Call]] = defaultdict(list)
    for call in played.trace.calls:
        found[call.follow_up_id].append(call)
    return found


def test_d1_every_call_rings_thirty_seconds_or_is_no_valid_attempt() -> None:
    least = timedelta(seconds=30)
    unanswered = [call for call in year().trace.calls if call.disposition is D.NO_ANSWER]
    assert len(unanswered) > 100
    assert all(call.valid and call.until - call.at >= least for call in unanswered)
    cut = [call for call in year().trace.calls if call.disposition is D.CARRIER_CUT]
    assert cut
    assert not any(call.valid for call in cut)


def test_d2_three_rings_each_in_another_part_of_the_day_and_then_no_more() -> None:
    rang = {n: [one for one in calls if one.rung] for n, calls in calls_of(year()).items()}
    assert max(map(len, rang.values())) == 3
    ended = {one.owed.id: one.step.disposition for one in year().trace.follow_ups if one.closed_at}
    exhausted = [n for n, word in ended.items() if word == "exhausted"]
    assert len(exhausted) > 30
    for n in exhausted:
        ordinary = [one for one in rang[n] if one.agreed is None]
        assert len(rang[n]) == 3
        assert all(one.valid for one in rang[n])
        assert len({(one.at.date(), _part(one)) for one in ordinary}) == len(ordinary)


def _part(call: Call) -> int:
    """The parts of `default`: to 16:00, to 17:00, to 18:00."""
    return max(call.at.hour, 15)


def test_d3_calls_go_out_from_the_close_to_six_on_market_days() -> None:
    seen: Counter[bool] = Counter()
    for call in year().trace.calls:
        if call.agreed is None:
            market = DayKind.MARKET in profile("default").calendar.day_of(call.at.date()).kinds
            seen[market] += 1
            assert time(15 if market else 14) <= call.at.time() < time(18)
    assert seen[True] > 500
    assert seen[False] > 5


def test_d6_who_asks_for_another_time_is_called_then_and_before_all_others() -> None:
    late: list[float] = []
    for calls in calls_of(year()).values():
        for last, call in pairwise(calls):
            if last.disposition is D.RESCHEDULED and last.wish is not None:
                assert call.agreed == last.wish
                late.append((call.at - last.wish).total_seconds())
    assert len(late) > 100
    assert min(late) >= 0
    assert sorted(late)[len(late) * 9 // 10] < 60
    agreed = [call.at.time() for call in year().trace.calls if call.agreed is not None]
    assert time(9) <= min(agreed) < time(14)
    assert time(18) < max(agreed) < time(21)


@pytest.mark.parametrize("name", SHIPPED)
def test_d10_a_simulated_year_breaks_no_rule(name: str) -> None:
    said = as_json(
        "simulate", "--profile", name, "--customers", "800", "--months", "12", "--from", "2026-01-01",
        "--channels", "1", "--seed", "20260101",
    )  # fmt: skip
    assert said["settings"][0]["broken"] == []
    assert said["settings"][0]["calls"] > 300
    assert len(year(name).trace.calls) > 500


LONG_TALKS = (
    "rates: {talks: {completed: 70, refused: 30}, talk_s: {completed: {median: 1100}, refused: {median: 60}}}"
)


def test_p9_what_is_due_called_reached_completed_and_late_and_how_many_channels_it_takes(
    tmp_path: Path,
) -> None:
    rates = tmp_path / "rates.yaml"
    rates.write_text(LONG_TALKS, encoding="utf-8")
    said = as_json(
        "simulate", "--profile", "boci", "--customers", "4000", "--months", "2", "--from", "2026-01-01",
        "--find-channels", "--against", "channels=1", "--rates", rates,
    )  # fmt: skip
    enough, one = said["settings"]
    assert enough["channels"] == said["least_channels"] > 1
    assert one["in_time"] < 0.98 < enough["in_time"]
    for kind in enough["kinds"]:
        assert kind["due"] >= kind["called"] >= kind["reached"] >= kind["completed"]
        assert kind["completed_share"] == round(kind["completed"] / kind["members"], 4)
        assert 0 < kind["required_share"] <= 1
    standings = {each["duty"]: each for each in enough["standings"]}
    assert standings["new_account"]["share"] == 1.0
    assert standings["check_introduced"]["members"] > standings["check_introduced"]["required"]


def test_p10_nobody_is_called_in_the_spring_festival_and_made_up_saturdays_are_worked() -> None:
    days = Counter(call.at.date() for call in year().trace.calls if call.agreed is None)
    festival = [date(2026, 2, 15) + timedelta(days=n) for n in range(9)]
    assert [days[day] for day in festival] == [0] * 9
    assert days[date(2026, 2, 14)] > 0
    assert days[date(2026, 2, 28)] > 0
    assert [days[date(2026, 3, 7)], days[date(2026, 3, 8)]] == [0, 0]


def test_a4_refused_is_contacted_and_not_completed_and_never_again_is_never_again() -> None:
    played = year()
    refused = [one for one in played.trace.follow_ups if one.closed_at and one.step.disposition == D.REFUSED]
    assert len(refused) > 50
    others = sum(one.others for one in played.figures.kinds)
    completed = sum(one.completed for one in played.figures.kinds)
    assert others >= len([one for one in refused if one.owed.deadline < played.trace.end])
    assert completed + others <= sum(one.due for one in played.figures.kinds)
    never = {call.number: call.until for call in played.trace.calls if call.never}
    assert len(never) > 20
    assert not [call for call in played.trace.calls if call.at > never.get(call.number, call.at)]
    assert [one for one in played.trace.follow_ups if one.step.disposition == "do_not_call"]
