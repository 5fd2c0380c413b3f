"""The tables of spot checks: filed scorecards, samples of calls, what calls were scored with (Q5)."""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import Id, identity, instant, metadata, refers, switch, text, unique_where

filed_scorecard = sa.Table(
    "filed_scorecard",
    metadata,
    identity(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    instant("filed_at"),
    sa.UniqueConstraint("name", "version"),
)
"""One content for each version, kept when a call is first scored by it."""

spot_check = sa.Table(
    "spot_check",
    metadata,
    identity(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    text("branch"),
    text("kind"),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("unflagged", sa.Integer, nullable=False),
    text("scorecard"),
    sa.Column("reviewers", sa.JSON, nullable=False),
    sa.Column("by_whom", sa.Text, nullable=False),
    instant("at"),
    sa.Index("spot_check_branch", "branch"),
)
"""`unflagged`: calls of the period without a flag, of which some were drawn. With `reviewers` each of them
scores every call, blind; without, each call is scored once.
"""

spot_check_call = sa.Table(
    "spot_check_call",
    metadata,
    sa.Column("spot_check_id", Id, sa.ForeignKey("spot_check.id"), primary_key=True),
    sa.Column("attempt_id", Id, sa.ForeignKey("attempt.id"), primary_key=True),
    switch("flagged"),
    sa.Index("spot_check_call_attempt", "attempt_id"),
)
"""`flagged`: when the sample was drawn."""

call_score = sa.Table(
    "call_score",
    metadata,
    identity(),
    refers("attempt_id", "attempt.id"),
    sa.Column("spot_check_id", Id, sa.ForeignKey("spot_check.id"), nullable=True),
    refers("scorecard_id", "filed_scorecard.id"),
    switch("blind"),
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("total", sa.Double, nullable=False),
    switch("passed"),
    sa.Column("violation", sa.Text, nullable=False),
    text("words"),
    sa.Column("by_whom", sa.Text, nullable=False),
    instant("at"),
    text("objected_by"),
    instant("objected_at", nullable=True),
    text("objected_why"),
    sa.Column("replaces", Id, sa.ForeignKey("call_score.id"), nullable=True, unique=True),
    switch("replaced"),
    sa.CheckConstraint("violation IN ('no', 'yes', 'inaudible')", "violation"),
    sa.CheckConstraint("(objected_by <> '') = (objected_at IS NOT NULL)", "objected_by_somebody"),
    sa.CheckConstraint("NOT blind OR spot_check_id IS NOT NULL", "blind_in_a_check"),
    unique_where("call_score_alone", "replaces IS NULL AND spot_check_id IS NULL", "attempt_id", "by_whom"),
    unique_where("call_score_once", "replaces IS NULL AND NOT blind", "attempt_id", "spot_check_id"),
    unique_where("call_score_blind", "replaces IS NULL AND blind", "attempt_id", "spot_check_id", "by_whom"),
    sa.Index("call_score_attempt", "attempt_id"),
    sa.Index("call_score_check", "spot_check_id"),
)
"""A score is never changed: after an objection somebody else scores again (`replaces`), for good."""
