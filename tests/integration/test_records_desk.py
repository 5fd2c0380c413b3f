"""What the machine hands over, on both engines: each thing once, none that was settled elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from base.errors import InputError
from records import desk, desk_intake, ledger, notes
from records.database import Database
from records.desk import Asked, NewItem
from records.handed import Reason
from records.model import Claim, Closing, Kind, NoteRow
from records.search import Page
from tests.records_kit import NOW, Where, after, dialed, ending, opened, over, person, started, talk

ALL = Page(50, 0)


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


async def hand_over(db: Database, *endings: tuple[str, str, tuple[NoteRow, ...]]) -> None:
    """One follow-up for each: how it ended, its call, what the call noted."""
    people = [person(n) for n in range(1, len(endings) + 1)]
    campaign = await started(db, people, deadline=NOW + timedelta(days=2))
    for disposition, last, noted in endings:
        claim = await dialed(db, campaign)
        closing = replace(talk(claim), notes=noted) if last == "talk" else _unanswered(claim, last)
        await ledger.close(db, replace(closing, next=over(disposition)), NOW)


def _unanswered(claim: Claim, disposition: str) -> Closing:
    return ending(claim, over(), disposition=disposition)


async def reasons(db: Database, **asked: object) -> list[tuple[str, str]]:
    found = await desk.listed(db, Asked(**asked), NOW, ALL)  # type: ignore[arg-type]
    return [(one.customer.name, one.reason.value) for one in found.items]


async def test_each_end_has_its_reason_and_comes_once(db: Database) -> None:
    await hand_over(
        db,
        ("exhausted", "no_answer", ()),
        ("insufficient", "busy", ()),
        ("insufficient", "unheard", ()),
        ("refused", "talk", ()),
        ("handed_over", "talk", (NoteRow("dialect", date(2026, 3, 5)),)),
        ("wrong_party", "talk", ()),
        ("hung_up", "talk", ()),
        ("completed", "talk", (NoteRow("promised_answer", date(2026, 3, 4)), NoteRow("asked_machine"))),
        ("completed", "talk", ()),
    )
    assert await desk_intake.take_in(db) == 8
    assert await desk_intake.take_in(db) == 0
    assert sorted(await reasons(db)) == [
        ("客户1", "exhausted"),
        ("客户2", "insufficient"),
        ("客户3", "not_understood"),
        ("客户4", "notice"),
        ("客户5", "dialect"),
        ("客户6", "number"),
        ("客户7", "look"),
        ("客户8", "answer"),
    ]
    assert (await reasons(db))[0] == ("客户8", "answer")
    assert await reasons(db, reason="answer") == [("客户8", "answer")]
    assert await reasons(db, branch="北京营业部") == []


async def test_what_was_done_elsewhere_is_off_the_desk(db: Database) -> None:
    await hand_over(db, ("completed", "talk", (NoteRow("wants_help"),)))
    await desk_intake.take_in(db)
    assert await reasons(db) == [("客户1", "help")]
    (note,) = await notes.listed(db, NOW.date(), 5)
    await notes.mark_done(db, [note.id], "1002", NOW)
    assert await reasons(db) == []


async def test_a_lease_keeps_others_off_until_it_is_over(db: Database) -> None:
    await hand_over(db, ("exhausted", "no_answer", ()))
    await desk_intake.take_in(db)
    await desk.claim(db, 1, "1001", NOW)
    with pytest.raises(InputError, match="1001 has it"):
        await desk.claim(db, 1, "1002", after(60))
    assert await reasons(db, mine="1001") == [("客户1", "exhausted")]
    await desk.claim(db, 1, "1002", after(desk.LEASE.total_seconds()))
    with pytest.raises(InputError, match="take it first"):
        await desk.give_back(db, 1, "1001", after(3600))
    await desk.give_back(db, 1, "1002", after(3600))
    assert (await desk.get(db, 1)).claimed_by == ""


async def test_the_same_thing_is_laid_on_the_desk_once(db: Database) -> None:
    await started(db, [person(1)], kind=Kind.PERIODIC)
    item = NewItem("case 3 check.caller", Reason.SECOND_CALL, 1, NOW, not_by=("1001",))
    for _ in range(2):
        await db.write(lambda connection: desk.put(connection, item))
    found = await desk.listed(db, Asked(), NOW, ALL)
    assert [(one.reason, one.not_by) for one in found.items] == [(Reason.SECOND_CALL, ("1001",))]
