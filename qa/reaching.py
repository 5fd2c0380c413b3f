"""What somebody gets at: calls of their own branch (C4), of customers whom they may judge (A1)."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request

from base.errors import InputError
from office.place import Place
from office.planning.sheets import kept_away
from plans.avoidance import may_review
from qa.guarding import console_of, user_of
from records import call_list, spot_checks, staff
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


async def may_judge(place: Place, people: Sequence[str], calls: Sequence[int]) -> dict[int, bool]:
    """By call, whether all of these people (staff numbers) may judge its customer (A1).

    What several of the calls to a customer were made for counts for each of them.
    """
    known = (await staff.known(place.database, people)).values()
    made_for = await spot_checks.made_for(place.database, calls)
    occasions: dict[int, list[str]] = {customer: [] for _, customer, _ in made_for}
    for _, customer, occasion in made_for:
        occasions[customer].extend([occasion] if occasion else [])
    away = await kept_away(place, occasions)
    return {call: all(may_review(one, away[id_]) for one in known) for call, id_, _ in made_for}
