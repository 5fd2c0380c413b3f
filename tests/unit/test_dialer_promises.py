"""By when people have to do what a call leaves them (Q4, S13)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from base.calendar import Calendar, Said
from dialer import profile
from dialer.promises import note_rows
from ivr.values import Answer
from records.model import NoteRow

DEFAULT = profile.load(Path("config/profiles/default.yaml"))
FRIDAY = date(2026, 4, 3)
"""Before Qingming: Saturday to Monday, 4 to 6 April, are off."""


def answer(value: str, question: str = "answer_by") -> Answer:
    return Answer(question, value, "", "speech", "", 1.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("code", "due_on"),
    [
        ("promised_answer", date(2026, 4, 13)),
        ("complaint", date(2026, 4, 13)),
        ("out_of_order", date(2026, 4, 8)),
        ("wants_person", date(2026, 4, 7)),
        ("asked_machine", None),
    ],
)
def test_a_note_is_due_after_the_profiles_worked_days(code: str, due_on: date | None) -> None:
    """Q4: an opinion in five, a department's answer in two."""
    assert note_rows([code], [], FRIDAY, DEFAULT, taken_over=False) == (NoteRow(code, due_on),)


@pytest.mark.parametrize(
    ("value", "due_on"),
    [
        ("2026-04-20", date(2026, 4, 20)),
        ("2026-04-03", FRIDAY),
        ("2026-04-02", date(2026, 4, 13)),
        ("any", date(2026, 4, 13)),
        ("not_understood", date(2026, 4, 13)),
    ],
)
def test_the_day_that_the_customer_named_goes_before(value: str, due_on: date) -> None:
    """S13. A day that is over was misheard, and is none."""
    rows = note_rows(["promised_answer", "complaint"], [answer(value)], FRIDAY, DEFAULT, taken_over=False)
    assert rows == (NoteRow("promised_answer", due_on), NoteRow("complaint", date(2026, 4, 13)))


def test_other_questions_name_no_day() -> None:
    named = [answer("2026-04-20", "asked_on")]
    (row,) = note_rows(["promised_answer"], named, FRIDAY, DEFAULT, taken_over=False)
    assert row.due_on == date(2026, 4, 13)


def test_who_has_talked_to_a_person_waits_for_none() -> None:
    """S14; a complaint is still to be answered."""
    rows = note_rows(["wants_person", "complaint"], [], FRIDAY, DEFAULT, taken_over=True)
    assert [row.due_on is None for row in rows] == [True, False]


def test_each_note_is_kept_once() -> None:
    assert len(note_rows(["angry", "complaint", "angry"], [], FRIDAY, DEFAULT, taken_over=False)) == 2


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [
        (FRIDAY, 0, FRIDAY),
        (date(2026, 4, 4), 0, date(2026, 4, 7)),
        (date(2026, 4, 4), 1, date(2026, 4, 7)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 10, 9), 1, date(2026, 10, 10)),
    ],
)
def test_worked_days_are_counted_by_the_official_calendar(day: date, count: int, end: date) -> None:
    """P10: holidays are left out, made-up weekends (10 October) count."""
    assert Calendar().worked_after(day, count) == end


def test_a_day_that_the_site_took_off_is_not_counted() -> None:
    assert Calendar(said={date(2026, 4, 7): Said.OFF}).worked_after(FRIDAY, 1) == date(2026, 4, 8)


def test_a_profile_changes_single_notes(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "extends: default\nname: own\nvalid_from: 2026-01-01\nnote_days: {complaint: 3, fees: 1}\n"
    )
    shipped = Path("config/profiles")
    loaded = profile.load(own, lambda name: shipped / f"{name}.yaml")
    assert (loaded.note_days["complaint"], loaded.note_days["fees"]) == (3, 1)
    assert loaded.note_days["promised_answer"] == DEFAULT.note_days["promised_answer"]
