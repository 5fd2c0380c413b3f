"""What happens in a case of review, from the first hearing to its end, as tables (Q1-Q4, Q6, Q7, W3). Pure.

A case is graded none, general or violation, and each grade has its chain of steps, one after the other. Who
signs at last is the profile's (W3). A suspected violation is first followed up again by another caller, and
by the head where that leaves it unclear (Q2); a major anomaly goes through headquarters and compliance (Q3).
Where a case stands follows from what was done in it: nothing else is kept. Who may do what: `plans.casework`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from base.calendar import Calendar
from plans.paperwork import Role
from plans.periods import last_day
from plans.sections import Clock, ClockName
from records.reviewed import OBJECT, CaseAct, Grade, Turn


class Task(StrEnum):
    """What a step asks for."""

    GRADE = "grade"
    """Hear and grade; or suspect a violation, which is followed up again first."""
    CHECK = "check"
    """Call again, or find out otherwise, whether it is a violation (Q2)."""
    INVESTIGATE = "investigate"
    RECALL = "recall"
    """The second follow-up: planned, with its day (Q3)."""
    INTERVIEW = "interview"
    """Of the adviser: employee, compliance and the branch's head sign its minutes."""
    SCREEN = "screen"
    """The adviser's accounts."""
    CONCLUDE = "conclude"
    DECIDE = "decide"
    OPINION = "opinion"
    HANDLE = "handle"
    """What was done about it, and the rectification: measure, owner, date (Q6)."""
    SIGN = "sign"
    INFORM = "inform"
    """The customer hears the outcome (Q7)."""
    RECTIFY = "rectify"
    """The rectification was carried out."""
    REVISE = "revise"
    """The second decision, after an objection."""
    CLOSE = "close"


class Outcome(StrEnum):
    """Of a cross-check (Q2), and of hearing a call without being sure."""

    SUSPECTED = "suspected"
    CLEARED = "cleared"
    CONFIRMED = "confirmed"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that one role does."""

    task: Task
    role: Role

    @property
    def key(self) -> str:
        """As it is kept: "opinion.operations"."""
        return f"{self.task}.{self.role}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a step has to be given.

    Attributes:
        words: it needs some. fields: further ones by name; of "on", a day, YYYY-MM-DD.
        choices: what "outcome" may be; empty: it asks for none.
        clock: by which its last day is counted, besides that of the whole loop (Q4).
    """

    words: bool = True
    fields: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    clock: ClockName | None = None


_CHECKED = (Outcome.CLEARED.value, Outcome.CONFIRMED.value, Outcome.UNCLEAR.value)
_GRADES = tuple(one.value for one in Grade)
ASKED: Mapping[Task, Asked] = {
    Task.GRADE: Asked(choices=(*_GRADES, Outcome.SUSPECTED.value)),
    Task.CHECK: Asked(fields=("call",), choices=_CHECKED, clock=ClockName.ANSWER),
    Task.INVESTIGATE: Asked(clock=ClockName.ANSWER),
    Task.RECALL: Asked(fields=("on",), clock=ClockName.ANSWER),
    Task.INTERVIEW: Asked(fields=("employee", "branch_head"), clock=ClockName.OPINION),
    Task.SCREEN: Asked(clock=ClockName.OPINION),
    Task.CONCLUDE: Asked(clock=ClockName.OPINION),
    Task.DECIDE: Asked(clock=ClockName.ANSWER),
    Task.OPINION: Asked(clock=ClockName.OPINION),
    Task.HANDLE: Asked(fields=("measure", "owner", "on"), clock=ClockName.OPINION),
    Task.SIGN: Asked(words=False),
    Task.INFORM: Asked(fields=("how",)),
    Task.RECTIFY: Asked(),
    Task.REVISE: Asked(choices=_GRADES, clock=ClockName.OPINION),
    Task.CLOSE: Asked(words=False),
}
"""What each step asks for. Interview: the names that stand under its minutes. Check: the call, where one was
made by a person of ours; "" for another way.
"""

FIRST = Step(Task.GRADE, Role.REVIEWER)
SECOND = Step(Task.REVISE, Role.SERVICE_HEAD)
CLOSING = Step(Task.CLOSE, Role.REVIEWER)

OPINIONS: Mapping[tuple[bool, Grade], tuple[Role, ...]] = {
    (False, Grade.GENERAL): (Role.OPERATIONS, Role.MARKETING, Role.GENERAL_MANAGER),
    (False, Grade.VIOLATION): (Role.RETAIL,),
    (True, Grade.GENERAL): (Role.SERVICE_HEAD,),
    (True, Grade.VIOLATION): (Role.RETAIL,),
}
"""Whose opinion is asked, by whether headquarters checked and what was found (W3)."""

_ANOMALY = (
    Step(Task.INVESTIGATE, Role.SERVICE_HEAD),
    Step(Task.RECALL, Role.COMPLIANCE),
    Step(Task.INTERVIEW, Role.COMPLIANCE),
    Step(Task.SCREEN, Role.COMPLIANCE),
    Step(Task.CONCLUDE, Role.GENERAL_MANAGER),
    Step(Task.DECIDE, Role.COMPLIANCE),
)
"""What a major anomaly goes through before all else (Q3)."""

_AFTER = (Step(Task.INFORM, Role.HANDLER), Step(Task.RECTIFY, Role.HANDLER))
_LONGEST_DAYS = 400
_DEPARTMENTS = {Role.RETAIL, Role.COMPLIANCE}

Signers = Callable[[Grade], tuple[Role, ...]]
"""Who signs the result of a grade, in order: the profile's chain (W3)."""


def chain(grade: Grade, *, check: bool, major: bool, signers: tuple[Role, ...]) -> tuple[Step, ...]:
    """The steps that follow upon a grade, to the end of the case (Q1).

    Args:
        check: the call was headquarters' check (附件4), not a branch's (附件3).
        signers: who signs the result, in order (W3).
    """
    found = grade is not Grade.NONE
    return (
        *(_ANOMALY if major else ()),
        *(Step(Task.OPINION, role) for role in OPINIONS.get((check, grade), ())),
        *((Step(Task.HANDLE, Role.HANDLER),) if found else ()),
        *(Step(Task.SIGN, role) for role in signers),
        *(_AFTER if found else ()),
        CLOSING,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands.

    Attributes:
        done: steps with the act that did each, but for those of a chain that a second decision has ended.
        to_come: the first is what comes now; empty when the case is closed.
        grade: None before it is graded. major: a major anomaly.
        revised: a second decision was made: there is no third.
        graded_at: when the present chain began. since: when what comes now became somebody's turn.
    """

    done: tuple[tuple[Step, CaseAct], ...]
    to_come: tuple[Step, ...]
    grade: Grade | None = None
    major: bool = False
    revised: bool = False
    graded_at: datetime | None = None
    since: datetime | None = None

    @property
    def now(self) -> Step | None:
        """What comes now."""
        return self.to_come[0] if self.to_come else None

    def act_of(self, task: Task) -> CaseAct | None:
        """The last act of such a step."""
        return next((act for step, act in reversed(self.done) if step.task is task), None)


def standing(acts: Iterable[CaseAct], check: bool, signers: Signers) -> Standing:
    """What was done and what is to come, by the acts in their order."""
    at = Standing((), (FIRST,))
    for act in acts:
        if act.step == OBJECT:
            at = Standing(at.done, (SECOND, *at.to_come), at.grade, at.major, True, at.graded_at, act.at)
        elif at.now is not None and act.step == at.now.key:
            at = _stepped(at, at.now, act, check, signers)
    return at


def _stepped(at: Standing, step: Step, act: CaseAct, check: bool, signers: Signers) -> Standing:
    """After one more step."""
    done, left = (*at.done, (step, act)), at.to_come[1:]
    outcome, major = act.detail.get("outcome", ""), bool(act.detail.get("major"))
    if step.task in (Task.GRADE, Task.REVISE) and outcome in _GRADES:
        grade = Grade(outcome)
        if (grade, major) != (at.grade, at.major):
            kept = tuple(one for one in done if one[0].task in (Task.GRADE, Task.CHECK, Task.REVISE))
            left = chain(grade, check=check, major=major, signers=signers(grade))
            return Standing(kept, left, grade, major, at.revised, act.at, act.at)
    if outcome == Outcome.SUSPECTED:
        left = (Step(Task.CHECK, Role.CALLER), FIRST)
    elif outcome == Outcome.UNCLEAR:
        left = (Step(Task.CHECK, Role.SERVICE_HEAD), *left)
    return Standing(done, left, at.grade, at.major, at.revised, at.graded_at, act.at)


@dataclass(frozen=True, slots=True)
class Clocks:
    """How last days are counted: the profile's clocks and the working days (Q4, P10)."""

    clocks: Mapping[ClockName, Clock]
    calendar: Calendar

    def last(self, name: ClockName, since: date) -> date | None:
        """The last day of a clock that began on a day; None where the profile has no such clock."""
        clock = self.clocks.get(name)
        return last_day(clock.within, since, self.calendar) if clock else None


def due_on(at: Standing, raised_at: datetime, clocks: Clocks) -> date | None:
    """The last day for what comes now (Q4).

    The whole loop is counted from raising; an opinion and its handling from the grade; a department's answer
    from when it was asked; a rectification has the day that was set (Q6).
    """
    step = at.now
    if step is None:
        return None
    days = [clocks.last(ClockName.LOOP, raised_at.date())]
    asked = ASKED[step.task].clock
    if step.role in _DEPARTMENTS and asked is not None:
        asked = ClockName.ANSWER
    if asked is not None:
        began = at.graded_at if asked is ClockName.OPINION else at.since
        days.append(clocks.last(asked, (began or at.since or raised_at).date()))
    handled = at.act_of(Task.HANDLE)
    if step.task is Task.RECTIFY and handled is not None:
        days = [date.fromisoformat(handled.detail["on"])]
    return min((day for day in days if day is not None), default=None)


def late_before(clocks: Clocks, today: date) -> date:
    """What was raised before this day is late: the time for the whole loop is over (Q4)."""
    day = today
    for _ in range(_LONGEST_DAYS):
        last = clocks.last(ClockName.LOOP, day)
        if last is not None and last < today:
            return day + timedelta(days=1)
        day -= timedelta(days=1)
    return day


def turn(at: Standing, raised_at: datetime, clocks: Clocks) -> Turn:
    """What lists need to know of where a case stands."""
    step = at.now
    named = (step.key, step.role.value) if step else ("", "")
    return Turn(*named, due_on(at, raised_at, clocks), at.grade, at.major)
