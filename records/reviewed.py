"""A case of review as it is kept, as frozen values: what was done in it, by whom, whose turn it is (Q1).

What its steps are and who may do them: `plans.grading`. People are known by their staff numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from records.model import Kind


class Grade(StrEnum):
    """Of what was found (Q1, W3)."""

    NONE = "none"
    GENERAL = "general"
    VIOLATION = "violation"


class Severity(StrEnum):
    """Of a lead, and of a case by its gravest; the first before the others."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


LEAD_TIERS = ("certain", "probable")
"""Of flags that a person has to look at (F7)."""

CLAIM, RELEASE, OBJECT = "claim", "release", "object"
"""Acts that are no step of a chain."""
GRADING = "grade.reviewer"
"""Key of the step that a call is claimed for."""


@dataclass(frozen=True, slots=True)
class CaseAct:
    """Something that was done in a case.

    Attributes:
        n: numbered from 1 in its case.
        step: key of the step that it did, or `CLAIM`, `RELEASE`, `OBJECT`.
        words: opinion, statement, what was found or done.
        detail: fields of the step, by name.
        sha256: of what was signed (R6); "" where the act is no signature.
    """

    n: int
    at: datetime
    by: str
    step: str
    words: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a case stands, as lists ask for it.

    Attributes:
        step: key of the step that comes now; "" when the case is closed.
        role: who has to do it (`plans.paperwork.Role`).
        due_on: the last day for it.
        grade: None before it is graded. major: a major anomaly (Q3).
    """

    step: str
    role: str
    due_on: date | None
    grade: Grade | None = None
    major: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A call under review.

    Attributes:
        call: the attempt; one case for each.
        customer_id, customer, branch: whose call it was.
        kind, profile: of the campaign that called.
        responsible: who answered for the call: of its worksheet, "" where it had none.
        raised_at: when the call was over: the whole loop is counted from there (Q4).
        claimed_by, claimed_until: who has taken it to grade it; "" and None where nobody has.
        acts: in order.
    """

    id: int
    call: int
    customer_id: int
    customer: str
    branch: str
    kind: Kind
    profile: str
    responsible: str
    severity: Severity
    raised_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    claimed_by: str
    claimed_until: datetime | None
    turn: Turn
    acts: tuple[CaseAct, ...]

    def held_by(self, number: str, now: datetime) -> bool:
        """Whether somebody's claim lasts."""
        return self.claimed_by == number and self.claimed_until is not None and self.claimed_until > now
