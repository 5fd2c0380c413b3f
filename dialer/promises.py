"""By when people have to do what a call leaves them: the day that was promised, else the profile's (Q4, S13).

Pure. A script promises by convention: the note `promised_answer` is due on the day that its question
`answer_by` was answered with. What a person has done already, who took the call over, is due on no day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dialer.profile import Profile
from ivr.values import Answer
from records.model import NoteRow

PROMISED = "promised_answer"
NAMED_BY = "answer_by"
MET = frozenset({"wants_person", "dialect"})
"""Wishes that are met once a person has taken the call over (S14)."""


def note_rows(
    codes: Sequence[str], answers: Sequence[Answer], on: date, profile: Profile, *, taken_over: bool
) -> tuple[NoteRow, ...]:
    """The notes of a call, each once.

    Args:
        codes: what the script and the call noted.
        answers: of the conversation.
        on: the business day of the call.
        taken_over: a person took the call.
    """
    due = {code: _due(code, on, profile) for code in codes}
    if PROMISED in due:
        due[PROMISED] = _named(answers, on) or due[PROMISED]
    if taken_over:
        due |= dict.fromkeys(MET & due.keys())
    return tuple(NoteRow(code, day) for code, day in due.items())


def _due(code: str, on: date, profile: Profile) -> date | None:
    days = profile.note_days.get(code)
    return None if days is None else profile.calendar.worked_after(on, days)


def _named(answers: Sequence[Answer], on: date) -> date | None:
    """The day that the customer named, unless it is over or none."""
    value = next((one.value for one in answers if one.question == NAMED_BY), "")
    try:
        named = date.fromisoformat(value)
    except ValueError:
        return None
    return named if named >= on else None
