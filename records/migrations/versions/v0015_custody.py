"""The audit trail (A6) and legal holds (R3)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "audit",
        sa.Column("n", _ID, nullable=False, autoincrement=False),
        _instant("at"),
        *_texts("who", "what", "kind", "of"),
        sa.Column("detail", sa.JSON(), nullable=False),
        *_texts("before", "sha256"),
        sa.PrimaryKeyConstraint("n", name="audit_pk"),
        sa.UniqueConstraint("before", name="audit_before_key"),
    )
    op.create_index("audit_at", "audit", ["at"])
    op.create_index("audit_of", "audit", ["kind", "of"])
    op.create_table(
        "legal_hold",
        sa.Column("id", _ID, nullable=False),
        *_texts("kind", "of", "why", "by"),
        _instant("at"),
        *_texts("released_by", default=""),
        _instant("released_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="legal_hold_pk"),
        sa.CheckConstraint("(released_by <> '') = (released_at IS NOT NULL)", name="released_by_somebody"),
    )
    op.create_index("legal_hold_of", "legal_hold", ["kind", "of"])


def _texts(*names: str, default: str | None = None) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False, server_default=default) for name in names]


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
