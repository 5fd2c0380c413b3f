"""The tables of custody: the audit trail, and what a legal hold keeps from being deleted."""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import Id, identity, instant, metadata, text

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
