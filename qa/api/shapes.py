"""What the API sends. Fields are added, never renamed or taken away, within a version."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """Made of our own values by their attributes."""

    model_config = ConfigDict(from_attributes=True)


class Refused(BaseModel):
    """Why a request was refused."""

    detail: str


class CallLine(Shape):
    """A call among others."""

    id: int
    at: datetime
    customer: str
    branch: str
    manager: str
    phone: str = Field(description="Its middle is hidden without the scope `numbers`.")
    campaign: str
    kind: str
    disposition: str
    n: int = Field(description="Which attempt of the follow-up.")
    rang_s: float
    talked_s: float
    transcribed: bool
    flags: dict[str, int] = Field(description="How many of each tier.")


class Calls(BaseModel):
    """A page of calls."""

    total: int
    calls: list[CallLine]


class Utterance(Shape):
    """One stretch of speech; seconds of the recording."""

    party: str
    start_s: float
    end_s: float
    text: str
    confidence: float


class Flag(Shape):
    """A lead, never a verdict (F7)."""

    rule: str
    category: str
    severity: str
    party: str
    start_s: float
    end_s: float
    text: str
    tier: str
    negation: str
    why: str


class Answer(Shape):
    """An answer to a question of the script."""

    question: str
    value: str
    label: str
    how: str
    heard: str
    start_s: float


class Call(BaseModel):
    """The written record of a call (R1)."""

    id: int
    customer_id: int
    customer: str
    phone: str = Field(description="Its middle is hidden without the scope `numbers`.")
    campaign: str
    kind: str
    n: int
    disposition: str
    invited_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    rang_s: float
    talked_s: float
    sip_status: int
    sip_reason: str
    script: str
    script_version: str
    script_sha256: str
    transcribed: bool
    said: list[Utterance]
    flags: list[Flag]
    answers: list[Answer]


class Hit(Shape):
    """Something that was said, and the second where it is heard (F5)."""

    attempt_id: int | None = Field(description="The call; null for a recording made elsewhere.")
    recording_id: int | None
    campaign: str
    customer: str
    started_at: datetime
    party: str
    start_s: float
    end_s: float
    text: str


class Hits(BaseModel):
    """A page of hits."""

    total: int
    hits: list[Hit]


class Campaign(BaseModel):
    """A campaign that runs or is paused, with its follow-ups counted."""

    id: int
    name: str
    kind: str
    status: str
    why: str
    total: int
    due: int
    calling: int
    closed: int
    reached: int
    completed: int
    overdue: int


class Reason(BaseModel):
    """Why something is done; it is kept."""

    why: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")


class CaseLine(Shape):
    """A case of review."""

    case: int
    call: int
    customer: str
    branch: str
    severity: str
    grade: str | None
    major: bool
    step: str = Field(description="What comes now; empty: it is closed.")
    role: str
    due_on: date | None
    raised_at: datetime
    closed_at: datetime | None


class Cases(BaseModel):
    """A page of cases."""

    total: int
    cases: list[CaseLine]


class CaseStep(Shape):
    """What was done in a case."""

    n: int
    at: datetime
    by: str
    step: str
    words: str
    sha256: str


class CaseWhole(BaseModel):
    """A case with its history."""

    case: int
    call: int
    customer: str
    branch: str
    severity: str
    raised_at: datetime
    closed_at: datetime | None
    steps: list[CaseStep]


class Obligation(Shape):
    """A follow-up that somebody is owed."""

    id: int
    customer_id: int
    customer: str
    account: str
    branch: str
    duty: str
    kind: str
    occasion: str
    due_by: date
    rule: str
    state: str
    sheet: str


class Obligations(BaseModel):
    """A page of obligations."""

    total: int
    obligations: list[Obligation]


class Coverage(Shape):
    """How far a duty is in a branch (P9)."""

    duty: str
    kind: str
    branch: str
    share: float
    members: int
    required: int
    due: int
    called: int
    reached: int
    completed: int
    noticed: int
    overdue: int
    ratio: float


class Rows(BaseModel):
    """Rows as a branch's file would have them: heading → cell, at most a thousand."""

    rows: list[dict[str, str]] = Field(min_length=1, max_length=1000)


class BadRow(Shape):
    """A row that was left out."""

    row: int = Field(description="Counted from 1.")
    column: str
    reason: str


class Imported(BaseModel):
    """What became of the rows."""

    added: int
    updated: int
    unchanged: int
    bad: list[BadRow]
    ignored_columns: list[str]
