"""Notes that calls left are found again, with the day an answer was promised by; on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from records.closing import close
from records.database import Database
from records.model import AnswerRow
from records.notes import noted
from tests.records_kit import NOW, Where, dialed, opened, over, person, started, talk


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def _call(db: Database, n: int, notes: tuple[str, ...], promised: str = "") -> int:
    claim = await dialed(db, await started(db, [person(n)], name=f"批次{n}"))
    answers = (AnswerRow("answer_by", promised, "", "speech", "", 1.0, 0.0, 1.0),) if promised else ()
    await close(db, replace(talk(claim, over()), notes=notes, answers=answers), NOW)
    return claim.attempt_id


async def test_calls_are_found_by_their_note(db: Database) -> None:
    first = await _call(db, 1, ("angry", "promised_answer"), "2026-03-11")
    await _call(db, 2, ())
    open_day = await _call(db, 3, ("promised_answer",), "declined")
    other = await _call(db, 4, ("promised_answers", "complaint"))
    found = await noted(db, 10, "promised_answer")
    assert [(one.id, one.promised) for one in found] == [(open_day, None), (first, date(2026, 3, 11))]
    assert (found[1].notes, found[1].customer, found[1].campaign) == (
        ("angry", "promised_answer"), "客户1", "批次1",
    )  # fmt: skip
    assert [one.id for one in await noted(db, 10)] == [other, open_day, first]
    assert [one.id for one in await noted(db, 1)] == [other]
    assert await noted(db, 10, "promised%") == ()
