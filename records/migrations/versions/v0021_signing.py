"""Papers know whom they name, whose call they record and who did it: who may sign goes by that (R6, A1)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("paper", sa.Column("attempt_id", _ID, nullable=True))
    op.add_column("paper", sa.Column("done_by", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "paper_customer",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", "customer_id", "occasion", name="paper_customer_pk"),
        sa.ForeignKeyConstraint(
            ["number"], ["paper.number"], name="paper_customer_number_fk", ondelete="CASCADE"
        ),
    )
