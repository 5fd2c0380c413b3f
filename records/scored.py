"""What calls were scored with, and samples of calls to score, as frozen values (Q5); the rules: `plans`.

People are known by their staff numbers, calls by their attempts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Violation(StrEnum):
    """Whether there is one in a call, as somebody says who has listened to it."""

    NO = "no"
    YES = "yes"
    INAUDIBLE = "inaudible"
    """Is not clean: nobody can tell."""


@dataclass(frozen=True, slots=True)
class FiledCard:
    """A version of a scorecard. `content`: JSON-ready (`plans.scorecards.Scorecard`)."""

    name: str
    version: str
    sha256: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewScore:
    """What somebody gives a call.

    Attributes:
        check: the spot check that it counts for; None for none.
        answers: to the card's items, by key.
        total: points of 100.
        words: what is to be said besides.
    """

    call: int
    check: int | None
    answers: Mapping[str, str]
    total: float
    passed: bool
    violation: Violation
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """A score as kept.

    Attributes:
        blind: one of several reviewers' over the same call.
        objected_by, objected_at, objected_why: "" and None where nobody objected.
        replaces: the score that this one decides about, after an objection.
        replaced: another one was given instead: it stands no more.
    """

    id: int
    given: NewScore
    card: FiledCard
    blind: bool
    objected_by: str = ""
    objected_at: datetime | None = None
    objected_why: str = ""
    replaces: int | None = None
    replaced: bool = False

    @property
    def open_objection(self) -> bool:
        """Whether somebody objected and nobody has decided yet."""
        return self.objected_at is not None and not self.replaced

    @property
    def may_be_objected_to(self) -> bool:
        """Once, and not to what compares reviewers; the second decision is the last."""
        return self.objected_at is None and self.replaces is None and not self.blind


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """A sample of calls that people listen to and score.

    Attributes:
        branch, kind: whose calls, of which kind; "" for all.
        since, until: first and last day of the calls.
        due_on: by when all are to be scored.
        size: calls without a flag that were asked for.
        seed: by which they were drawn.
        unflagged: calls of the period without a flag when it was drawn.
        scorecard: by name; "" for the one of the call's kind.
        reviewers: each scores every call, blind; none: each call is scored once, by anybody.
    """

    id: int
    name: str
    branch: str
    kind: str
    since: date
    until: date
    due_on: date
    size: int
    seed: int
    unflagged: int
    scorecard: str
    reviewers: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a spot check is. `planned`: scores to be given; `late`: of those done, after the last day."""

    calls: int
    flagged: int
    planned: int
    done: int
    late: int


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores that say the same: how many, how many of them passed, their totals together."""

    flagged: bool
    violation: Violation
    count: int
    passed: int
    points: float


@dataclass(frozen=True, slots=True)
class CheckedCall:
    """A call of a spot check, with the scores that stand."""

    id: int
    at: datetime
    customer: str
    branch: str
    kind: str
    talked_s: float
    flagged: bool
    scores: tuple[Score, ...]
