"""Filed scripts and their rehearsals; what a call did for each kind, and its score."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    """Add three tables and two columns."""
    op.create_table(
        "filed_script",
        sa.Column("id", _ID, primary_key=True),
        *map(_words, ("name", "version", "sha256", "title", "kind", "wording")),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="filed_script_pk"),
        sa.UniqueConstraint("name", "version", name="filed_script_name_version_key"),
    )
    op.create_table(
        "rehearsal",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *map(_words, ("who", "script", "version", "sha256")),
        sa.Column("walks", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=True),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("unvisited", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="rehearsal_pk"),
    )
    op.create_index("rehearsal_script", "rehearsal", ["script", "version"])
    op.create_table(
        "attempt_kind",
        sa.Column("attempt_id", _ID, sa.ForeignKey("attempt.id", name="attempt_kind_attempt_id_fk")),
        _words("kind"),
        sa.Column("completed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", "kind", name="attempt_kind_pk"),
    )
    op.add_column("attempt", sa.Column("score", sa.SmallInteger(), nullable=True))
    op.add_column("attempt", sa.Column("band", sa.Text(), server_default="", nullable=False))
