"""By when a complaint or an opinion has to be brought on (Q4). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from base.calendar import Calendar
from plans.periods import last_day
from plans.sections import Clock, ClockName
from records import complaining
from records.complaining import Complaint


def last_days(
    complaint: Complaint, clocks: Mapping[ClockName, Clock], calendar: Calendar
) -> dict[ClockName, date]:
    """The last day of each clock that runs, the soonest first."""
    running = {ClockName(name.value): began for name, began in complaining.running(complaint).items()}
    days = {
        name: last_day(clocks[name].within, began, calendar)
        for name, began in running.items()
        if name in clocks
    }
    return dict(sorted(days.items(), key=lambda one: one[1]))


def next_due(complaint: Complaint, clocks: Mapping[ClockName, Clock], calendar: Calendar) -> date | None:
    """The last day of the clock that runs out next; None where none runs."""
    return next(iter(last_days(complaint, clocks, calendar).values()), None)
