"""Who may use the console, and who is signed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "console_user",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0")),
        _instant("closed_until", nullable=True),
        _instant("created_at"),
        _instant("changed_at"),
        sa.PrimaryKeyConstraint("number", name="console_user_pk"),
        sa.ForeignKeyConstraint(["number"], ["staff.number"], name="console_user_number_fk"),
    )
    op.create_table(
        "console_session",
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        _instant("begun_at"),
        _instant("seen_at"),
        sa.Column("address", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("token_sha256", name="console_session_pk"),
        sa.ForeignKeyConstraint(["number"], ["console_user.number"], name="console_session_number_fk"),
    )
    op.create_index("console_session_user", "console_session", ["number"])


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
