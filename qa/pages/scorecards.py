"""Scorecards, a call scored by one, an objection to it and the second decision (Q5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import Response

from base.errors import InputError
from plans.avoidance import may_review
from plans.scorecards import Answer
from plans.spot_checks import is_shown, refusal_to_decide
from qa import access, players
from qa.filling import number
from qa.guarding import console_of, user_of
from qa.noting import note
from qa.pages.sampling import own_check
from qa.reaching import check_branch, written_of
from qa.reviewing import capacity
from qa.scoring import by_form, card_of, cards_for
from qa.showing import back_to, page
from records import listening, scores, spot_checks
from records.listening import Talk
from records.scored import Score, SpotCheck, Violation

router = APIRouter()

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Check = Annotated[int, Query(ge=0, le=2**63 - 1)]
_WAITING = 50


@router.get("/review/scorecards")
async def listed(request: Request) -> Response:
    """The cards, and the objections that wait."""
    console = console_of(request)
    waiting = await scores.objections(console.database, user_of(request).branch, _WAITING)
    return page(request, "scorecards.html", cards=console.scorecards, waiting=waiting)


@router.get("/calls/{call}/score")
async def show(request: Request, call: Id, check: Check = 0, card: str = "") -> Response:
    """A call with an empty card."""
    return await _form(request, call, check, {"card": card})


@router.post("/calls/{call}/score")
async def give(request: Request, call: Id) -> Response:
    """Score it."""
    await check_branch(request, call)
    console, user = console_of(request), user_of(request)
    form = {name: str(value) for name, value in (await request.form()).items()}
    check = number(form.get("check", "")) or 0
    if await _refusal(request, call, await _check(request, check)):
        return await _form(request, call, check, form, status=403)
    try:
        given, card = by_form(form, console.scorecards, call, check or None, user.number, console.now())
        id_ = await scores.give(console.database, given, card)
    except InputError as error:
        return await _form(request, call, check, form, str(error), 400)
    return back_to(f"/review/checks/{check}" if check else f"/review/scores/{id_}", "said.scored")


@router.get("/review/scores/{score}")
async def one(request: Request, score: Id) -> Response:
    """A score as it was given, with its objection."""
    found = await _own(request, score)
    await note(request, "looked", "call", str(found.given.call), {"score": str(score)})
    return await _score(request, found)


@router.post("/review/scores/{score}/objection")
async def object_(request: Request, score: Id, why: Annotated[str, Form()] = "") -> Response:
    """Somebody does not agree."""
    console, user = console_of(request), user_of(request)
    found = await _own(request, score)
    try:
        if not why.strip():
            raise InputError(
                "has no reason", where="the objection", remedy="say what is wrong with the score"
            )
        await scores.object_(console.database, found.id, user.number, why.strip(), console.now())
    except InputError as error:
        return await _score(request, found, str(error), status=400)
    return back_to(f"/review/scores/{score}", "said.score_objected")


@router.post("/review/scores/{score}/decision")
async def decide(request: Request, score: Id) -> Response:
    """Somebody else scores again, for good."""
    console, user = console_of(request), user_of(request)
    found = await _own(request, score)
    form = {name: str(value) for name, value in (await request.form()).items()}
    call = found.given.call
    if refusal_to_decide(found, user.number) or await _refusal(request, call, None):
        return await _score(request, found, status=403)
    try:
        card = card_of(found)
        given, filed = by_form(form, (card,), call, found.given.check, user.number, console.now())
        id_ = await scores.decide(console.database, found.id, given, filed)
    except InputError as error:
        return await _score(request, found, str(error), form, 400)
    return back_to(f"/review/scores/{id_}", "said.decided")


async def _form(
    request: Request, call: int, check: int, form: Mapping[str, str], why: str = "", status: int = 200
) -> Response:
    console, user = console_of(request), user_of(request)
    written = await written_of(request, call)
    found = await _check(request, check)
    cards = cards_for(console.scorecards, written.kind, found.scorecard if found else "")
    await note(request, "looked", "call", str(call), {"to": "score"})
    before = [] if found and found.reviewers else await scores.of_call(console.database, call)
    return page(
        request,
        "score_form.html",
        status,
        **{"call": written.call, "written": written, "check": found, "why": why, "filled": form},
        **{"cards": cards, "card": next((one for one in cards if one.name == form.get("card")), cards[0])},
        **{"answers": list(Answer), "violations": list(Violation), "before": _seen(before, user.number)},
        player=players.player_of(console.sounds, call, written.call.recording),
        refused=await _refusal(request, call, found),
    )


async def _score(
    request: Request, found: Score, why: str = "", form: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    user, call = user_of(request), found.given.call
    key = ("POST", "/review/scores/{score}/decision")
    may_decide = found.open_objection and access.may(user.roles, key)
    heard = await listening.heard_by(console_of(request).database, Talk(call), found.given.by)
    refused = refusal_to_decide(found, user.number) or await _refusal(request, call, None)
    return page(
        request,
        "score.html",
        status,
        **{"score": found, "card": card_of(found), "why": why, "filled": form or _filled(found)},
        **{"answers": list(Answer), "violations": list(Violation), "refused": refused},
        may_decide=may_decide,
        heard_s=sum(end - start for start, end in heard),
        may_object=found.may_be_objected_to and user.number != found.given.by,
        others=[
            one for one in await scores.of_call(console_of(request).database, call) if _beside(found, one)
        ],
    )


async def _own(request: Request, id_: int) -> Score:
    """Raises InputError for a score that is not there, of another branch (C4), or not to be seen yet."""
    console = console_of(request)
    found = await scores.get(console.database, id_)
    await check_branch(request, found.given.call)
    if found.blind and found.given.check is not None and found.given.by != user_of(request).number:
        check = await spot_checks.get(console.database, found.given.check)
        tally = await spot_checks.tally(console.database, check)
        if not is_shown(check, tally, console.now().date()):
            raise InputError("there is no such score", where=str(id_))
    return found


async def _check(request: Request, id_: int) -> SpotCheck | None:
    return await own_check(request, id_) if id_ else None


async def _refusal(request: Request, call: int, check: SpotCheck | None) -> str:
    """Why somebody may not score a call, a word; "" where they may (A1, Q5)."""
    console, user = console_of(request), user_of(request)
    person = await capacity(console.place, call, user)
    if not may_review(person.staff, person.kept_away):
        return "involved"
    if check is None:
        return ""
    if call not in await spot_checks.items(console.database, check.id):
        return "elsewhere"
    if check.reviewers and user.number not in check.reviewers:
        return "others"
    if check.reviewers and is_shown(
        check, await spot_checks.tally(console.database, check), console.now().date()
    ):
        return "over"
    return ""


def _seen(given: list[Score], by: str) -> list[Score]:
    return [one for one in given if not one.blind or one.given.by == by]


def _beside(found: Score, other: Score) -> bool:
    return other.replaces == found.id or found.replaces == other.id


def _filled(score: Score) -> dict[str, str]:
    answers = {f"item.{key}": answer for key, answer in score.given.answers.items()}
    return answers | {"violation": score.given.violation.value}
