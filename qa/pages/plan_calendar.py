"""The calendar: last days of reports and follow-ups, holidays, made-up days, what is late (W4, P10)."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from base.errors import InputError
from office.reports import making
from papers.due import Due
from qa import choosing, months
from qa.guarding import console_of, user_of
from qa.showing import page
from records import obligations

router = APIRouter(prefix="/plans/calendar")

BACK = timedelta(days=60)
"""So far back late reports are told, whichever month is shown."""


@router.get("")
async def show(request: Request, month: str = "", profile: str = "") -> Response:
    """A month; a branch sees what is due of it."""
    console, branch = console_of(request), user_of(request).branch
    today = console.now().date()
    name = await choosing.profile_name(console, profile)
    why, first, late, due = "", today.replace(day=1), list[Due](), list[Due]()
    try:
        first = months.month_of(month, today)
        due = await _due(request, name, *months.days_of(first))
        late = [one for one in await _due(request, name, today - BACK, today) if one.is_late(today)]
    except InputError as error:
        why = str(error)
    needs = await console.figures.of(
        ("needs", branch), lambda: obligations.needs(console.database, branch or None)
    )
    reports = months.together(due, today)
    before, after = months.beside(first)
    return page(
        request,
        "calendar.html",
        400 if why else 200,
        **{"why": why, "month": first, "before": before, "after": after, "today": today},
        **{"profile": name, "profiles": console.place.profiles()},
        weeks=months.grid(first, console.place.calendar(), dict(needs), reports),
        late=months.together(late, today),
        reports=[one for one in reports if (one.due_on.year, one.due_on.month) == (first.year, first.month)],
    )


async def _due(request: Request, name: str, first: date, last: date) -> list[Due]:
    """Reports of the profile; a branch has its own, and none of headquarters (C4)."""
    console, branch = console_of(request), user_of(request).branch
    found = await making.calendar(console.place, await choosing.profile_of(console, name), first, last)
    return [one for one in found if branch in ("", one.branch)]
