"""What a firm's profile demands of papers: reports, retention, signatures, other channels than the telephone.

Sections of a policy profile (`dialer.profile`); each entry cites the rule that it serves.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from plans.duties import Period, RuleId, Section, Within
from plans.sections import ClockName
from records.model import Kind
from records.people import EventKind
from records.reviewed import Grade as Grade


class Level(StrEnum):
    """Who writes a report: each branch its own, or headquarters one for all."""

    BRANCH = "branch"
    HEADQUARTERS = "headquarters"


class ReportForm(StrEnum):
    """Papers that are due by the calendar (W4-W7, Q9, P11)."""

    MONTHLY = "monthly"
    """A branch's report of the month."""
    SUMMARY = "summary"
    """Headquarters' of all branches."""
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    UPLOAD = "upload"
    """Records of some kinds, handed up."""
    RECORDS = "records"
    """Records of a department's order, handed to it (Q4)."""
    COMPLIANCE = "compliance"
    """Records, recordings, suspicions and opinions, to compliance (W6)."""
    VIOLATIONS = "violations"
    """The month's violations."""
    INSPECTION = "inspection"
    PLAN = "plan"
    """Of the year's periodic follow-ups (P11)."""
    CHECKS = "checks"
    """The year's programme of headquarters' checks (P11)."""


class Report(Section):
    """A paper that is due once in each period, or at the end of a piece of work.

    Attributes:
        by: each branch, or headquarters once.
        within: the last day, counted from the period's last day; `ahead`: from its first, for it is a plan.
        clock: instead of `within`: that clock, from the end of the work.
        to: who receives it, as the firm calls them.
        kinds: only of these; empty: all.
    """

    form: ReportForm
    by: Level
    each: Period
    within: Within | None = None
    ahead: bool = False
    clock: ClockName | None = None
    to: tuple[str, ...] = Field(min_length=1)
    kinds: tuple[Kind, ...] = ()
    rule: RuleId
    says: str = ""

    @model_validator(mode="after")
    def _is_due_once(self) -> Self:
        if (self.within is None) == (self.clock is None):
            raise ValueError("write either `within` or `clock`")
        return self


class Material(StrEnum):
    """What is kept (R3)."""

    RECORDINGS = "recordings"
    RECORDS = "records"
    """Written ones: record sheets, transcripts, worksheets, reports."""
    MESSAGES = "messages"
    """E-mails, letters, SMS with what proves them (C1)."""


class Term(Section):
    """How long material is kept at least; of several terms the longest wins (R3).

    Attributes:
        since: the day it was made, or the day the customer's account was closed.
    """

    of: tuple[Material, ...] = Field(min_length=1)
    years: int = Field(ge=1, le=100)
    since: Literal["made", "closed"] = "made"
    rule: RuleId
    says: str = ""


class Filing(StrEnum):
    """Where written records go (R5)."""

    APART = "apart"
    """Apart from the account files."""
    CUSTOMER_FILE = "customer_file"
    """Into the customer's file, too."""


class Form(StrEnum):
    """Papers that are signed."""

    RECORD = "record"
    """Of one follow-up (R1, W5)."""
    WORKSHEET = "worksheet"
    """W1."""
    CHECK_SHEET = "check_sheet"
    """W2."""
    RESULT = "result"
    """W3, of a branch."""
    CHECK_RESULT = "check_result"
    """W3, of headquarters' check."""
    REPORT = "report"
    """W4."""


class Role(StrEnum):
    """Who signs (R6, W1-W5)."""

    SUBMITTER = "submitter"
    APPROVER = "approver"
    RESPONSIBLE = "responsible"
    CALLER = "caller"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    OPERATIONS = "operations"
    MARKETING = "marketing"
    MARKETING_DESK = "marketing_desk"
    GENERAL_MANAGER = "general_manager"
    SERVICE_DIRECTOR = "service_director"
    SERVICE_HEAD = "service_head"
    """Of the service centre at headquarters."""
    COMPLIANCE = "compliance"
    RETAIL = "retail"
    """The department over the branches (零售经纪部)."""


class Signing(Section):
    """Who signs a form, one after the other; never the same person twice (R6).

    Attributes:
        kinds: of these kinds only; empty: all.
        grades: of these findings only; empty: all.
    """

    form: Form
    kinds: tuple[Kind, ...] = ()
    grades: tuple[Grade, ...] = ()
    chain: tuple[Role, ...] = Field(min_length=1)
    rule: RuleId


class Way(StrEnum):
    """How a customer is met other than by telephone (C1)."""

    EMAIL = "email"
    LETTER = "letter"
    SMS = "sms"
    VISIT = "visit"


class Message(Section):
    """Something sent to a customer after an event (C5)."""

    upon: EventKind
    within: Within
    rule: RuleId
    says: str = ""


class Channel(Section):
    """How another way of meeting customers is logged (C1).

    Attributes:
        informs: it may tell customers who do not want to be called what they must be told (A4).
        export_each: what went that way is burnt or exported once in each period.
        keeps: what is kept of each, in words.
        signers: staff who sign a visit; `signers_weighty`: a weighty one.
        messages: what is due that way.
    """

    informs: bool = False
    export_each: Period | None = None
    keeps: tuple[str, ...] = ()
    signers: int = Field(default=0, ge=0, le=5)
    signers_weighty: int = Field(default=0, ge=0, le=5)
    messages: tuple[Message, ...] = ()
    rule: RuleId


def chain(signings: Iterable[Signing], form: Form, kind: Kind, grade: Grade = Grade.NONE) -> tuple[Role, ...]:
    """Who signs a form of a kind with such a finding, in order; () for nobody.

    What names the kind goes before what holds for all kinds, then what names the grade (R6, W3).
    """
    fitting = [
        one
        for one in signings
        if one.form is form and kind in (one.kinds or (kind,)) and grade in (one.grades or (grade,))
    ]
    return max(fitting, key=lambda one: (bool(one.kinds), bool(one.grades))).chain if fitting else ()


def longest(terms: Iterable[Term], material: Material) -> dict[str, int]:
    """Years that material is kept, by what they are counted from: the longest of all terms (R3)."""
    years: dict[str, int] = {}
    for term in terms:
        if material in term.of:
            years[term.since] = max(term.years, years.get(term.since, 0))
    return years
