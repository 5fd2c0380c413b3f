"""Recordings made elsewhere, with transcripts of their own; what is transcribed first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ONE = "(attempt_id IS NULL) <> (recording_id IS NULL)"

def upgrade() -> None:
    """Add a table and columns; a transcript is of a call or of such a recording."""
    op.create_table(
        "recording",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("path", sa.Text(), server_default="", nullable=False),
        sa.Column("extension", sa.Text(), server_default="", nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("length_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="recording_pk"),
        sa.UniqueConstraint("sha256", name="recording_sha256_key"),
    )
    op.add_column("transcript", sa.Column("recording_id", _ID, nullable=True))
    op.add_column(
        "transcript", sa.Column("guessed", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    if op.get_bind().dialect.name == "sqlite":
        _loosen(op.get_bind())
    else:
        op.alter_column("transcript", "attempt_id", nullable=True)
        op.create_foreign_key(
            op.f("transcript_recording_id_fk"), "transcript", "recording", ["recording_id"], ["id"]
        )
        op.create_check_constraint(op.f("transcript_of_one"), "transcript", _ONE)
    op.create_index("transcript_recording", "transcript", ["recording_id"])
    where = sa.text("is_current")
    op.create_index(
        "transcript_one_of_recording",
        "transcript",
        ["recording_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    op.add_column("job", sa.Column("rank", sa.SmallInteger(), server_default=sa.text("5"), nullable=False))
    op.drop_index("job_next", "job")
    op.create_index("job_next", "job", ["state", "tries", "rank", "id"])


def _loosen(bind: sa.Connection) -> None:
    """Correct the text of the table's definition, as SQLite's manual advises (ALTER TABLE, section 7): it
    cannot take a NOT NULL away, and a table that others refer to cannot be built anew in a transaction.
    """
    ours = "type = 'table' AND name = 'transcript'"
    sql = str(bind.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE {ours}").scalar())
    body = sql.replace("attempt_id INTEGER NOT NULL", "attempt_id INTEGER").rstrip()[:-1].rstrip()
    more = (
        "CONSTRAINT transcript_recording_id_fk FOREIGN KEY(recording_id) REFERENCES recording (id)",
        f"CONSTRAINT transcript_of_one CHECK ({_ONE})",
    )
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = ",\n\t".join((body, *more)) + "\n)"
    bind.exec_driver_sql(f"UPDATE sqlite_master SET sql = ? WHERE {ours}", (changed,))
    bind.exec_driver_sql("PRAGMA writable_schema = RESET")
