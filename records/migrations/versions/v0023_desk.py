"""The desk of people: what is handed over, what they wrote, files, changes asked for, complaints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SOMEBODY = "(done_by <> '') = (done_at IS NOT NULL)"


def upgrade() -> None:
    """Add the tables."""
    _desk()
    _files()
    _changes()
    _complaints()


def _desk() -> None:
    op.create_table(
        "desk_item",
        sa.Column("id", _ID, nullable=False),
        *_texts("source", "reason"),
        sa.Column("customer_id", _ID, nullable=False),
        *_ids("follow_up_id", "call", "note", "case_id"),
        *_texts("words", default=""),
        sa.Column("not_by", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("due_on", sa.Date(), nullable=False),
        _instant("made_at"),
        *_texts("made_by", "claimed_by", default=""),
        _instant("claimed_until", nullable=True),
        *_texts("result", default=""),
        _instant("done_at", nullable=True),
        *_texts("done_by", default=""),
        sa.PrimaryKeyConstraint("id", name="desk_item_pk"),
        sa.UniqueConstraint("source", name="desk_item_source_key"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="desk_item_customer_id_fk"),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name="desk_item_follow_up_id_fk"),
        sa.CheckConstraint("(claimed_by <> '') = (claimed_until IS NOT NULL)", name="claimed_by_somebody"),
        sa.CheckConstraint("(result <> '') = (done_at IS NOT NULL)", name="done_has_result"),
        sa.CheckConstraint(_SOMEBODY, name="done_by_somebody"),
    )
    _index("desk_item_open", "desk_item", "done_at IS NULL", "due_on", "id")
    _index("desk_item_done", "desk_item", "done_at IS NOT NULL", "done_at")
    op.create_index("desk_item_customer", "desk_item", ["customer_id"])
    _index("desk_item_note", "desk_item", "note IS NOT NULL", "note")
    _index("desk_item_follow_up", "desk_item", "follow_up_id IS NOT NULL", "follow_up_id")
    op.create_table(
        "desk_record",
        sa.Column("id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        _instant("at"),
        *_texts("by"),
        *_texts("second", default=""),
        *_texts("kind", "way"),
        *_texts("purpose", "content", "problem", default=""),
        *_texts("result"),
        sa.Column("owner", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("answers", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
        *_ids("call"),
        *_texts("counted"),
        _instant("made_at"),
        sa.PrimaryKeyConstraint("id", name="desk_record_pk"),
        sa.ForeignKeyConstraint(["item_id"], ["desk_item.id"], name="desk_record_item_id_fk"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="desk_record_customer_id_fk"),
    )
    op.create_index("desk_record_item", "desk_record", ["item_id"])
    op.create_index("desk_record_customer", "desk_record", ["customer_id", "at"])


def _files() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", _ID, nullable=False),
        *_texts("kind"),
        sa.Column("of", _ID, nullable=False),
        *_texts("sha256", "name", "type"),
        sa.Column("size", sa.Integer(), nullable=False),
        _instant("added_at"),
        *_texts("added_by"),
        sa.PrimaryKeyConstraint("id", name="attachment_pk"),
        sa.UniqueConstraint("kind", "of", "sha256", name="attachment_once"),
        sa.CheckConstraint("kind IN ('item', 'complaint')", name="kind"),
    )


def _changes() -> None:
    op.create_table(
        "contact_change",
        sa.Column("id", _ID, nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        *_texts("what", "wanted"),
        *_ids("item_id", "call"),
        *_texts("proof", default=""),
        _instant("asked_at"),
        *_texts("asked_by"),
        *_texts("state", default="asked"),
        *_texts("words", default=""),
        _instant("closed_at", nullable=True),
        *_texts("closed_by", default=""),
        sa.PrimaryKeyConstraint("id", name="contact_change_pk"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="contact_change_customer_id_fk"),
        sa.ForeignKeyConstraint(["item_id"], ["desk_item.id"], name="contact_change_item_id_fk"),
        sa.CheckConstraint("state IN ('asked', 'made', 'declined')", name="state"),
        sa.CheckConstraint("(state = 'asked') = (closed_at IS NULL)", name="closed_has_time"),
        sa.CheckConstraint("(closed_by <> '') = (closed_at IS NOT NULL)", name="closed_by_somebody"),
    )
    _index("contact_change_open", "contact_change", "state = 'asked'", "id")
    op.create_index("contact_change_customer", "contact_change", ["customer_id"])


def _complaints() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", _ID, nullable=False),
        *_ids("customer_id"),
        *_texts("person"),
        *_texts("phone", "branch", default=""),
        *_texts("sort"),
        _instant("raised_at"),
        *_texts("way"),
        *_ids("call", "note"),
        *_texts("matter"),
        *_texts("type", "department", default=""),
        *_texts("state"),
        _instant("passed_at", nullable=True),
        *_texts("measure", default=""),
        sa.Column("promised_on", sa.Date(), nullable=True),
        *_texts("cause", "prevention", "outcome", default=""),
        _instant("reopened_at", nullable=True),
        _instant("closed_at", nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="complaint_pk"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="complaint_customer_id_fk"),
        sa.UniqueConstraint("note", name="complaint_note_key"),
        sa.CheckConstraint("sort IN ('complaint', 'opinion')", name="sort"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
    )
    _index("complaint_open", "complaint", "closed_at IS NULL", "due_on", "id")
    op.create_index("complaint_customer", "complaint", ["customer_id"])
    op.create_table(
        "complaint_step",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complaint_id", _ID, nullable=False),
        _instant("at"),
        *_texts("by", "step"),
        *_texts("words", default=""),
        sa.PrimaryKeyConstraint("id", name="complaint_step_pk"),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="complaint_step_complaint_id_fk"),
    )
    op.create_index("complaint_step_complaint", "complaint_step", ["complaint_id"])


def _index(name: str, table: str, condition: str, *columns: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def _ids(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, _ID, nullable=True) for name in names]


def _texts(*names: str, default: str | None = None) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False, server_default=default) for name in names]


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
