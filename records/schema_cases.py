"""The tables of review: cases, and what was done in them."""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import Id, identity, index_where, instant, metadata, refers, switch, text
from records.reviewed import Severity
from records.schema_heard import flag

_LEAD = ("is_current", "tier IN ('certain', 'probable')", "severity <> 'credit'")
LEADS = tuple(sa.text(f"flag.{one}") for one in _LEAD)
"""Flags that a person has to look at (F7): faint ones and what agents should say are none. Written out as
in the index, which engines take for nothing else.
"""

_is_lead = sa.text(" AND ".join(_LEAD))
sa.Index("flag_lead", flag.c.transcript_id, flag.c.severity, sqlite_where=_is_lead, postgresql_where=_is_lead)


def severity_rank(column: sa.ColumnElement[str]) -> sa.ColumnElement[int]:
    """0 for the gravest."""
    return sa.case({one.value: n for n, one in enumerate(Severity)}, value=column, else_=len(Severity))


review_case = sa.Table(
    "review_case",
    metadata,
    identity(),
    refers("attempt_id", "attempt.id"),
    sa.Column("severity", sa.Text, nullable=False),
    instant("raised_at"),
    instant("opened_at"),
    instant("closed_at", nullable=True),
    text("claimed_by"),
    instant("claimed_until", nullable=True),
    text("grade"),
    switch("major"),
    text("step"),
    text("role"),
    sa.Column("due_on", sa.Date, nullable=True),
    sa.UniqueConstraint("attempt_id"),
    sa.CheckConstraint("severity IN ('high', 'medium', 'low')", "severity"),
    sa.CheckConstraint("grade IN ('', 'none', 'general', 'violation')", "grade"),
    sa.CheckConstraint("(claimed_by <> '') = (claimed_until IS NOT NULL)", "claimed_by_somebody"),
    sa.CheckConstraint("(step = '') = (closed_at IS NOT NULL)", "closed_has_no_step"),
    index_where("review_case_open", "closed_at IS NULL", "due_on"),
    sa.Index("review_case_closed", "closed_at"),
)
"""One for each call. `step`, `role`, `due_on`: what comes now, who does it, until when."""

case_act = sa.Table(
    "case_act",
    metadata,
    sa.Column("case_id", Id, sa.ForeignKey("review_case.id"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    instant("at"),
    sa.Column("by_whom", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    text("words"),
    sa.Column("detail", sa.JSON, nullable=False),
    text("sha256"),
)
"""What was done in a case, in order; nothing in it is changed or removed while the call is kept."""
