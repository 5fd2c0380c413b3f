"""A case as somebody at the console meets it: by which rules, in which capacity, what is left to hear."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from base.clock import SHANGHAI
from base.errors import InputError
from office.place import Place
from office.planning.sheets import kept_away
from plans import grading
from plans.avoidance import may_review
from plans.casework import Person, Rules, fits, graders
from plans.grading import Clocks, Standing, Step
from plans.paperwork import Form, Role, chain
from plans.sections import ClockName
from records import case_calls, cases, desk_records, listening, obligations, recordings, staff, users
from records.case_queue import Reader
from records.cases import LEASE
from records.listening import Talk, covers
from records.model import Kind
from records.people import Staff
from records.post_call import Flag
from records.reviewed import LEAD_TIERS, Case, Severity, Turn
from records.users import User

_MOST_DIGITS = 18
USUAL = "default"
"""The profile whose clock says what is late among calls that nobody has graded."""


@dataclass(frozen=True, slots=True)
class Met:
    """A case, the rules of its profile, where it stands, and the person who looks at it."""

    case: Case
    rules: Rules
    standing: Standing
    person: Person


def rules_of(place: Place, case: Case) -> Rules:
    """What the profile that the call was made by says of cases (W3, Q4)."""
    profile, check = place.profile(case.profile), case.kind is Kind.CHECK
    form = Form.CHECK_RESULT if check else Form.RESULT
    signings = list(profile.signatures.values())
    return Rules(
        check,
        lambda grade: chain(signings, form, case.kind, grade),
        Clocks(profile.clocks, place.calendar()),
    )


async def meet(place: Place, case_id: int, user: User) -> Met:
    """A case as somebody sees it.

    Raises:
        InputError: there is none of that number, or it is another branch's (C4): the same words.
    """
    case = await cases.get(place.database, case_id)
    if user.branch and user.branch != case.branch:
        raise InputError("there is no such case")
    rules = rules_of(place, case)
    standing = rules.standing(case)
    person = await capacity(place, case.call, user)
    if standing.now is not None:
        alone = await _nobody_else(place, case, standing.now, person.kept_away)
        person = replace(person, stands_in=alone)
    return Met(case, rules, standing, person)


async def capacity(place: Place, call: int, user: User) -> Person:
    """Somebody with what keeps them from the customer of a call (A1).

    Raises:
        InputError: there is no such call, or it is another branch's (C4): the same words.
    """
    theirs = await case_calls.whose(place.database, call)
    if theirs is None or (user.branch and theirs.branch != user.branch):
        raise InputError("there is no such call", where=str(call))
    known = await staff.known(place.database, [user.number])
    occasions = await obligations.occasions_of(place.database, theirs.follow_up_id)
    away = await kept_away(place, {theirs.customer_id: occasions})
    return Person(known[user.number], user.roles, away[theirs.customer_id])


async def claim(place: Place, call: int, number: str) -> Case:
    """Take a call to grade it.

    Raises:
        Taken: somebody else has it, or it is not to be graded.
    """

    def first(case: Case) -> Turn:
        rules = rules_of(place, case)
        return grading.turn(rules.standing(case), case.raised_at, rules.clocks)

    now = place.now()
    return await cases.claim(place.database, call, number, now + LEASE, now, first)


async def reader_of(place: Place, user: User) -> Reader:
    """For whom lists are made."""
    known = (await staff.known(place.database, [user.number]))[user.number]
    return reader_for(place, user.branch, tuple(one for one in (known.number, known.superior) if one))


def reader_for(place: Place, branch: str, kept_from: tuple[str, ...] = ()) -> Reader:
    """A reader of a branch, "" of all, who keeps away from these people's customers (A1)."""
    clocks = Clocks(place.profile(USUAL).clocks, place.calendar())
    before = grading.late_before(clocks, place.now().date())
    return Reader(branch, kept_from, place.now(), datetime.combine(before, time(), SHANGHAI))


def in_question(flags: Iterable[Flag]) -> list[Flag]:
    """The leads that somebody has to hear, by their seconds."""
    grave = {one.value for one in Severity}
    found = (one for one in flags if one.tier in LEAD_TIERS and one.severity in grave)
    return sorted(found, key=lambda one: (one.start_s, one.end_s))


async def unheard(place: Place, case: Case, flags: Iterable[Flag], by: Iterable[str] = ()) -> list[Flag]:
    """The leads that none of these people has heard; without them, none of those who graded the case."""
    heard = [
        stretch
        for who in (list(by) or sorted(graders(case)))
        for stretch in await listening.heard_by(place.database, Talk(case.call), who)
    ]
    return [one for one in flags if not covers(heard, (one.start_s, one.end_s))]


async def unit_of(place: Place, case: Case) -> str:
    """The branch whose callers cross-check: of who answers for the call, else the customer's (Q2)."""
    if not case.responsible:
        return case.branch
    known = await staff.known(place.database, [case.responsible])
    return known[case.responsible].branch or case.branch


async def _nobody_else(place: Place, case: Case, step: Step, kept_away: frozenset[str]) -> bool:
    """Whether nobody of the branch may do what comes now: then headquarters does (A1)."""
    people = {one.number: one for one in await staff.everybody(place.database)}
    busy = {case.responsible, *graders(case)} if step.role is Role.CALLER else set()
    return not any(
        one.branch == case.branch
        and one.number not in busy
        and not one.locked
        and _is_for(people[one.number], one, step.role, case.branch, kept_away)
        for one in await users.everybody(place.database)
    )


def _is_for(person: Staff, user: User, role: Role, branch: str, kept_away: frozenset[str]) -> bool:
    return fits(role, Person(person, user.roles), branch) and may_review(person, kept_away)


def loop_ends(met: Met) -> date | None:
    """The last day for the whole loop (Q4)."""
    return met.rules.clocks.last(ClockName.LOOP, met.case.raised_at.date())


async def by_machine(place: Place, call: str, case: Case) -> bool:
    """Whether a call that is named as a cross-check was the machine's alone: a redial is none (Q2).

    What is no number of a call names a recording of somewhere else.
    """
    if not (call.isascii() and call.isdecimal()):
        return False
    return not await case_calls.by_person(place.database, int(call[:_MOST_DIGITS]), case.customer_id)


async def is_named(place: Place, call: str) -> bool:
    """Whether this names a call: its number, or R and the id of a recording that is kept (Q2)."""
    number = call.removeprefix("R")
    if not (number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS):
        return False
    if number == call:
        return True  # of which `by_machine` tells whose it was
    try:
        await recordings.by_id(place.database, int(number))
    except InputError:
        return False
    return True


async def has_called(place: Place, met: Met) -> bool:
    """Whether somebody wrote the record of a call that the case asked for."""
    written = await desk_records.of_case(place.database, met.case.id)
    return any(one.record.by == met.person.staff.number for one in written)
