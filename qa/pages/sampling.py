"""Spot checks: samples of calls that people score, how far they are, what they tell (Q5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from base.errors import InputError
from plans.agreement import Agreement, Deviation, Sheet, agreement, deviations
from plans.spot_checks import Heard, Missed, is_shown, missed
from qa import access, asking, drawing
from qa.guarding import console_of, user_of
from qa.showing import back_to, page
from records import scores, spot_checks, users
from records.database import Database
from records.model import Kind
from records.scored import CheckedCall, Judged, Score, SpotCheck, Tally, Violation
from records.users import User

router = APIRouter(prefix="/review/checks")

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_LISTED = 20


@router.get("")
async def listed(request: Request) -> Response:
    """All spot checks that one may see, with a form for a new one."""
    return await _list(request)


@router.post("")
async def make(request: Request) -> Response:
    """Draw a new one."""
    console, form = console_of(request), await request.form()
    fields = {name: str(value) for name, value in form.items()}
    fields["reviewers"] = ",".join(map(str, form.getlist("reviewer")))
    user = user_of(request)
    try:
        reviewers = [one.number for one in await _reviewers(console.database, user)]
        cards = [one.name for one in console.scorecards]
        check = drawing.wished(fields, reviewers, cards, user, console.now())
        id_ = await drawing.make(console.place, check)
    except InputError as error:
        return await _list(request, str(error), fields)
    return back_to(f"/review/checks/{id_}", "said.drawn")


@router.get("/{check}")
async def show(request: Request, check: Id, again: bool = False) -> Response:
    """One of them; `again`: with the sample drawn again by its seed."""
    db, user = console_of(request).database, user_of(request)
    found = await own_check(request, check)
    tally = await spot_checks.tally(db, found)
    shown = is_shown(found, tally, console_of(request).now().date())
    calls = await spot_checks.calls(db, check, asking.page_asked(request.query_params))
    return page(
        request,
        "check.html",
        200,
        **{"check": found, "tally": tally, "shown": shown, "today": console_of(request).now().date()},
        **{"calls": [(one, _visible(one, shown, user)) for one in calls]},
        **{"paging": asking.paging(request.url.path, request.query_params, tally.calls)},
        **await _told(db, found, tally, shown),
        asks={item.key: item.asks for card in console_of(request).scorecards for item in card.items},
        left_out=await drawing.again(db, found) if again and not found.reviewers else None,
    )


async def own_check(request: Request, id_: int) -> SpotCheck:
    """Raises InputError for one that is not there, or of another branch (C4): the same words."""
    found = await spot_checks.get(console_of(request).database, id_)
    if (branch := user_of(request).branch) and found.branch != branch:
        raise InputError("there is no such spot check", where=str(id_))
    return found


async def _list(request: Request, why: str = "", asked: Mapping[str, str] | None = None) -> Response:
    console, user = console_of(request), user_of(request)
    shown = asking.page_asked(request.query_params, _LISTED)
    total, checks = await spot_checks.listed(console.database, user.branch, shown)
    return page(
        request,
        "checks.html",
        400 if why else 200,
        **{"why": why, "asked": asked or {}, "kinds": list(Kind), "cards": console.scorecards},
        checks=checks,
        paging=asking.paging("/review/checks", request.query_params, total, _LISTED),
        reviewers=await _reviewers(console.database, user),
        today=console.now().date(),
    )


async def _reviewers(db: Database, user: User) -> list[User]:
    """Who may be asked to compare: scorers of headquarters, and of one's own branch (C4)."""
    everybody = [one for one in await users.everybody(db) if not one.locked]
    return [one for one in everybody if one.roles & access.SCORERS and one.branch in ("", user.branch)]


def _visible(call: CheckedCall, shown: bool, user: User) -> Sequence[Score]:
    return [one for one in call.scores if shown or one.given.by == user.number]


async def _told(db: Database, check: SpotCheck, tally: Tally, shown: bool) -> dict[str, object]:
    """What the scores tell so far; of a comparison nothing before all may see it."""
    nothing: dict[str, object] = dict.fromkeys(("judged", "missed", "agreed", "deviations", "left"))
    if check.reviewers:
        return nothing | (await _compared(db, check) if shown else {})
    judged = await spot_checks.results(db, check.id)
    return nothing | {"judged": _summed(judged), "missed": _missed(judged, check, tally)}


def _summed(judged: Sequence[Judged]) -> dict[str, float]:
    """Of all scores: how many, passed, with a violation; their mean."""
    count = sum(one.count for one in judged)
    return {
        "count": count,
        "passed": sum(one.passed for one in judged),
        "violations": sum(one.count for one in judged if one.violation is Violation.YES),
        "inaudible": sum(one.count for one in judged if one.violation is Violation.INAUDIBLE),
        "mean": sum(one.points for one in judged) / count if count else 0.0,
    }


def _missed(judged: Sequence[Judged], check: SpotCheck, tally: Tally) -> Missed | None:
    """None where no call without a flag was scored yet."""
    unflagged, flagged = (_heard(judged, is_flagged) for is_flagged in (False, True))
    return missed(unflagged, check.unflagged, flagged, tally.flagged) if unflagged.count else None


def _heard(judged: Sequence[Judged], flagged: bool) -> Heard:
    by = {one.violation: one.count for one in judged if one.flagged == flagged}
    return Heard(*(by.get(one, 0) for one in (Violation.YES, Violation.NO, Violation.INAUDIBLE)))


async def _compared(db: Database, check: SpotCheck) -> dict[str, object]:
    """Over the calls that every reviewer has scored who scored any."""
    by: dict[int, dict[str, Sheet]] = {}
    for one in await scores.of_check(db, check.id):
        given = one.given
        by.setdefault(given.call, {})[given.by] = Sheet(given.total, given.violation, given.answers)
    active = [who for who in check.reviewers if any(who in sheets for sheets in by.values())]
    whole = [sheets for sheets in by.values() if len(sheets) == len(active)]
    if len(active) < 2 or not whole:
        return {}
    agreed: dict[str, Agreement | None] = {
        "violation": agreement([[sheets[who].violation for who in active] for sheets in whole])
    }
    differ: list[Deviation] = deviations({who: [sheets[who] for sheets in whole] for who in active})
    return {"agreed": agreed["violation"], "deviations": differ, "left": len(by) - len(whole)}
