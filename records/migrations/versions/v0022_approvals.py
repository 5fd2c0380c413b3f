"""Who asked for which material, and who allowed it (A5)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the register."""
    op.create_table(
        "approval",
        sa.Column("id", _ID, nullable=False),
        sa.Column("call", _ID, nullable=False),
        _text("branch", ""),
        _text("use"),
        _text("recipient", ""),
        _text("why"),
        _text("asked_by"),
        _instant("asked_at"),
        _text("decided_by", ""),
        _instant("decided_at", nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False, server_default=sa.false()),
        _text("words", ""),
        _instant("expires_at", nullable=True),
        _text("filed_by", ""),
        _instant("filed_at", nullable=True),
        _text("reference", ""),
        sa.PrimaryKeyConstraint("id", name="approval_pk"),
        sa.CheckConstraint("use IN ('recording', 'evidence', 'regulator')", name="use"),
        sa.CheckConstraint("(decided_by <> '') = (decided_at IS NOT NULL)", name="decided_by_somebody"),
        sa.CheckConstraint("asked_by <> decided_by", name="decided_by_another"),
        sa.CheckConstraint("(filed_by <> '') = (filed_at IS NOT NULL)", name="filed_by_somebody"),
    )
    op.create_index("approval_call", "approval", ["call"])
    op.create_index("approval_asked_by", "approval", ["asked_by", "id"])
    op.create_index("approval_branch", "approval", ["branch", "id"])


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
