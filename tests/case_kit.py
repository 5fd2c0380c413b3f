"""Cases for tests: rules as the shipped profile has them, people, a call with a lead to open one about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from base.calendar import OFFICIAL
from plans import paperwork
from plans.casework import Given, Person, Rules, decided
from plans.duties import Within
from plans.grading import Clocks, turn
from plans.paperwork import Form, Role, Signing
from plans.sections import Clock, ClockName
from plans.words import ROLES
from records import cases, ledger, transcripts, users
from records.database import Database
from records.model import Campaign, Kind
from records.people import Staff
from records.post_call import Flag, Transcript
from records.reviewed import Case, CaseAct, Grade, Severity, Turn
from tests.records_kit import NOW, after, dialed, said, talk

BRANCH = "上海营业部"
WORDS = "他说亏了三七分成"
FLAG = Flag(
    *("sharing", "1", "约定分成", "high", "customer", 2.0, 3.6, "三七分成", 0.9, "certain", "affirmed"),
    "原文命中",
)

SIGNINGS = (
    Signing(form=Form.RESULT, grades=(Grade.NONE,), chain=(Role.MARKETING_DESK, Role.OPERATIONS), rule="W3"),
    Signing(
        form=Form.RESULT,
        grades=(Grade.GENERAL,),
        chain=(Role.HANDLER, Role.OPERATIONS, Role.GENERAL_MANAGER),
        rule="W3",
    ),
    Signing(
        form=Form.RESULT,
        grades=(Grade.VIOLATION,),
        chain=(Role.HANDLER, Role.OPERATIONS, Role.GENERAL_MANAGER, Role.RETAIL),
        rule="W3",
    ),
)
CLOCKS = {
    name: Clock(within=Within(worked_days=days), rule="Q4")
    for name, days in ((ClockName.OPINION, 5), (ClockName.ANSWER, 2), (ClockName.LOOP, 15))
}


def signers(grade: Grade) -> tuple[Role, ...]:
    """As the shipped default has them."""
    return paperwork.chain(SIGNINGS, Form.RESULT, Kind.PERIODIC, grade)


RULES = Rules(False, signers, Clocks(CLOCKS, OFFICIAL))


def console(number: str, *roles: users.Role, branch: str = BRANCH, post: str = "") -> Person:
    """Somebody with roles at the console."""
    return Person(Staff(number, number, branch, post=post), frozenset(roles))


REVIEWER = console("1001", users.Role.REVIEWER)
CALLER = console("1002", users.Role.OPERATOR)
HEAD = console("9001", users.Role.HEAD, branch="")
COMPLIANCE = console("9002", users.Role.COMPLIANCE, branch="")
RETAIL = Person(Staff("9003", "9003", "", ROLES[Role.RETAIL]), frozenset({users.Role.SUPERVISOR}))
POSTS = {
    role: console(f"20{n:02d}", users.Role.SUPERVISOR, post=ROLES[role])
    for n, role in enumerate((Role.MARKETING_DESK, Role.OPERATIONS, Role.MARKETING, Role.GENERAL_MANAGER))
}
HANDLER = console("1003", users.Role.OPERATOR)
WHO = {
    **POSTS,
    Role.REVIEWER: REVIEWER,
    Role.CALLER: CALLER,
    Role.HANDLER: HANDLER,
    Role.SERVICE_HEAD: HEAD,
    Role.COMPLIANCE: COMPLIANCE,
    Role.RETAIL: RETAIL,
}
"""Somebody for each role."""

FIELDS = {
    "measure": "停止代客操作，重新培训",
    "owner": "2001",
    "on": "2026-03-20",
    "how": "电话告知",
    "employee": "李经理",
    "branch_head": "陈静",
}


def new_case(**values: object) -> Case:
    """A case that the reviewer has claimed."""
    case = Case(
        id=1,
        call=1,
        customer_id=1,
        customer="张伟",
        branch=BRANCH,
        kind=Kind.PERIODIC,
        profile="default",
        responsible="1009",
        severity=Severity.HIGH,
        raised_at=NOW,
        opened_at=NOW,
        closed_at=None,
        claimed_by=REVIEWER.staff.number,
        claimed_until=after(3600),
        turn=Turn("grade.reviewer", "reviewer", None),
        acts=(),
    )
    return replace(case, **values)  # type: ignore[arg-type]


def given(step: str, outcome: str = "", **values: object) -> Given:
    """All that any step may ask for."""
    fields = {**FIELDS, **({"outcome": outcome} if outcome else {})}
    return replace(Given(step, "听过，如下", fields, unit=BRANCH), **values)  # type: ignore[arg-type]


def stepped(case: Case, person: Person, what: Given, now: datetime = NOW, rules: Rules = RULES) -> Case:
    """The case after a step."""
    done = decided(case, rules, person, what, now)
    act = CaseAct(len(case.acts) + 1, now, done.by, done.step, done.words, done.detail, done.sha256)
    return replace(case, acts=(*case.acts, act), turn=done.turn)


def graded(grade: Grade, **fields: str) -> Case:
    """A case just after its grade."""
    what = given("grade.reviewer", grade.value)
    return stepped(new_case(), REVIEWER, replace(what, fields={**what.fields, **fields}))


def walked(case: Case, until: str = "", rules: Rules = RULES) -> Case:
    """A case after the steps up to this one, each done by whose it is."""
    while (step := rules.standing(case).now) is not None and step.key != until:
        case = stepped(case, WHO[step.role], given(step.key), rules=rules)
    return case


def first_turn(case: Case) -> Turn:
    """What comes first in a new case."""
    return turn(RULES.standing(case), case.raised_at, RULES.clocks)


async def flagged(db: Database, campaign: Campaign, *flags: Flag) -> int:
    """A call that was talked in, transcribed and flagged; gives its id."""
    claim = await dialed(db, campaign)
    await ledger.close(db, talk(claim), NOW)
    transcript = Transcript(claim.attempt_id, "test", "a" * 64, (said(WORDS),), flags or (FLAG,))
    await transcripts.save(db, transcript, NOW)
    return claim.attempt_id


async def claimed(db: Database, call: int, by: str = "1001", now: datetime = NOW) -> Case:
    """A call in somebody's hands for an hour."""
    return await cases.claim(db, call, by, after(3600 + (now - NOW).total_seconds()), now, first_turn)


Doing = Callable[[Case], cases.Done]


def doing(person: Person, what: Given, now: datetime = NOW) -> Doing:
    """For `cases.do`."""
    return lambda case: decided(case, RULES, person, what, now)
