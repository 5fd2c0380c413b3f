"""The figures of Today's charts, as JSON: {"labels": [...], "series": [{"name", "values"}, ...]}."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Any

from fastapi import APIRouter, Request

from base.clock import SHANGHAI
from qa.guarding import console_of, user_of
from qa.showing import name_of, said_by
from records import day

router = APIRouter(prefix="/today/charts")

PAST_DAYS = 14
AHEAD_DAYS = 14
MOST_BARS = 10
"""Results that a chart names; the others are one bar."""

Figures = dict[str, Any]


class Chart(StrEnum):
    """What there is to look at."""

    ATTEMPTS = "attempts"
    RATE = "rate"
    RESULTS = "results"
    DEADLINES = "deadlines"


@router.get("/{chart}")
async def figures(request: Request, chart: Chart) -> Figures:
    """Of the reader's branch, of today."""
    return await _CHARTS[chart](request)


async def _attempts(request: Request) -> Figures:
    hours = await day.by_hour(console_of(request).database, user_of(request).branch, _today(request))
    answered = [one.answered for one in hours]
    others = [one.calls - one.answered for one in hours]
    names = (said_by(request, "today.chart.answered"), said_by(request, "today.chart.unanswered"))
    return _figures([f"{one.hour}" for one in hours], names, (answered, others))


async def _rate(request: Request) -> Figures:
    hours = await day.by_hour(console_of(request).database, user_of(request).branch, _today(request))
    shares = [round(100 * one.answered / one.calls, 1) if one.calls else None for one in hours]
    name = said_by(request, "today.chart.rate")
    return _figures([f"{one.hour}" for one in hours], (name,), (shares,))


async def _results(request: Request) -> Figures:
    found = await day.dispositions(console_of(request).database, user_of(request).branch, _today(request))
    shown, rest = found[:MOST_BARS], sum(count for _, count in found[MOST_BARS:])
    labels = [name_of(request, "disposition", name) for name, _ in shown]
    counts = [count for _, count in shown]
    if rest:
        labels, counts = [*labels, said_by(request, "today.chart.others")], [*counts, rest]
    return _figures(labels, (said_by(request, "today.chart.calls"),), (counts,))


async def _deadlines(request: Request) -> Figures:
    database, branch, today = console_of(request).database, user_of(request).branch, _today(request)
    past = [today - timedelta(days=back) for back in reversed(range(PAST_DAYS))]
    ahead = [today + timedelta(days=on) for on in range(1, AHEAD_DAYS + 1)]
    closed = await day.closed_by_day(database, branch, past)
    due = await day.open_by_deadline(database, branch)
    left = left_open(closed, sum(count for _, count in due))
    may = [sum(count for until, count in due if _day(until) > one) for one in (today, *ahead)]
    names = (said_by(request, "today.chart.open"), said_by(request, "today.chart.allowed"))
    values = ([*left, *([None] * len(ahead))], [*([None] * (len(past) - 1)), *may])
    return _figures([f"{one:%m-%d}" for one in (*past, *ahead)], names, values)


def left_open(closed: Sequence[int], still: int) -> list[int]:
    """How many were open at the end of each of these days, the last of which has `still` open."""
    later = accumulate(reversed(closed[1:]), initial=still)
    return list(later)[::-1]


_CHARTS: dict[Chart, Callable[[Request], Awaitable[Figures]]] = {
    Chart.ATTEMPTS: _attempts,
    Chart.RATE: _rate,
    Chart.RESULTS: _results,
    Chart.DEADLINES: _deadlines,
}


def _figures(
    labels: Sequence[str], names: Sequence[str], values: Sequence[Sequence[float | None]]
) -> Figures:
    series = [{"name": name, "values": some} for name, some in zip(names, values, strict=True)]
    return {"labels": list(labels), "series": series}


def _today(request: Request) -> date:
    return console_of(request).now().astimezone(SHANGHAI).date()


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
