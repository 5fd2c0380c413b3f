"""One-time codes at the console's door."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: nobody is asked for a code yet."""
    for column in (
        sa.Column("code_secret", sa.Text(), nullable=False, server_default=""),
        sa.Column("code_on", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("code_step", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
    ):
        op.add_column("console_user", column)
