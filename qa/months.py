"""A month as a grid of weeks: what its days are, what is due on each, what is late (P10, W4). Pure."""

from __future__ import annotations

import calendar as weeks_of
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from base.calendar import Calendar, DayKind
from base.errors import InputError
from papers.due import Due


@dataclass(frozen=True, slots=True)
class Reports:
    """One report that is due on a day, of one branch or of several.

    Attributes:
        form: as the profile names it. branch: of a single one; "" for headquarters or several.
        count, handed, late: of the branches.
    """

    form: str
    branch: str
    period: str
    due_on: date
    to: tuple[str, ...]
    rule: str
    count: int
    handed: int
    late: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the grid.

    Attributes:
        inside: of the month itself. mark: weekend, off, made_up, no_market, or "" for a usual day.
        provisional: the official calendar does not reach it.
        owed: follow-ups that are open and have their last day here.
    """

    day: date
    inside: bool
    mark: str
    provisional: bool
    owed: int
    reports: tuple[Reports, ...]


def month_of(text: str, today: date) -> date:
    """The first day of a month that is asked for as 2026-03; without, of this one.

    Raises:
        InputError: it is no month.
    """
    if not text:
        return today.replace(day=1)
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2200:
        raise InputError("is no month", where=text, remedy="write YYYY-MM")
    return found


def beside(month: date) -> tuple[date, date]:
    """The first days of the months before and after."""
    return (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=31)).replace(day=1)


def days_of(month: date) -> tuple[date, date]:
    """The first and the last day that the month's grid shows."""
    weeks = weeks_of.Calendar().monthdatescalendar(month.year, month.month)
    return weeks[0][0], weeks[-1][-1]


def grid(
    month: date, calendar: Calendar, owed: Mapping[date, int], reports: Iterable[Reports]
) -> list[list[Cell]]:
    """The month's weeks, from Monday on."""
    by_day: dict[date, list[Reports]] = {}
    for one in reports:
        by_day.setdefault(one.due_on, []).append(one)

    def cell(day: date) -> Cell:
        inside = (day.year, day.month) == (month.year, month.month)
        provisional = calendar.day_of(day).provisional
        due = tuple(by_day.get(day, ()))
        return Cell(day, inside, mark_of(calendar, day), provisional, owed.get(day, 0), due)

    return [
        [cell(day) for day in week]
        for week in weeks_of.Calendar().monthdatescalendar(month.year, month.month)
    ]


def mark_of(calendar: Calendar, day: date) -> str:
    """What is unusual about a day."""
    kinds = calendar.day_of(day).kinds
    if DayKind.OFF in kinds:
        return "weekend" if day.weekday() >= 5 else "off"
    if DayKind.MADE_UP in kinds:
        return "made_up"
    return "no_market" if DayKind.NO_MARKET in kinds else ""


def together(listed: Iterable[Due], today: date) -> list[Reports]:
    """Reports of many branches with one last day as one."""
    in_order = sorted(listed, key=lambda one: (one.due_on, one.name, one.span.name, one.branch))
    grouped = groupby(in_order, key=lambda one: (one.due_on, one.name, one.span.name))
    return [_reports(list(some), today) for _, some in grouped]


def _reports(some: list[Due], today: date) -> Reports:
    first = some[0]
    return Reports(
        form=first.report.form.value,
        branch=first.branch if len(some) == 1 else "",
        period=first.span.name,
        due_on=first.due_on,
        to=first.report.to,
        rule=first.report.rule,
        count=len(some),
        handed=sum(one.handed_on is not None for one in some),
        late=sum(one.is_late(today) for one in some),
    )
