"""Words about a customer that only scripts know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("customer", sa.Column("words", sa.JSON(), server_default="[]", nullable=False))
