"""Which report is due when; calendar files; periods by name."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from base.calendar import OFFICIAL
from papers import due
from papers.stretches import last_before, stretch
from plans.duties import Period, Within
from plans.paperwork import Level, Report, ReportForm
from plans.sections import Clock, ClockName

MONTHLY = Report(
    form=ReportForm.MONTHLY,
    by=Level.BRANCH,
    each=Period.MONTH,
    within=Within(worked_days=5),
    to=("客服中心",),
    rule="W4",
)
SUMMARY = MONTHLY.model_copy(
    update={"form": ReportForm.SUMMARY, "by": Level.HEADQUARTERS, "within": Within(worked_days=10)}
)
PLAN = MONTHLY.model_copy(update={"form": ReportForm.PLAN, "each": Period.YEAR, "ahead": True})
INSPECTION = Report(
    form=ReportForm.INSPECTION,
    by=Level.HEADQUARTERS,
    each=Period.YEAR,
    clock=ClockName.INSPECTION,
    to=("总部",),
    rule="Q9",
)
CLOCKS = {ClockName.INSPECTION: Clock(within=Within(worked_days=10), rule="Q9")}
ALL = {"monthly": MONTHLY, "summary": SUMMARY, "plan": PLAN, "inspection": INSPECTION}
BRANCHES = ("上海", "北京")


def listed(first: date, last: date) -> list[due.Due]:
    return due.due(ALL, CLOCKS, BRANCHES, OFFICIAL, first, last)


def test_a_month_is_reported_in_its_first_five_worked_days_by_each_branch() -> None:
    found = listed(date(2026, 7, 1), date(2026, 7, 31))
    assert [(one.title, one.due_on.day) for one in found] == [
        ("回访月报（上海，2026-06）", 7),
        ("回访月报（北京，2026-06）", 7),
        ("回访月度汇总（总部，2026-06）", 14),
    ]


def test_holidays_are_no_worked_days() -> None:
    october = [one.due_on for one in listed(date(2026, 10, 1), date(2026, 10, 31)) if one.name == "monthly"]
    assert october == [date(2026, 10, 13)] * 2  # 1 to 7 October are off, 10 October is a made-up Saturday


def test_a_plan_is_due_as_its_year_begins_and_an_inspection_after_its_year() -> None:
    found = {one.name: one for one in listed(date(2026, 1, 1), date(2026, 1, 31))}
    assert (found["plan"].span.name, found["plan"].due_on) == ("2026", date(2026, 1, 8))
    assert (found["inspection"].span.name, found["inspection"].due_on) == ("2025", date(2026, 1, 15))


def test_late_ones_come_first_and_what_is_handed_in_last() -> None:
    found = listed(date(2026, 6, 1), date(2026, 7, 31))
    handed = due.with_handed(found, {("monthly", "上海", "2026-05"): date(2026, 6, 3)})
    ordered = due.in_order(handed, date(2026, 7, 10))
    late = [one.is_late(date(2026, 7, 10)) for one in ordered]
    assert late == sorted(late, reverse=True)
    assert ordered[-1].handed_on == date(2026, 6, 3)
    assert ordered[0].due_on == min(one.due_on for one in ordered if one.handed_on is None)


def test_a_calendar_file_folds_its_lines_and_reminds() -> None:
    found = listed(date(2026, 7, 1), date(2026, 7, 31))
    written = due.ics(found, datetime(2026, 7, 1, tzinfo=UTC))
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    assert written.count("BEGIN:VEVENT") == written.count("TRIGGER:-P3D") == len(found)
    assert "SUMMARY:回访月报（上海，2026-06）" in written.replace("\r\n ", "")
    assert written.endswith("END:VCALENDAR\r\n")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_known_by_its_name(text: str, first: date, last: date) -> None:
    found = stretch(text)
    assert (found.name, found.first, found.last) == (text, first, last)


@pytest.mark.parametrize("text", ["", "2026-13", "2026Q5", "2026H3", "七月", "1999-01"])
def test_what_names_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        stretch(text)


def test_the_last_period_is_the_one_that_is_over() -> None:
    assert last_before(Period.MONTH, date(2026, 3, 1)).name == "2026-02"
    assert last_before(Period.QUARTER, date(2026, 3, 31)).name == "2025Q4"
