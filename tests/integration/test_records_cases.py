"""Cases of review on both engines: taken by one, carried on, listed with what is late on top, audited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from base.errors import InputError
from plans.casework import Refused
from plans.paperwork import Role
from records import audit, case_queue, cases, listening, retention, schema, verdicts
from records.audit import Asked
from records.case_queue import Reader
from records.cases import Taken
from records.database import Database
from records.listening import Talk
from records.model import NewCustomer
from records.reviewed import GRADING, Case, Grade, Severity
from records.search import Page
from records.verdicts import Verdict
from tests.case_kit import (
    BRANCH,
    FLAG,
    HEAD,
    REVIEWER,
    RULES,
    WHO,
    claimed,
    doing,
    first_turn,
    flagged,
    given,
)
from tests.records_kit import NOW, Where, after, execute, opened, person, scalar, started

ALL = Page(50, 0)


@pytest.fixture
async def db(store: Where) -> AsyncIterator[Database]:
    async with opened(store) as database:
        yield database


def reader(now: datetime = NOW, branch: str = "", *kept: str, raised_before: datetime = NOW) -> Reader:
    return Reader(branch, kept, now, raised_before)


async def call(db: Database, *people: NewCustomer) -> int:
    return await flagged(db, await started(db, people or [person(1)]))


async def waiting(db: Database, who: Reader) -> list[int]:
    total, found = await case_queue.waiting(db, who, ALL)
    assert total == len(found)
    return [one.call for one in found]


async def done(db: Database, case: Case) -> Case:
    """All that is left of a case."""
    while step := RULES.standing(case).now:
        case = await cases.do(db, case.id, doing(WHO[step.role], given(step.key)), NOW)
    return case


async def test_of_two_who_claim_at_once_one_wins(db: Database) -> None:
    one = await call(db)
    claims = (cases.claim(db, one, by, after(3600), NOW, first_turn) for by in ("1001", "1002"))
    found = await asyncio.gather(*claims, return_exceptions=True)
    assert sum(isinstance(each, Case) for each in found) == 1
    assert sum(isinstance(each, Taken) for each in found) == 1
    assert len((await cases.get(db, 1)).acts) == 1


async def test_a_claim_ends_with_its_time_or_when_it_is_given_back(db: Database) -> None:
    case = await claimed(db, await call(db))
    assert (case.turn.step, case.severity, case.raised_at) == (GRADING, Severity.HIGH, NOW)
    assert case.held_by("1001", NOW)
    with pytest.raises(Taken, match="1001 has it until"):
        await claimed(db, case.call, "1002", after(3599))
    other = await claimed(db, case.call, "1002", after(3600))
    assert (other.id, other.claimed_by) == (case.id, "1002")
    with pytest.raises(Taken):
        await cases.release(db, case.id, "1001", after(3700))
    await cases.release(db, case.id, "1002", after(3700))
    assert (await cases.get(db, case.id)).claimed_by == ""
    with pytest.raises(InputError, match="no such call"):
        await claimed(db, 99)


async def test_a_case_goes_its_whole_way_and_is_closed(db: Database) -> None:
    case = await claimed(db, await call(db))
    case = await cases.do(db, case.id, doing(REVIEWER, given(GRADING, "violation")), NOW)
    assert (case.turn.grade, case.turn.step, case.turn.role, case.claimed_by) == (
        Grade.VIOLATION,
        "opinion.retail",
        Role.RETAIL,
        "",
    )
    with pytest.raises(Taken, match="not to be graded"):
        await claimed(db, case.call, "1002")
    case = await done(db, case)
    assert (case.closed_at, case.turn.step) == (NOW, "")
    assert case == await cases.get(db, case.id)
    assert [act.n for act in case.acts] == list(range(1, 12))
    assert await cases.of_call(db, case.call) == case.id


async def test_what_is_refused_leaves_no_trace(db: Database) -> None:
    case = await claimed(db, await call(db))
    with pytest.raises(Refused):
        await cases.do(db, case.id, doing(HEAD, given(GRADING, "none")), NOW)
    assert await cases.get(db, case.id) == case
    with pytest.raises(InputError, match="no such case"):
        await cases.do(db, 99, doing(HEAD, given(GRADING, "none")), NOW)


async def test_of_two_who_do_the_same_step_at_once_one_is_refused(db: Database) -> None:
    case = await claimed(db, await call(db))
    await cases.do(db, case.id, doing(REVIEWER, given(GRADING, "none")), NOW)
    sign = doing(WHO[Role.MARKETING_DESK], given("sign.marketing_desk"))
    found = await asyncio.gather(*(cases.do(db, case.id, sign, NOW) for _ in "12"), return_exceptions=True)
    assert sum(isinstance(one, Refused) for one in found) == 1


async def test_every_act_is_on_the_trail_without_its_words(db: Database) -> None:
    case = await claimed(db, await call(db))
    case = await cases.do(db, case.id, doing(REVIEWER, given(GRADING, "none")), NOW)
    await done(db, case)
    rows = await audit.listed(db, Asked(of=f"case {case.id}"), 10)
    acts = [row.act for row in reversed(rows)]
    assert [(act.who, act.what) for act in acts] == [
        ("1001", "claim"),
        ("1001", "grade"),
        ("2000", "signed"),
        ("2001", "signed"),
        ("1001", "closed"),
    ]
    assert acts[1].detail == {"call": 1, "step": GRADING, "outcome": "none"}
    assert acts[2].detail["sha256"] == acts[3].detail["sha256"]


async def test_the_queue_has_what_nobody_graded_or_holds(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(1, 4)])
    faint = replace(FLAG, tier="faint")
    first, second, third = [await flagged(db, campaign, *some) for some in ((FLAG, FLAG), (FLAG,), (faint,))]
    assert await waiting(db, reader()) == [first, second]
    (one, _) = (await case_queue.waiting(db, reader(), ALL))[1]
    assert (one.categories, one.severity, one.case, one.late) == (("约定分成",), Severity.HIGH, None, False)
    case = await claimed(db, first)
    assert await waiting(db, reader()) == [second]
    assert await waiting(db, reader(after(3601))) == [first, second]
    await claimed(db, third)
    assert (await case_queue.in_hand(db, reader(), ALL))[0] == 2
    await cases.do(db, case.id, doing(REVIEWER, given(GRADING, "none")), NOW)
    assert await waiting(db, reader(after(3601))) == [second]


async def test_a_call_whose_leads_were_all_heard_to_be_wrong_does_not_wait(db: Database) -> None:
    """One that is inaudible is not clean."""
    one = await call(db)
    flag = await scalar(db, sa.select(schema.flag.c.id))
    await verdicts.give(db, flag, Verdict.INAUDIBLE, "1001", NOW)
    assert await waiting(db, reader()) == [one]
    await verdicts.give(db, flag, Verdict.WRONG, "1001", NOW)
    assert await waiting(db, reader()) == []


async def test_late_comes_first_then_what_is_graver_then_what_is_older(db: Database) -> None:
    campaign = await started(db, [person(n) for n in range(1, 5)])
    grave = ("low", "high", "medium", "high")
    calls = [await flagged(db, campaign, replace(FLAG, severity=one)) for one in grave]
    ended = schema.attempt.c.ended_at
    days = {calls[0]: 30, calls[3]: 1}
    for one, back in days.items():
        change = sa.update(schema.attempt).where(schema.attempt.c.id == one)
        await execute(db, change.values({ended: NOW - timedelta(days=back)}))
    late = reader(raised_before=NOW - timedelta(days=20))
    assert await waiting(db, late) == [calls[0], calls[3], calls[1], calls[2]]


async def test_a1_c4_whose_customers_are_not_shown(db: Database) -> None:
    one = await call(db)
    assert await waiting(db, reader(NOW, BRANCH)) == [one]
    assert await waiting(db, reader(NOW, "杭州营业部")) == []
    for column in ("introducer", "opened_by", "signed_by", "manager_no"):
        await execute(db, sa.update(schema.customer).values({column: "0700"}))
        assert await waiting(db, reader(NOW, "", "1001", "0700")) == []
        assert await waiting(db, reader(NOW, "", "1001")) == [one]
        await execute(db, sa.update(schema.customer).values({column: ""}))


async def test_cases_in_hand_are_asked_for_by_whose_turn_it_is(db: Database) -> None:
    campaign = await started(db, [person(1), person(2)])
    first, second = [await claimed(db, await flagged(db, campaign)) for _ in "12"]
    await cases.do(db, first.id, doing(REVIEWER, given(GRADING, "violation")), NOW)

    async def listed(roles: set[str], mine: str, now: datetime = NOW) -> list[int]:
        return [one.case for one in (await case_queue.in_hand(db, reader(now), ALL, roles, mine))[1]]

    assert await listed({"retail"}, "9003") == [first.id]
    assert await listed({"reviewer"}, "1001") == [second.id]
    assert await listed({"reviewer"}, "1001", after(3601)) == []
    assert await listed({"reviewer"}, "1002") == []
    case = await done(db, await cases.get(db, first.id))
    total, found = await case_queue.closed(db, reader(), ALL)
    assert (total, found[0].case, found[0].closed_at) == (1, case.id, NOW)


async def test_r3_a_purge_waits_for_the_end_of_a_case_and_takes_it_along(db: Database) -> None:
    case = await claimed(db, await call(db))
    await listening.add(db, Talk(case.call), "1001", [(0.0, 3.0)], NOW)
    assert await retention.made_before(db, after(1)) == []
    case = await cases.do(db, case.id, doing(REVIEWER, given(GRADING, "none")), NOW)
    await done(db, case)
    (kept,) = await retention.made_before(db, after(1))
    assert await retention.delete(db, kept, [], "1001", NOW)
    assert await cases.of_call(db, case.call) is None
