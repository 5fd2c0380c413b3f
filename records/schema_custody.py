"""The tables of custody: the audit trail, and what a legal hold keeps from being deleted."""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import Id, identity, instant, metadata, switch, text

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("n", Id, primary_key=True, autoincrement=False),
    instant("at"),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("of", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Column("before", sa.Text, nullable=False, unique=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Index("audit_at", "at"),
    sa.Index("audit_of", "kind", "of"),
)
"""Acts, chained by their hashes (`records.chain`): n counts from 1 without a gap (A6)."""

legal_hold = sa.Table(
    "legal_hold",
    metadata,
    identity(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("of", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    instant("at"),
    text("released_by"),
    instant("released_at", nullable=True),
    sa.CheckConstraint("(released_by <> '') = (released_at IS NOT NULL)", "released_by_somebody"),
    sa.Index("legal_hold_of", "kind", "of"),
)
"""Until it is released nothing of its object is deleted, however old (R3)."""

approval = sa.Table(
    "approval",
    metadata,
    identity(),
    sa.Column("call", Id, nullable=False),
    text("branch"),
    sa.Column("use", sa.Text, nullable=False),
    text("recipient"),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    instant("asked_at"),
    text("decided_by"),
    instant("decided_at", nullable=True),
    switch("granted"),
    text("words"),
    instant("expires_at", nullable=True),
    text("filed_by"),
    instant("filed_at", nullable=True),
    text("reference"),
    sa.CheckConstraint("use IN ('recording', 'evidence', 'regulator')", "use"),
    sa.CheckConstraint("(decided_by <> '') = (decided_at IS NOT NULL)", "decided_by_somebody"),
    sa.CheckConstraint("asked_by <> decided_by", "decided_by_another"),
    sa.CheckConstraint("(filed_by <> '') = (filed_at IS NOT NULL)", "filed_by_somebody"),
    sa.Index("approval_call", "call"),
    sa.Index("approval_asked_by", "asked_by", "id"),
    sa.Index("approval_branch", "branch", "id"),
)
"""Who asked for which material, who allowed it until when (A5). It outlives the call: no foreign key."""
