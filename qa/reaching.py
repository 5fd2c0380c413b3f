"""What somebody gets at: calls of their own branch (C4), of customers whom they may judge (A1)."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request

from base.errors import InputError
from plans.avoidance import involved, may_review
from qa.guarding import console_of, user_of
from records import call_list, facts, spot_checks, staff
from records.database import Database
from records.written import WrittenRecord, record_of


async def check_branch(request: Request, call: int) -> None:
    """Raises InputError for a call that is not there, or of another branch (C4): the same words."""
    branch = user_of(request).branch
    theirs = await call_list.branch_of(console_of(request).database, call)
    if theirs is None or (branch and theirs != branch):
        raise InputError("there is no such call", where=str(call))


async def written_of(request: Request, call: int) -> WrittenRecord:
    """All that is known of a call.

    Raises:
        InputError: as `check_branch`.
    """
    await check_branch(request, call)
    console = console_of(request)
    return await record_of(console.database, call, console.now().date())


async def may_judge(db: Database, people: Sequence[str], calls: Sequence[int]) -> dict[int, bool]:
    """By call, whether all of these people (staff numbers) may judge its customer (A1)."""
    known = (await staff.known(db, people)).values()
    whose = await spot_checks.customers_of(db, calls)
    customers = await facts.facts_of(db, sorted(set(whose.values())))
    away = {id_: involved(one) for id_, one in customers.items()}
    return {call: all(may_review(one, away[id_]) for one in known) for call, id_ in whose.items()}
