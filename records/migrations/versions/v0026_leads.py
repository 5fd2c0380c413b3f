"""What a queue of review looks through: flags that a person has to look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_LEAD = sa.text("is_current AND tier IN ('certain', 'probable') AND severity <> 'credit'")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "flag_lead",
        "flag",
        ["transcript_id", "severity"],
        sqlite_where=_LEAD,
        postgresql_where=_LEAD,
    )
