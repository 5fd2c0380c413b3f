"""Rows of a call are found by it when it is purged (R3)."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("searchable_attempt", "searchable", ["attempt_id"])
    op.create_index("job_attempt", "job", ["attempt_id"])
