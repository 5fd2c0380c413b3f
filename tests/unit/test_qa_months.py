"""The grid of a month."""

from __future__ import annotations

from datetime import date

import pytest

from base.calendar import OFFICIAL
from base.errors import InputError
from papers.due import Due
from plans.duties import Period, Within
from plans.paperwork import Level, Report, ReportForm
from plans.periods import span_of
from qa.months import Reports, beside, days_of, grid, mark_of, month_of, together

TODAY = date(2026, 3, 10)


def _due(branch: str, on: date, handed: date | None = None) -> Due:
    report = Report(
        form=ReportForm.MONTHLY,
        by=Level.BRANCH,
        each=Period.MONTH,
        within=Within(worked_days=5),
        to=("客服中心",),
        rule="W4",
    )
    return Due("monthly", report, branch, span_of(Period.MONTH, date(2026, 2, 1)), on, handed)


def test_the_grid_begins_on_monday_and_holds_what_is_due() -> None:
    reports = together([_due("上海", date(2026, 3, 6))], TODAY)
    weeks = grid(date(2026, 3, 1), OFFICIAL, {date(2026, 3, 5): 4}, reports)
    assert (weeks[0][0].day, weeks[-1][-1].day) == days_of(date(2026, 3, 1))
    assert {len(week) for week in weeks} == {7}
    cells = {cell.day: cell for week in weeks for cell in week}
    assert not cells[date(2026, 2, 28)].inside
    assert (cells[date(2026, 3, 5)].owed, cells[date(2026, 3, 6)].reports) == (4, tuple(reports))


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (date(2026, 2, 14), "made_up"),
        (date(2026, 2, 17), "off"),
        (date(2026, 3, 7), "weekend"),
        (date(2026, 3, 9), ""),
    ],
)
def test_days_are_marked_by_the_official_calendar(day: date, mark: str) -> None:
    assert mark_of(OFFICIAL, day) == mark


def test_branches_with_one_last_day_stand_together() -> None:
    day = date(2026, 3, 6)
    listed = [_due("上海", day), _due("杭州", day, handed=day), _due("南京", date(2026, 3, 12))]
    many, one = together(listed, TODAY)
    assert (many.branch, many.count, many.handed, many.late) == ("", 2, 1, 1)
    assert one == Reports("monthly", "南京", "2026-02", date(2026, 3, 12), ("客服中心",), "W4", 1, 0, 0)


def test_months_are_asked_for_by_name() -> None:
    assert month_of("", TODAY) == date(2026, 3, 1)
    assert month_of("2026-12", TODAY) == date(2026, 12, 1)
    assert beside(date(2026, 1, 1)) == (date(2025, 12, 1), date(2026, 2, 1))
    for text in ("2026-13", "2026", "1999-12", "2026-1"):
        with pytest.raises(InputError):
            month_of(text, TODAY)
