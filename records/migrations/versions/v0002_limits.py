"""Caps of lines and numbers, trunks that are paused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and indices; what is there stays as it is."""
    op.add_column("trunk", sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("trunk", sa.Column("paused_why", sa.Text(), server_default="", nullable=False))
    op.create_index("attempt_of_trunk", "attempt", ["trunk", "invited_at"])
    op.create_index("attempt_of_number", "attempt", ["phone", "invited_at"])
