"""What the machine hands over, on both engines: each thing once, none that was settled elsewhere."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from base.errors import InputError
from records import complaints, contact_changes, desk, desk_intake, desk_records, ledger, notes, person_calls
from records.complaining import Complaint, Did, Step
from records.contact_changes import Change, State, What
from records.database import Database
from records.desk import Asked, NewItem
from records.desk_records import Answered, Record
from records.handed import Reason, Result
from records.model import Claim, Closing, Kind, LineLimits, NoteRow
from records.person_calls import Over
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


async def test_a_call_by_click_is_an_attempt_without_a_ring_and_one_at_a_time(db: Database) -> None:
    await hand_over(db, ("exhausted", "no_answer", ()), ("exhausted", "no_answer", ()))
    await desk_intake.take_in(db)
    for item, clerk in ((1, "1001"), (2, "1002")):
        await desk.claim(db, item, clerk, NOW)
        await person_calls.ask(db, item, clerk, "", NOW)
    with pytest.raises(InputError, match="another call"):
        await person_calls.ask(db, 1, "1001", "", NOW)
    line = LineLimits("demo", 1, math.inf)
    taken = await person_calls.take(db, ["1001", "1002"], [line], "node", "recordings/x", NOW, 60)
    assert taken is not None
    assert await person_calls.take(db, ["1002"], [line], "node", "recordings/y", NOW, 60) is None
    await person_calls.end(db, taken, Over("handed_over", "talked", after(9), after(2)))
    found = [await person_calls.of_item(db, item, after(9)) for item in (1, 2)]
    assert [one and one.outcome for one in found] == ["talked", "no_line"]
    assert [one.rung for one in await ledger.past(db, 1)] == [True, False]
    assert await desk_records.has_recording(db, taken.attempt_id, 1)


async def test_what_is_written_ends_the_item_and_asks_for_changes(db: Database) -> None:
    await hand_over(db, ("exhausted", "no_answer", ()))
    await desk_intake.take_in(db)
    await desk.claim(db, 1, "1001", NOW)
    answers = (Answered("owner", "请问是本人吗", "yes", "本人"),)
    said = ("核实", "已逐题询问", "", Result.UNREACHABLE, False, "", answers)
    await desk_records.finish(db, 1, Record(NOW, "1001", Kind.PERIODIC, "phone", *said), "", NOW)
    (kept,) = await desk_records.of_customer(db, 1)
    assert (kept.record.answers, kept.counted) == (answers, "")
    assert await reasons(db, done=True) == [("客户1", "exhausted")]
    await contact_changes.ask(db, Change(0, 1, What.EMAIL, "a@example.com", 1, 1, "", NOW, "1001"))
    with pytest.raises(InputError, match="does not confirm"):
        await contact_changes.close(db, 1, State.MADE, "", "", "1001", NOW)
    await contact_changes.close(db, 1, State.MADE, "", "上海营业部", "1002", NOW)
    assert [one.state for one in await contact_changes.listed(db, customer_id=1)] == [State.MADE]


async def test_complaints_of_calls_stand_by_the_clock_that_runs_out_next(db: Database) -> None:
    await hand_over(db, ("completed", "talk", (NoteRow("complaint"),)))

    def due(complaint: Complaint) -> date | None:
        return date(2026, 3, 5) if complaint.passed_at else date(2026, 3, 11)

    for _ in range(2):
        await complaints.take_in(db, {"complaint": "投诉"}, NOW, due)
    for department in ("运营", "市场"):
        did = Did(Step.PASSED, NOW, "1001", department=department)
        await complaints.step(db, 1, did, "", due)
    found = await complaints.listed(db, date(2026, 3, 6), ALL)
    assert (found.total, found.late, found.complaints[0][1]) == (1, 1, date(2026, 3, 5))
    assert [one.words for one in (await complaints.get(db, 1)).steps] == ["投诉", "运营", "市场"]
