"""Filed scorecards, spot checks and what calls were scored with (Q5)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "filed_scorecard",
        sa.Column("id", _ID, nullable=False),
        *_texts("name", "version", "sha256"),
        sa.Column("content", sa.JSON(), nullable=False),
        _instant("filed_at"),
        sa.PrimaryKeyConstraint("id", name="filed_scorecard_pk"),
        sa.UniqueConstraint("name", "version", name="filed_scorecard_name_version_key"),
    )
    _spot_checks()
    _scores()


def _spot_checks() -> None:
    op.create_table(
        "spot_check",
        sa.Column("id", _ID, nullable=False),
        *_texts("name"),
        *_texts("branch", "kind", default=""),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("since", "until", "due_on")),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("unflagged", sa.Integer(), nullable=False),
        *_texts("scorecard", default=""),
        sa.Column("reviewers", sa.JSON(), nullable=False),
        *_texts("by_whom"),
        _instant("at"),
        sa.PrimaryKeyConstraint("id", name="spot_check_pk"),
        sa.UniqueConstraint("name", name="spot_check_name_key"),
    )
    op.create_index("spot_check_branch", "spot_check", ["branch"])
    op.create_table(
        "spot_check_call",
        sa.Column("spot_check_id", _ID, nullable=False),
        sa.Column("attempt_id", _ID, nullable=False),
        _switch("flagged"),
        sa.PrimaryKeyConstraint("spot_check_id", "attempt_id", name="spot_check_call_pk"),
        _refers("spot_check_call", "spot_check_id", "spot_check.id"),
        _refers("spot_check_call", "attempt_id", "attempt.id"),
    )
    op.create_index("spot_check_call_attempt", "spot_check_call", ["attempt_id"])


def _scores() -> None:
    op.create_table(
        "call_score",
        sa.Column("id", _ID, nullable=False),
        sa.Column("attempt_id", _ID, nullable=False),
        sa.Column("spot_check_id", _ID, nullable=True),
        sa.Column("scorecard_id", _ID, nullable=False),
        _switch("blind"),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("total", sa.Double(), nullable=False),
        _switch("passed"),
        *_texts("violation"),
        *_texts("words", default=""),
        *_texts("by_whom"),
        _instant("at"),
        *_texts("objected_by", default=""),
        _instant("objected_at", nullable=True),
        *_texts("objected_why", default=""),
        sa.Column("replaces", _ID, nullable=True),
        _switch("replaced"),
        sa.PrimaryKeyConstraint("id", name="call_score_pk"),
        sa.UniqueConstraint("replaces", name="call_score_replaces_key"),
        _refers("call_score", "attempt_id", "attempt.id"),
        _refers("call_score", "spot_check_id", "spot_check.id"),
        _refers("call_score", "scorecard_id", "filed_scorecard.id"),
        _refers("call_score", "replaces", "call_score.id"),
        sa.CheckConstraint("violation IN ('no', 'yes', 'inaudible')", name="violation"),
        sa.CheckConstraint("(objected_by <> '') = (objected_at IS NOT NULL)", name="objected_by_somebody"),
        sa.CheckConstraint("NOT blind OR spot_check_id IS NOT NULL", name="blind_in_a_check"),
    )
    first = "replaces IS NULL AND "
    _once("call_score_alone", first + "spot_check_id IS NULL", "attempt_id", "by_whom")
    _once("call_score_once", first + "NOT blind", "attempt_id", "spot_check_id")
    _once("call_score_blind", first + "blind", "attempt_id", "spot_check_id", "by_whom")
    op.create_index("call_score_attempt", "call_score", ["attempt_id"])
    op.create_index("call_score_check", "call_score", ["spot_check_id"])


def _once(name: str, condition: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "call_score", columns, unique=True, sqlite_where=where, postgresql_where=where)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"{table}_{column}_fk")


def _texts(*names: str, default: str | None = None) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False, server_default=default) for name in names]


def _switch(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
