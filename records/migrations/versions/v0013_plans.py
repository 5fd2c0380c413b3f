"""What is owed, the samples it was drawn by, worksheets with their decisions, notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    _obligation()
    _sample()
    _worksheet()
    _notice()


def _obligation() -> None:
    op.create_table(
        "obligation",
        _id(),
        _refers("customer"),
        *_texts("duty", "occasion", "kind"),
        *_texts("branch", default=""),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("due_from", "due_by")),
        sa.Column("begin_by", sa.Date(), nullable=True),
        *_texts("pool", default=""),
        _share(),
        *_texts("executor"),
        *_texts("rule", default=""),
        _switch("must"),
        *_texts("state", default="open"),
        *_texts("why", default=""),
        _refers("follow_up", nullable=True),
        *(_switch(name) for name in ("called", "reached")),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="obligation_pk"),
        _foreign("obligation", "customer"),
        _foreign("obligation", "follow_up"),
        sa.UniqueConstraint("customer_id", "duty", "occasion", name="obligation_once"),
        sa.CheckConstraint(
            "state IN ('open', 'planned', 'completed', 'noticed', 'withdrawn')", name="state"
        ),
        sa.CheckConstraint(
            "(settled_on IS NULL) = (state IN ('open', 'planned'))", name="settled_has_day"
        ),
    )
    op.create_index("obligation_branch", "obligation", ["branch"])
    _index_where("obligation_open", "obligation", "state = 'open'", "due_by")
    _index_where("obligation_follow_up", "obligation", "follow_up_id IS NOT NULL", "follow_up_id")


def _sample() -> None:
    op.create_table(
        "sample",
        *_texts("pool", "stratum"),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("members", "required", "drawn")),
        *_texts("branch", default=""),
        sa.PrimaryKeyConstraint("pool", "stratum", name="sample_pk"),
    )
    op.create_index("sample_branch", "sample", ["branch"])


def _worksheet() -> None:
    op.create_table(
        "worksheet",
        _id(),
        *_texts("number"),
        *_texts("branch", default=""),
        _switch("is_check"),
        *_texts("kind"),
        *_texts("type", default=""),
        *_texts("script", "profile"),
        sa.Column("size", sa.Integer(), nullable=False),
        _share(),
        *_texts("purpose", "content", "method", default=""),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("starts_on", "ends_on")),
        *_texts("responsible", "state"),
        _refers("campaign", nullable=True),
        sa.PrimaryKeyConstraint("id", name="worksheet_pk"),
        _foreign("worksheet", "campaign"),
        sa.UniqueConstraint("number", name="worksheet_number_key"),
        sa.UniqueConstraint("campaign_id", name="worksheet_campaign_id_key"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'rejected', 'approved', 'running')", name="state"
        ),
        sa.CheckConstraint(
            "(state = 'running') = (campaign_id IS NOT NULL)", name="running_has_campaign"
        ),
    )
    op.create_table(
        "worksheet_item",
        _refers("worksheet"),
        _refers("obligation"),
        sa.PrimaryKeyConstraint("worksheet_id", "obligation_id", name="worksheet_item_pk"),
        _foreign("worksheet_item", "worksheet"),
        _foreign("worksheet_item", "obligation"),
    )
    op.create_index("worksheet_item_obligation", "worksheet_item", ["obligation_id"])
    op.create_table(
        "worksheet_decision",
        _id(),
        _refers("worksheet"),
        *_texts("state", "by"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_texts("why", default=""),
        sa.PrimaryKeyConstraint("id", name="worksheet_decision_pk"),
        _foreign("worksheet_decision", "worksheet"),
    )
    op.create_index("worksheet_decision_worksheet", "worksheet_decision", ["worksheet_id"])


def _notice() -> None:
    op.create_table(
        "notice",
        _id(),
        _refers("customer"),
        _refers("obligation", nullable=True),
        *_texts("way", "occasion", "phone"),
        *_texts("words", default=""),
        *_texts("batch"),
        *_texts("state", default="listed"),
        *_texts("reply", default=""),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="notice_pk"),
        _foreign("notice", "customer"),
        _foreign("notice", "obligation"),
        sa.UniqueConstraint("customer_id", "way", "occasion", name="notice_once"),
        sa.CheckConstraint("state IN ('listed', 'delivered', 'failed')", name="state"),
        sa.CheckConstraint("(state = 'listed') = (told_at IS NULL)", name="told_has_time"),
    )
    op.create_index("notice_batch", "notice", ["batch"])
    _index_where("notice_open", "notice", "state = 'listed'", "phone")


def _id() -> sa.Column[int]:
    return sa.Column("id", _ID, nullable=False)


def _texts(*names: str, default: str | None = None) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), server_default=default, nullable=False) for name in names]


def _switch(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _share() -> sa.Column[float]:
    return sa.Column("share", sa.Double(), server_default=sa.text("0"), nullable=False)


def _refers(table: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(f"{table}_id", _ID, nullable=nullable)


def _foreign(table: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{to}_id"], [f"{to}.id"], name=f"{table}_{to}_id_fk")


def _index_where(name: str, table: str, condition: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)
