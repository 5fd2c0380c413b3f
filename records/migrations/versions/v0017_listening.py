"""What people listened to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "heard_span",
        sa.Column("id", _ID, nullable=False),
        sa.Column("attempt_id", _ID, nullable=True),
        sa.Column("recording_id", _ID, nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=False, server_default=sa.text("0")),
        sa.Column("end_s", sa.Double(), nullable=False, server_default=sa.text("0")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="heard_span_pk"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="heard_span_attempt_id_fk"),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name="heard_span_recording_id_fk"),
        sa.CheckConstraint("(attempt_id IS NULL) <> (recording_id IS NULL)", name="of_one"),
        sa.CheckConstraint("start_s < end_s", name="forward"),
    )
    op.create_index("heard_span_attempt", "heard_span", ["attempt_id", "who"])
    op.create_index("heard_span_recording", "heard_span", ["recording_id", "who"])
