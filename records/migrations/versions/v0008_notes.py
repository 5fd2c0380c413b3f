"""Notes become rows of their own: open until somebody has done what they ask for, some of them due on a day."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CHUNK = 500

_attempt = sa.table("attempt", sa.column("id", sa.BigInteger), sa.column("notes", sa.JSON))
_answer = sa.table("answer", *(sa.column(name, sa.Text) for name in ("attempt_id", "question", "value")))


def upgrade() -> None:
    """Add the table, move what is in the column, drop the column."""
    note = op.create_table(
        "note",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("attempt_id", _ID, sa.ForeignKey("attempt.id", name="note_attempt_id_fk"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="note_pk"),
        sa.UniqueConstraint("attempt_id", "code", name="note_attempt_id_code_key"),
        sa.CheckConstraint("(done_by <> '') = (done_at IS NOT NULL)", name=op.f("note_done_by_somebody")),
    )
    where = sa.text("done_at IS NULL")
    op.create_index("note_open", "note", ["due_on"], sqlite_where=where, postgresql_where=where)
    rows = _rows(op.get_bind())
    for start in range(0, len(rows), _CHUNK):
        op.bulk_insert(note, rows[start : start + _CHUNK])
    op.drop_column("attempt", "notes")


def _rows(bind: sa.Connection) -> list[dict[str, object]]:
    """The notes of each call, the promise of an answer with the day that was named for it (S13)."""
    named = sa.select(_answer.c.attempt_id, _answer.c.value).where(_answer.c.question == "answer_by")
    promised = {row.attempt_id: _day(row.value) for row in bind.execute(named)}
    noted = sa.select(_attempt).where(sa.cast(_attempt.c.notes, sa.Text) != "[]").order_by(_attempt.c.id)
    return [
        {
            "attempt_id": row.id,
            "code": code,
            "due_on": promised.get(row.id) if code == "promised_answer" else None,
        }
        for row in bind.execute(noted)
        for code in dict.fromkeys(row.notes)
    ]


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
