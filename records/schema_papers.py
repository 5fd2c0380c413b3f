"""The tables of papers that were made: their numbers and hashes, who has signed, when they were handed in."""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import Id, identity, instant, metadata, text

paper = sa.Table(
    "paper",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("chain", sa.JSON, nullable=False),
    text("report"),
    text("branch"),
    text("period"),
    instant("made_at"),
    instant("handed_at", nullable=True),
    text("handed_by"),
    sa.Column("attempt_id", Id, nullable=True),
    text("done_by"),
    sa.CheckConstraint("(handed_by <> '') = (handed_at IS NOT NULL)", "handed_by_somebody"),
    sa.Index("paper_report", "report", "period", "branch"),
)
"""`sha256`: of what it said when it was made last; `chain`: the roles that sign it, in order. `report`: the
entry in the profile; "" for what no calendar asks for. `attempt_id`: the call whose record it is, which may
be deleted before it; `done_by`: who did what it tells of, and so checks nothing in it.
"""

paper_customer = sa.Table(
    "paper_customer",
    metadata,
    sa.Column("number", sa.Text, sa.ForeignKey("paper.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("customer_id", Id, primary_key=True),
    sa.Column("occasion", sa.Text, primary_key=True),
)
"""Whom a paper names, and for what they were called ("" for nothing that is kept): A1 asks for them."""

paper_signature = sa.Table(
    "paper_signature",
    metadata,
    identity(),
    sa.Column("number", sa.Text, sa.ForeignKey("paper.number"), nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("by_whom", sa.Text, nullable=False),
    instant("at"),
    sa.UniqueConstraint("number", "sha256", "role", name="paper_signature_once"),
    sa.UniqueConstraint("number", "sha256", "by_whom", name="paper_signature_one_person"),
)
"""An act over what a paper said (R6): each role once, and nobody in two roles."""
