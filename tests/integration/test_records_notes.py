"""Notes that calls left: found with their state, marked as done with who and when; on both engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from base.errors import InputError
from records.calls import call_of
from records.closing import close
from records.database import Database
from records.events import events_of
from records.model import NoteRow
from records.notes import NoteState, listed, mark_done
from tests.records_kit import NOW, Where, after, dialed, opened, over, person, started, talk

TODAY = date(2026, 3, 10)
TUESDAY, WEDNESDAY = date(2026, 3, 10), date(2026, 3, 11)
LONG_PAST = date(2026, 3, 6)


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def _call(db: Database, n: int, *notes: NoteRow) -> int:
    claim = await dialed(db, await started(db, [person(n)], name=f"批次{n}"))
    await close(db, replace(talk(claim, over()), notes=notes), NOW)
    return claim.attempt_id


async def _several(db: Database) -> tuple[int, int]:
    first = await _call(db, 1, NoteRow("angry"), NoteRow("promised_answer", WEDNESDAY))
    await _call(db, 2)
    third = await _call(db, 3, NoteRow("promised_answer", LONG_PAST), NoteRow("complaint", TUESDAY))
    return first, third


async def test_open_notes_come_first_and_the_soonest_due_before_all(db: Database) -> None:
    first, third = await _several(db)
    await _call(db, 4, NoteRow("asked_machine"))
    angry = next(one for one in await listed(db, TODAY, 10) if one.code == "angry")
    await mark_done(db, [angry.id], "质检甲", after(60))
    found = await listed(db, TODAY, 10)
    assert [(one.code, one.state.value, one.due_on) for one in found] == [
        ("promised_answer", "late", LONG_PAST),
        ("complaint", "open", TUESDAY),
        ("promised_answer", "open", WEDNESDAY),
        ("asked_machine", "open", None),
        ("angry", "done", None),
    ]
    assert [one.call for one in found[:3]] == [third, third, first]
    assert (found[2].customer, found[2].campaign, found[2].disposition) == ("客户1", "批次1", "completed")
    assert [one.id for one in await listed(db, TODAY, 2)] == [one.id for one in found[:2]]


@pytest.mark.parametrize(
    ("code", "state", "codes"),
    [
        ("promised_answer", None, ["promised_answer", "promised_answer"]),
        ("promised%", None, []),
        ("", NoteState.LATE, ["promised_answer"]),
        ("", NoteState.OPEN, ["promised_answer", "complaint", "promised_answer", "angry"]),
        ("", NoteState.DONE, []),
        ("complaint", NoteState.LATE, []),
    ],
)
async def test_notes_are_found_by_code_and_state(
    db: Database, code: str, state: NoteState | None, codes: list[str]
) -> None:
    await _several(db)
    assert [one.code for one in await listed(db, TODAY, 10, code=code, state=state)] == codes


async def test_who_has_done_a_note_is_kept_with_the_call(db: Database) -> None:
    first, _ = await _several(db)
    note = next(one for one in await listed(db, TODAY, 10) if one.due_on == WEDNESDAY)
    (done,) = await mark_done(db, [note.id], "质检甲", after(60))
    assert (done.state, done.done_by, done.done_at) == (NoteState.DONE, "质检甲", after(60))
    assert done in (await call_of(db, first, TODAY)).notes
    event = (await events_of(db, first))[-1]
    assert (event.kind, event.at) == ("note_done", after(60))
    assert event.detail == {"note": "promised_answer", "by": "质检甲"}


async def test_of_several_all_are_marked_or_none(db: Database) -> None:
    await _several(db)
    ids = [one.id for one in await listed(db, TODAY, 10)]
    for more, says in ((999, "note 999: there is no such note"), (ids[0], "was done by 质检甲 at")):
        if more in ids:
            await mark_done(db, [more], "质检甲", after(60))
        before = await listed(db, TODAY, 10)
        with pytest.raises(InputError, match=says):
            await mark_done(db, [*ids, more], "质检乙", after(90))
        assert await listed(db, TODAY, 10) == before
