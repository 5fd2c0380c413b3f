"""Calls that people ask for by a click."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "person_call",
        *(sa.Column(name, _ID, nullable=False) for name in ("id", "item_id", "follow_up_id")),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="asked"),
        sa.Column("call", _ID, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="person_call_pk"),
        sa.ForeignKeyConstraint(["item_id"], ["desk_item.id"], name="person_call_item_id_fk"),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name="person_call_follow_up_id_fk"),
        sa.CheckConstraint(
            "state IN ('asked', 'clerk', 'customer', 'talking', 'over')", name="state"
        ),
    )
    under_way = sa.text("state <> 'over'")
    op.create_index(
        "person_call_one",
        "person_call",
        ["by"],
        unique=True,
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
    op.create_index("person_call_item", "person_call", ["item_id"])
