"""Extensions behind a customer's number, and how each node found its trunks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column and a table."""
    op.add_column("customer", sa.Column("extension", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "line_health",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("trunk", sa.Text(), nullable=False),
        sa.Column("up", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("took_s", sa.Double(), nullable=False),
        sa.Column("registered", sa.SmallInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("node", "trunk", name=op.f("line_health_pk")),
    )
