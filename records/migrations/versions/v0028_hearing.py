"""What people make of what was heard: verdicts, settled answers, flags and texts by hand; saved searches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add tables and columns."""
    _add_columns()
    op.create_table(
        "verdict",
        sa.Column("id", _ID, nullable=False),
        sa.Column("flag_id", _ID, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        _instant("at"),
        sa.Column("is_current", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.PrimaryKeyConstraint("id", name="verdict_pk"),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name="verdict_flag_id_fk"),
        sa.CheckConstraint("verdict IN ('right', 'wrong', 'inaudible', 'context')", name="known"),
    )
    op.create_index("verdict_flag", "verdict", ["flag_id"])
    where = sa.text("is_current")
    op.create_index(
        "verdict_one_current", "verdict", ["flag_id"], unique=True, sqlite_where=where, postgresql_where=where
    )
    op.create_table(
        "settled_answer",
        sa.Column("attempt_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_texts("value", "label"),
        sa.Column("who", sa.Text(), nullable=False),
        _instant("at"),
        sa.PrimaryKeyConstraint("attempt_id", "position", name="settled_answer_pk"),
        sa.ForeignKeyConstraint(
            ["attempt_id", "position"], ["answer.attempt_id", "answer.position"], name="settled_answer_of"
        ),
    )
    op.create_table(
        "saved_search",
        sa.Column("id", _ID, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *_texts("query"),
        _instant("at"),
        sa.PrimaryKeyConstraint("id", name="saved_search_pk"),
        sa.UniqueConstraint("who", "name", name="saved_search_who_name_key"),
    )


def _add_columns() -> None:
    for column in _texts("added_by", "withdrawn_by", "withdrawn_why"):
        op.add_column("flag", column)
    op.add_column("flag", _instant("withdrawn_at", nullable=True))
    for column in _texts("corrected_by"):
        op.add_column("transcript", column)
    where = sa.text("is_current")
    op.create_index("flag_current", "flag", ["rule", "tier"], sqlite_where=where, postgresql_where=where)
    unsure = sa.text("how = 'speech'")
    op.create_index(
        "answer_unsure", "answer", ["score", "attempt_id"], sqlite_where=unsure, postgresql_where=unsure
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False, server_default="") for name in names]


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
