"""Ranks of campaigns and follow-ups that can be changed, and why a campaign stands as it does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _rank(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), server_default=sa.text("5"), nullable=False)


def upgrade() -> None:
    """Add columns; ranks of kinds move from the follow-ups to their campaigns."""
    op.add_column("campaign", sa.Column("status_why", sa.Text(), server_default="", nullable=False))
    op.add_column("campaign", _rank("rank"))
    op.add_column("follow_up", _rank("own_rank"))
    op.execute("UPDATE campaign SET rank = 3 WHERE kind = 'abnormal'")
    op.execute("UPDATE follow_up SET rank = 5 WHERE rank > 0")
