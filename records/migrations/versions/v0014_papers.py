"""Papers that were made, with their signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "paper",
        *_texts("number", "title", "sha256"),
        sa.Column("chain", sa.JSON(), nullable=False),
        *_texts("report", "branch", "period", default=""),
        _instant("made_at"),
        _instant("handed_at", nullable=True),
        *_texts("handed_by", default=""),
        sa.PrimaryKeyConstraint("number", name="paper_pk"),
        sa.CheckConstraint("(handed_by <> '') = (handed_at IS NOT NULL)", name="handed_by_somebody"),
    )
    op.create_index("paper_report", "paper", ["report", "period", "branch"])
    op.create_table(
        "paper_signature",
        sa.Column("id", _ID, nullable=False),
        *_texts("number", "sha256", "role", "by_whom"),
        _instant("at"),
        sa.PrimaryKeyConstraint("id", name="paper_signature_pk"),
        sa.ForeignKeyConstraint(["number"], ["paper.number"], name="paper_signature_number_fk"),
        sa.UniqueConstraint("number", "sha256", "role", name="paper_signature_once"),
        sa.UniqueConstraint("number", "sha256", "by_whom", name="paper_signature_one_person"),
    )


def _texts(*names: str, default: str | None = None) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False, server_default=default) for name in names]


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
