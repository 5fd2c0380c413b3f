"""Which report is due when (W4, W6, W7, Q9, P11), and the calendar that reminds of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from base.calendar import Calendar
from plans.duties import Within
from plans.paperwork import Level, Report, ReportForm
from plans.periods import Span, last_day, spans
from plans.sections import Clock, ClockName
from plans.words import REPORTS

REMIND_DAYS = 3
"""So long before the last day a calendar program speaks up."""
_LINE = 75
"""Octets of a line of a calendar file (RFC 5545 section 3.1)."""


@dataclass(frozen=True, slots=True)
class Due:
    """A report that somebody has to hand in.

    Attributes:
        name: the entry in the profile. branch: "" for headquarters.
        span: what it speaks of. due_on: the last day. handed_on: None until it is handed in.
    """

    name: str
    report: Report
    branch: str
    span: Span
    due_on: date
    handed_on: date | None = None

    @property
    def title(self) -> str:
        """回访月报（上海营业部，2026-07）."""
        return f"{REPORTS[self.report.form]}（{self.branch or '总部'}，{self.span.name}）"

    def is_late(self, today: date) -> bool:
        """Whether its last day is over, and it is not there."""
        return self.handed_on is None and self.due_on < today


def due(
    reports: Mapping[str, Report],
    clocks: Mapping[ClockName, Clock],
    branches: Sequence[str],
    calendar: Calendar,
    first: date,
    last: date,
) -> list[Due]:
    """What is due from one day to another, the soonest first.

    Records of a department's order are due upon that order, not by the calendar (Q4): they are not here.
    """
    found = [
        Due(name, report, branch, span, on)
        for name, report in reports.items()
        if report.form is not ReportForm.RECORDS
        for span, on in _days(report, clocks, calendar, first, last)
        for branch in (branches if report.by is Level.BRANCH else ("",))
    ]
    return sorted(found, key=lambda one: (one.due_on, one.name, one.branch))


def with_handed(listed: Iterable[Due], handed: Mapping[tuple[str, str, str], date]) -> list[Due]:
    """The same with the days on which they were handed in, by (name, branch, period)."""
    return [
        Due(*(one.name, one.report, one.branch, one.span, one.due_on), handed.get(key_of(one)))
        for one in listed
    ]


def key_of(one: Due) -> tuple[str, str, str]:
    """What a report is known by: (name, branch, period)."""
    return one.name, one.branch, one.span.name


def in_order(listed: Iterable[Due], today: date) -> list[Due]:
    """Late ones on top, then by their last day; what is handed in comes last."""
    return sorted(
        listed, key=lambda one: (one.handed_on is not None, not one.is_late(today), one.due_on, one.title)
    )


def ics(listed: Iterable[Due], made_at: datetime) -> str:
    """The calendar as a file (RFC 5545): whole days, with a reminder before each."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//huifang//reports//ZH", "CALSCALE:GREGORIAN"]
    for one in listed:
        if one.handed_on is None:
            lines += _event(one, made_at)
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def due_on(report: Report, clocks: Mapping[ClockName, Clock], span: Span, calendar: Calendar) -> date | None:
    """The last day for the report of a period; None where the profile's clocks do not say."""
    within = _within(report, clocks)
    if within is None:
        return None
    return last_day(within, span.first - timedelta(days=1) if report.ahead else span.last, calendar)


def _days(
    report: Report, clocks: Mapping[ClockName, Clock], calendar: Calendar, first: date, last: date
) -> Iterator[tuple[Span, date]]:
    """The periods of which a report is due in this stretch, each with its last day."""
    for span in spans(report.each, first - timedelta(days=800), last):
        on = due_on(report, clocks, span, calendar)
        if on is not None and first <= on <= last:
            yield span, on


def _within(report: Report, clocks: Mapping[ClockName, Clock]) -> Within | None:
    if report.within is not None or report.clock is None:
        return report.within
    clock = clocks.get(report.clock)
    return clock.within if clock else None


def _event(one: Due, made_at: datetime) -> tuple[str, ...]:
    stamp = made_at.astimezone(UTC)
    to = "、".join(one.report.to)
    return (
        "BEGIN:VEVENT",
        f"UID:{'-'.join(key_of(one)).replace(' ', '')}@huifang",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{one.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.due_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(one.title)}",
        f"DESCRIPTION:{_escaped(f'报送：{to}（{one.report.rule}）')}",
        *("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(one.title)}"),
        *(f"TRIGGER:-P{REMIND_DAYS}D", "END:VALARM", "END:VEVENT"),
    )


def _escaped(text: str) -> str:
    for char in ("\\", ";", ","):
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """In pieces of 75 octets at most, never within a character."""
    pieces, size = [""], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _LINE - 1:
            pieces.append("")
            size = 0
        pieces[-1] += char
        size += octets
    return "\r\n ".join(pieces)
