"""What the page of today shows: how far a call is, and the indexes to count by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the indexes."""
    op.add_column("attempt", sa.Column("stage", sa.Text(), nullable=False, server_default=""))
    op.create_index("attempt_invited", "attempt", ["invited_at"])
    confirmed = sa.text("owner_confirmed")
    op.create_index(
        "attempt_reached", "attempt", ["follow_up_id"], sqlite_where=confirmed, postgresql_where=confirmed
    )
    op.create_index("follow_up_ended", "follow_up", ["campaign_id", "disposition"])
    op.create_index("follow_up_closed", "follow_up", ["closed_at", "campaign_id"])
