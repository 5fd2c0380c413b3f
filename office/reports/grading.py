"""What a worksheet came to, by the cases of its calls (W3, Q1)."""

from __future__ import annotations

from dataclasses import replace

from base.errors import InputError
from office.place import Place
from papers import reviewed
from papers.result import Finding
from papers.reviewed import GRAVITY
from papers.worksheet import People
from plans.paperwork import Grade
from records import cases
from records.followed import Found

_TOLD = 5
"""Calls that are named."""


async def judged(site: Place, number: str, found: Found, people: People, grade: Grade | None) -> Finding:
    """What people found of a worksheet's calls: by the cases, unless `grade` says more.

    Raises:
        InputError: nobody was called, a call has leads that nobody has graded, or a case says worse.
    """
    calls = [call.id for one in found.followed for call in one.calls]
    known = reviewed.finding(await cases.of_calls(site.database, calls), people)
    if grade is None and not any(one.called for one in found.owed):
        raise InputError("nobody was called for it yet: there is nothing to grade", where=number)
    left = [] if grade else await cases.ungraded(site.database, calls)
    if left:
        some = ", ".join(map(str, left[:_TOLD]))
        what = f"nobody has graded the leads of {len(left)} of its calls (Q1): {some}"
        raise InputError(what, where=number, remedy="grade them in the console, or say --grade")
    if grade and GRAVITY.index(grade) > GRAVITY.index(known.grade):
        what = f"a case of its calls is graded {known.grade.value}, which is worse"
        raise InputError(what, where=f"--grade {grade.value}")
    return replace(known, grade=grade or known.grade)
