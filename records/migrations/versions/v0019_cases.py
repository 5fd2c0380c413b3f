"""Cases of review and what was done in them; who somebody reports to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    """Add the tables and the column."""
    op.add_column("staff", sa.Column("superior", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "review_case",
        sa.Column("id", _ID, nullable=False),
        sa.Column("attempt_id", _ID, nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        *(_instant("raised_at"), _instant("opened_at"), _instant("closed_at", nullable=True)),
        _text("claimed_by"),
        _instant("claimed_until", nullable=True),
        _text("grade"),
        sa.Column("major", sa.Boolean(), nullable=False, server_default=sa.false()),
        *(_text("step"), _text("role")),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="review_case_pk"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="review_case_attempt_id_fk"),
        sa.UniqueConstraint("attempt_id", name="review_case_attempt_id_key"),
        sa.CheckConstraint("severity IN ('high', 'medium', 'low')", name="severity"),
        sa.CheckConstraint("grade IN ('', 'none', 'general', 'violation')", name="grade"),
        sa.CheckConstraint("(claimed_by <> '') = (claimed_until IS NOT NULL)", name="claimed_by_somebody"),
        sa.CheckConstraint("(step = '') = (closed_at IS NOT NULL)", name="closed_has_no_step"),
    )
    op.create_index(
        "review_case_open", "review_case", ["due_on"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("review_case_closed", "review_case", ["closed_at"])
    op.create_table(
        "case_act",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False, autoincrement=False),
        _instant("at"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("by_whom", "step")),
        _text("words"),
        sa.Column("detail", sa.JSON(), nullable=False),
        _text("sha256"),
        sa.PrimaryKeyConstraint("case_id", "n", name="case_act_pk"),
        sa.ForeignKeyConstraint(["case_id"], ["review_case.id"], name="case_act_case_id_fk"),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
