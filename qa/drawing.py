"""Spot checks made: what was asked for, drawn from the calls of its days by a seed nobody foresees (Q5)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from base.errors import InputError
from office.place import Place
from plans.spot_checks import Framed, Sample, left_out, sample, to_compare
from qa import asking
from qa.reaching import may_judge
from records import spot_checks
from records.database import Database
from records.model import Kind
from records.scored import SpotCheck
from records.users import User

_SEEDS = 2**31
_MOST_CALLS, _MOST_COMPARED = 5000, 100
_SPARE = 4
"""So many times as many are drawn to compare as are wanted: some are reviewers' own customers (A1)."""


def wished(
    fields: Mapping[str, str], reviewers: Sequence[str], cards: Sequence[str], user: User, now: datetime
) -> SpotCheck:
    """From a form: a spot check with a seed, before anything is drawn.

    Args:
        reviewers: who may be asked to compare. cards: known scorecards.

    Raises:
        InputError: some of it cannot be, or the days are not over.
    """
    chosen = tuple(one for one in fields.get("reviewers", "").split(",") if one)
    if unknown := [one for one in chosen if one not in reviewers]:
        raise InputError("is no reviewer who may see these calls", where=unknown[0], remedy="choose others")
    if len(chosen) == 1:
        raise InputError("one reviewer alone cannot be compared", remedy="choose two or more, or none")
    if (card := fields.get("scorecard", "")) and card not in cards:
        raise InputError("there is no such scorecard", where=card)
    if chosen and not card:
        raise InputError("reviewers are compared by one scorecard", remedy="choose one")
    name = fields.get("name", "").strip()
    if not name or not name.isprintable():
        raise InputError("has no name", where="the spot check", remedy="write one line")
    kind = asking.one_of(Kind, fields.get("kind", ""))
    size = asking.count(fields.get("size", ""), _MOST_COMPARED if chosen else _MOST_CALLS)
    since, until, due_on = _days(fields, now.date())
    return SpotCheck(
        *(0, name, asking.branch_asked(user, fields), kind.value if kind else "", since, until, due_on),
        *(size or 0, secrets.randbelow(_SEEDS), 0, card, chosen, user.number, now),
    )


async def make(place: Place, check: SpotCheck) -> int:
    """Draw and keep it; gives its id.

    Raises:
        InputError: its name is taken, or there is nothing to draw from.
    """
    frame = [Framed(*one) for one in await spot_checks.frame(place.database, check)]
    drawn = await _compared(place, check, frame) if check.reviewers else sample(frame, check.size, check.seed)
    if not (drawn.flagged or drawn.drawn):
        raise InputError("nobody talked in such a call", where=f"{check.since} - {check.until}")
    kept = replace(check, unflagged=drawn.unflagged)
    return await spot_checks.create(place.database, kept, drawn.flagged, drawn.drawn)


async def again(db: Database, check: SpotCheck) -> list[int]:
    """Calls that its seed puts into the sample and that are not there: none, if nobody has picked."""
    calls = [id_ for id_, _ in await spot_checks.frame(db, check)]
    items = await spot_checks.items(db, check.id)
    flagged = [id_ for id_, is_flagged in items.items() if is_flagged]
    return left_out(calls, items.keys() - set(flagged), flagged, check.seed)


async def _compared(place: Place, check: SpotCheck, frame: Sequence[Framed]) -> Sample:
    """Calls that all reviewers may judge (A1)."""
    some = to_compare(frame, _SPARE * check.size, check.seed)
    may = await may_judge(place, check.reviewers, (*some.flagged, *some.drawn))
    return to_compare([one for one in frame if may.get(one.id)], check.size, check.seed)


def _days(fields: Mapping[str, str], today: date) -> tuple[date, date, date]:
    found = [asking.day(fields.get(name, "")) for name in ("since", "until", "due_on")]
    since, until, due_on = found
    if since is None or until is None or due_on is None:
        raise InputError("a day is missing", where="the spot check", remedy="write first, last and due day")
    if not since <= until < today:
        raise InputError("are not over", where=f"{since} - {until}", remedy="name days before today")
    if due_on < today:
        raise InputError("is over", where=f"due on {due_on}", remedy="name today or a later day")
    return since, until, due_on
