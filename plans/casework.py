"""Who may do what comes now in a case, what they have to give, and what a signature is over. Pure.

Nobody reviews, answers for or signs off a customer of their own, or of whom they report to (A1); done by and
checked by are never one person (R6); who called does not cross-check (Q2).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from base.errors import InputError
from plans.avoidance import may_review
from plans.grading import ASKED, Clocks, Signers, Standing, Step, Task, standing, turn
from plans.paperwork import Role
from plans.words import ROLES
from records import users
from records.cases import Done
from records.people import Event, EventKind, Staff
from records.reviewed import OBJECT, Case, CaseAct, Grade

_REVIEWERS = frozenset({users.Role.REVIEWER, users.Role.COMPLIANCE, users.Role.HEAD})
_WORKERS = _REVIEWERS | {users.Role.OPERATOR, users.Role.SUPERVISOR}
_BY_CONSOLE: Mapping[Role, frozenset[users.Role]] = {
    Role.REVIEWER: _REVIEWERS,
    Role.CALLER: _WORKERS,
    Role.HANDLER: _WORKERS,
    Role.SERVICE_HEAD: frozenset({users.Role.HEAD}),
    Role.COMPLIANCE: frozenset({users.Role.COMPLIANCE}),
}
"""Roles that the console itself knows. The others are posts of the branch, by their names in the firm's list
of staff (`plans.words.ROLES`), or the department over the branches.
"""
_STAND_IN = frozenset({users.Role.HEAD, users.Role.COMPLIANCE})


class Why(StrEnum):
    """Why somebody may not do what comes now."""

    OWN_CUSTOMER = "own_customer"
    CLOSED = "closed"
    OTHER_STEP = "other_step"
    OTHER_ROLE = "other_role"
    NOT_CLAIMED = "not_claimed"
    CALLED = "called"
    OTHER_UNIT = "other_unit"
    NOT_CALLED = "not_called"
    MACHINE = "machine"
    GRADED = "graded"
    SIGNED = "signed"
    NOT_HANDLER = "not_handler"
    UNHEARD = "unheard"
    REVISED = "revised"
    NOT_GRADED = "not_graded"
    NO_WORDS = "no_words"
    NO_CHOICE = "no_choice"
    NO_FIELD = "no_field"
    NO_DAY = "no_day"
    NOT_MAJOR = "not_major"


_SAID: Mapping[Why, str] = {
    Why.OWN_CUSTOMER: "introduced, opened, signed or manages the customer, or reports to who does (A1)",
    Why.CLOSED: "the case is closed",
    Why.OTHER_STEP: "something else comes now: look at the case again",
    Why.OTHER_ROLE: "another role does this step",
    Why.NOT_CLAIMED: "claim the case first",
    Why.CALLED: "who made the call or suspects a violation does not cross-check it (Q2)",
    Why.OTHER_UNIT: "a cross-check is made by another caller of the same unit (Q2)",
    Why.NOT_CALLED: "call the customer again first: at the desk, or name the call (Q2)",
    Why.MACHINE: "a call that the machine made is no cross-check (Q2)",
    Why.GRADED: "who graded the case does not decide about the objection",
    Why.SIGNED: "has signed already: done by and checked by are never one person (R6)",
    Why.NOT_HANDLER: "who handled it signs as handler",
    Why.UNHEARD: "the stretch in question was not heard by who graded it",
    Why.REVISED: "a second decision was made already",
    Why.NOT_GRADED: "is not graded yet",
    Why.NO_WORDS: "some words are needed",
    Why.NO_CHOICE: "choose one of what there is",
    Why.NO_FIELD: "a field is empty",
    Why.NO_DAY: "is no day: write YYYY-MM-DD, today or later",
    Why.NOT_MAJOR: "a major anomaly is a violation (Q3)",
}


class Refused(InputError):
    """Somebody may not do that, or has not given what it needs."""

    def __init__(self, why: Why) -> None:
        super().__init__(_SAID[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the console.

    Attributes:
        roles: there. kept_away: who keeps away from this customer (A1).
        stands_in: nobody of the branch may do what comes now, so headquarters does (A1).
    """

    staff: Staff
    roles: frozenset[users.Role]
    kept_away: frozenset[str] = frozenset()
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a firm's profile says of cases: who signs which grade, and the clocks."""

    check: bool
    signers: Signers
    clocks: Clocks

    def standing(self, case: Case) -> Standing:
        """Where a case stands."""
        return standing(case.acts, self.check, self.signers)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gives for the step that comes now.

    Attributes:
        step: its key, as their page showed it.
        called: of a cross-check: whether a call of theirs to the customer is known or named.
        by_machine: whether the call that is named was made by the machine.
        unit: the branch of who answers for the call; "" for headquarters.
        unheard: whether a stretch in question was not heard yet by who graded.
    """

    step: str
    words: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    called: bool = True
    by_machine: bool = False
    unit: str = ""
    unheard: bool = False


def fits(role: Role, person: Person, branch: str) -> bool:
    """Whether somebody has the role for a customer of the branch."""
    if role in _BY_CONSOLE:
        return bool(person.roles & _BY_CONSOLE[role])
    if role is Role.RETAIL:
        return person.staff.department == ROLES[role]
    if person.staff.post == ROLES[role] and person.staff.branch == branch:
        return True
    return person.stands_in and not person.staff.branch and bool(person.roles & _STAND_IN)


def turns(person: Person, branch: str) -> frozenset[Role]:
    """The roles that somebody has for a branch's cases."""
    return frozenset(role for role in Role if fits(role, person, branch))


def decided(case: Case, rules: Rules, person: Person, given: Given, now: datetime) -> Done:
    """What is kept of a step.

    Raises:
        Refused: it is not theirs, not now, or something is missing.
    """
    at = rules.standing(case)
    step = _now(at, given)
    _check_person(case, at, step, person, given, now)
    detail = _checked(step, given, now.date())
    sha256 = digest(case, at) if step.task is Task.SIGN else ""
    act = CaseAct(len(case.acts) + 1, now, person.staff.number, step.key, given.words.strip(), detail, sha256)
    after = rules.standing(replace(case, acts=(*case.acts, act)))
    stands = turn(after, case.raised_at, rules.clocks)
    event = _second_follow_up(case, act, now.date()) if step.task is Task.RECALL else None
    return Done(act.by, act.step, stands, act.words, detail, sha256, event)


def hindrance(case: Case, rules: Rules, person: Person, unit: str, now: datetime) -> Why | None:
    """Why somebody may not do what comes now, whatever they give; None where they may. `unit`: as `Given`."""
    at = rules.standing(case)
    if at.now is None:
        return Why.CLOSED
    try:
        _check_person(case, at, at.now, person, Given(at.now.key, unit=unit), now)
    except Refused as error:
        return error.why
    return None


def objected(case: Case, rules: Rules, person: Person, words: str, now: datetime) -> Done:
    """An objection to the grade: a second decision comes next, once in a case (Q5).

    Raises:
        Refused: it is not graded, closed, was decided twice, or is their own customer's.
    """
    at = rules.standing(case)
    refused = (
        (at.now is None, Why.CLOSED),
        (at.grade is None, Why.NOT_GRADED),
        (at.revised, Why.REVISED),
        (not may_review(person.staff, person.kept_away), Why.OWN_CUSTOMER),
        (not words.strip(), Why.NO_WORDS),
    )
    _raise_first(refused)
    act = CaseAct(len(case.acts) + 1, now, person.staff.number, OBJECT, words.strip())
    after = rules.standing(replace(case, acts=(*case.acts, act)))
    return Done(act.by, OBJECT, turn(after, case.raised_at, rules.clocks), act.words)


def digest(case: Case, at: Standing) -> str:
    """Hex SHA-256 over what a signature stands under (R6): the grade and all that was said, no signatures."""
    said = [
        [step.key, act.by, act.at.isoformat(), act.words, dict(sorted(act.detail.items()))]
        for step, act in at.done
        if step.task is not Task.SIGN
    ]
    grade = at.grade.value if at.grade else ""
    content = [case.id, case.call, case.customer_id, grade, at.major, said]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode("ascii")).hexdigest()


def _second_follow_up(case: Case, act: CaseAct, today: date) -> Event:
    """What makes planning owe the customer another follow-up, by the day that was set (Q3, P4)."""
    by_on = date.fromisoformat(act.detail["on"])
    return Event(
        0, case.customer_id, EventKind.ABNORMAL, today, by_on, act.by, f"二次回访（质检单 {case.id}）"
    )


def _now(at: Standing, given: Given) -> Step:
    if at.now is None:
        raise Refused(Why.CLOSED)
    if at.now.key != given.step:
        raise Refused(Why.OTHER_STEP)
    return at.now


def _check_person(case: Case, at: Standing, step: Step, person: Person, given: Given, now: datetime) -> None:
    number = person.staff.number
    signed = {act.by for one, act in at.done if one.task is Task.SIGN}
    handled = at.act_of(Task.HANDLE)
    other_hands = handled is not None and handled.by != number
    refused = (
        (not may_review(person.staff, person.kept_away), Why.OWN_CUSTOMER),
        (not fits(step.role, person, case.branch), Why.OTHER_ROLE),
        (step.task is Task.GRADE and not case.held_by(number, now), Why.NOT_CLAIMED),
        (step.task is Task.SIGN and number in signed, Why.SIGNED),
        (step == Step(Task.SIGN, Role.HANDLER) and other_hands, Why.NOT_HANDLER),
        (step.task is Task.REVISE and number in _graders(at), Why.GRADED),
        (step.task is Task.CLOSE and given.unheard, Why.UNHEARD),
    )
    _raise_first(refused)
    if step == Step(Task.CHECK, Role.CALLER):
        _check_caller(case, at, person, given)
    if step.task is Task.CHECK and given.by_machine:
        raise Refused(Why.MACHINE)


def _check_caller(case: Case, at: Standing, person: Person, given: Given) -> None:
    """Another caller of the same unit (Q2); one of headquarters where the branch has nobody else (A1)."""
    other_unit = person.staff.branch != given.unit
    refused = (
        (person.staff.number in {case.responsible, *_graders(at)}, Why.CALLED),
        (other_unit and not (person.stands_in and not person.staff.branch), Why.OTHER_UNIT),
        (not given.called, Why.NOT_CALLED),
    )
    _raise_first(refused)


def _graders(at: Standing) -> frozenset[str]:
    return frozenset(act.by for step, act in at.done if step.task is Task.GRADE)


def graders(case: Case) -> frozenset[str]:
    """Who graded a case, or decided about it a second time: they have to have heard it."""
    tasks = (Task.GRADE.value, Task.REVISE.value)
    return frozenset(act.by for act in case.acts if act.step.partition(".")[0] in tasks)


def _checked(step: Step, given: Given, today: date) -> dict[str, str]:
    """The fields that the step has."""
    asked = ASKED[step.task]
    names = (*asked.fields, *(("outcome", "major") if asked.choices else ()))
    said = {name: given.fields.get(name, "").strip() for name in names}
    empty = any(not said[name] for name in asked.fields if name != "call")
    outcome = said.get("outcome", "")
    refused = (
        (asked.words and not given.words.strip(), Why.NO_WORDS),
        (bool(asked.choices) and outcome not in asked.choices, Why.NO_CHOICE),
        (empty, Why.NO_FIELD),
        (bool(said.get("major")) and outcome != Grade.VIOLATION, Why.NOT_MAJOR),
        ("on" in asked.fields and not _is_day(said["on"], today), Why.NO_DAY),
    )
    _raise_first(refused)
    return {name: value for name, value in said.items() if value}


def _is_day(text: str, today: date) -> bool:
    try:
        return date.fromisoformat(text) >= today
    except ValueError:
        return False


def _raise_first(refused: Iterable[tuple[bool, Why]]) -> None:
    for is_so, why in refused:
        if is_so:
            raise Refused(why)
