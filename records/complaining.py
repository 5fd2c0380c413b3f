"""The course of a complaint or an opinion, as people bring it on (Q4, Q7, Q8). Pure.

    open      registered; a department has it (passed), and answers
    answered  what will be done by when stands, and the customer is told
    told      the customer knows measure and date; it is carried out
    handled   done: outcome, cause and prevention are written; the customer hears the outcome
    closed    the customer has heard it and is content; who is not reopens it

Each step leads on from some states alone; none is left out, so that none closes unheard (Q7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from base.errors import IllegalTransition


class Sort(StrEnum):
    """What the customer raised."""

    COMPLAINT = "complaint"
    OPINION = "opinion"


class State(StrEnum):
    """Where it stands."""

    OPEN = "open"
    ANSWERED = "answered"
    TOLD = "told"
    HANDLED = "handled"
    CLOSED = "closed"


class Step(StrEnum):
    """What somebody did for it."""

    REGISTERED = "registered"
    PASSED = "passed"
    """To a department, which answers in its time (Q4)."""
    ANSWERED = "answered"
    """By the department: measure and date."""
    TOLD = "told"
    """Measure and date, to the customer (Q8)."""
    HANDLED = "handled"
    """Outcome, cause and prevention are written (Q8)."""
    CONTENT = "content"
    """The customer heard the outcome, and is (Q7)."""
    DISSATISFIED = "dissatisfied"
    """Heard it, and is not: it is reopened (Q8)."""
    COMMENTED = "commented"


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint or opinion (Q8: time, person, matter, type, department).

    Attributes:
        customer_id: None for somebody who is none. branch: whose it is (C4).
        way: how it was raised: call, phone, visit, letter, email. call, note: that it came from (S15).
        passed_at: when the department received it last.
        measure, promised_on: what the customer is told will be done, and by when.
        reopened_at: when the customer was dissatisfied last.
    """

    id: int
    customer_id: int | None
    person: str
    phone: str
    branch: str
    sort: Sort
    raised_at: datetime
    way: str
    matter: str
    type: str = ""
    department: str = ""
    call: int | None = None
    note: int | None = None
    state: State = State.OPEN
    passed_at: datetime | None = None
    measure: str = ""
    promised_on: date | None = None
    cause: str = ""
    prevention: str = ""
    outcome: str = ""
    reopened_at: datetime | None = None
    closed_at: datetime | None = None


class Clock(StrEnum):
    """Clocks of Q4, by their names in a profile."""

    OPINION = "opinion"
    ANSWER = "answer"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Did:
    """A step with what was written of it; "" and None for what the step does not ask for."""

    step: Step
    at: datetime
    by: str
    words: str = ""
    department: str = ""
    measure: str = ""
    promised_on: date | None = None
    outcome: str = ""
    cause: str = ""
    prevention: str = ""


_FROM: Mapping[Step, frozenset[State]] = {
    Step.PASSED: frozenset({State.OPEN}),
    Step.ANSWERED: frozenset({State.OPEN}),
    Step.TOLD: frozenset({State.ANSWERED}),
    Step.HANDLED: frozenset({State.TOLD}),
    Step.CONTENT: frozenset({State.HANDLED}),
    Step.DISSATISFIED: frozenset({State.HANDLED, State.CLOSED}),
    Step.COMMENTED: frozenset(State),
}
_NEEDS: Mapping[Step, tuple[str, ...]] = {
    Step.PASSED: ("department",),
    Step.ANSWERED: ("measure", "promised_on"),
    Step.TOLD: ("words",),
    Step.HANDLED: ("outcome", "cause", "prevention"),
    Step.CONTENT: ("words",),
    Step.DISSATISFIED: ("words",),
    Step.COMMENTED: ("words",),
}


def next_steps(complaint: Complaint) -> tuple[Step, ...]:
    """What may be done now, in the order of the course."""
    found = [step for step, states in _FROM.items() if complaint.state in states]
    if complaint.state is State.OPEN and complaint.passed_at is None:
        found.remove(Step.ANSWERED)
    return tuple(sorted(found, key=lambda step: step is Step.PASSED and complaint.passed_at is not None))


def needed(step: Step) -> tuple[str, ...]:
    """What has to be written for a step."""
    return _NEEDS[step]


def advance(complaint: Complaint, did: Did) -> Complaint:
    """The complaint after a step.

    Raises:
        IllegalTransition: the step does not follow now, or lacks what has to be written of it.
    """
    if did.step not in next_steps(complaint):
        raise IllegalTransition(f"{did.step.value} does not follow on {complaint.state.value}")
    missing = [name for name in needed(did.step) if not getattr(did, name)]
    if missing:
        raise IllegalTransition(f"{did.step.value} lacks {', '.join(missing)}")
    match did.step:
        case Step.PASSED:
            return replace(complaint, department=did.department, passed_at=did.at)
        case Step.ANSWERED:
            return replace(complaint, state=State.ANSWERED, measure=did.measure, promised_on=did.promised_on)
        case Step.TOLD:
            return replace(complaint, state=State.TOLD)
        case Step.HANDLED:
            return replace(
                complaint,
                state=State.HANDLED,
                outcome=did.outcome,
                cause=did.cause,
                prevention=did.prevention,
            )
        case Step.CONTENT:
            return replace(complaint, state=State.CLOSED, closed_at=did.at)
        case Step.DISSATISFIED:
            return replace(complaint, state=State.OPEN, closed_at=None, passed_at=None, reopened_at=did.at)
        case _:
            return complaint


def running(complaint: Complaint) -> dict[Clock, date]:
    """The clocks that run, with the day each began: anew where the customer was dissatisfied (Q4, Q8)."""
    if complaint.state is State.CLOSED:
        return {}
    began = (complaint.reopened_at or complaint.raised_at).date()
    clocks = {Clock.LOOP: began}
    if complaint.state is not State.HANDLED:
        clocks[Clock.OPINION] = began
    if complaint.state is State.OPEN and complaint.passed_at is not None:
        clocks[Clock.ANSWER] = complaint.passed_at.date()
    return clocks
