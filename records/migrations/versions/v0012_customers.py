"""What is known of customers beyond name and number, what happened to them, the firm's own people."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UNIQUE = "CONSTRAINT customer_name_phone_key UNIQUE (name, phone)"


def upgrade() -> None:
    """Add columns and tables. Who has an account is known by it: name and phone are unique without one only."""
    _drop_unique(op.get_bind())
    for column in _columns():
        op.add_column("customer", column)
    for name, condition, columns in (
        ("customer_account", "account <> ''", ["account"]),
        ("customer_person", "account = ''", ["name", "phone"]),
    ):
        where = sa.text(condition)
        op.create_index(name, "customer", columns, unique=True, sqlite_where=where, postgresql_where=where)
    op.create_index("customer_branch", "customer", ["branch", "id"])
    _numbers("further_phone", "use", "phone")
    _numbers("customer_contact", "post", "name", "phone")
    op.create_table(
        "customer_event",
        sa.Column("id", _ID, nullable=False),
        _customer(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=True),
        _text("by_whom"),
        _text("words"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="customer_event_pk"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="customer_event_customer_id_fk"),
        sa.UniqueConstraint("customer_id", "kind", "happened_on", "by_whom", name="customer_event_once"),
    )
    op.create_index("customer_event_day", "customer_event", ["happened_on", "customer_id"])
    op.create_table(
        "import_mapping",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="import_mapping_pk"),
    )
    op.create_table(
        "staff",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *(_text(name) for name in ("branch", "department", "post")),
        sa.PrimaryKeyConstraint("number", name="staff_pk"),
    )


def _columns() -> list[sa.Column[Any]]:
    return [
        _text("account"),
        _text("client", "person"),
        _text("source", "ordinary"),
        *(_text(name) for name in ("manager_no", "introducer", "opened_by", "signed_by", "province")),
        *(_amount(name) for name in ("assets", "volume", "commission", "turnover")),
        *(_switch(name) for name in ("core", "dormant", "chosen")),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("closed_on", "adviser_since", "adviser_until")),
        sa.Column("details", sa.JSON(), server_default="{}", nullable=False),
    ]


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _amount(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), server_default=sa.text("0"), nullable=False)


def _switch(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _customer() -> sa.Column[int]:
    return sa.Column("customer_id", _ID, nullable=False)


def _numbers(table: str, note: str, *key: str) -> None:
    """A table of numbers that belong to a customer."""
    op.create_table(
        table,
        _customer(),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*key, "phone_kind")),
        _text("extension"),
        _text(note),
        sa.PrimaryKeyConstraint("customer_id", *key, name=f"{table}_pk"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=f"{table}_customer_id_fk"),
    )


def _drop_unique(bind: sa.Connection) -> None:
    """SQLite cannot drop a constraint, and a table that others refer to cannot be built anew in a transaction:
    the constraint's index becomes a plain one in the schema's text (ALTER TABLE, section 7), then it is dropped.
    """
    if bind.dialect.name != "sqlite":
        op.drop_constraint("customer_name_phone_key", "customer")
        return
    ours = "type = 'table' AND name = 'customer'"
    sql = str(bind.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE {ours}").scalar())
    before, _, after = sql.partition(_UNIQUE)
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.exec_driver_sql(
        f"UPDATE sqlite_master SET sql = ? WHERE {ours}", (before.rstrip().rstrip(",") + after,)
    )
    bind.exec_driver_sql(
        "UPDATE sqlite_master SET name = 'customer_once', sql = 'CREATE INDEX customer_once ON customer (name, phone)'"
        " WHERE type = 'index' AND name = 'sqlite_autoindex_customer_1'"
    )
    bind.exec_driver_sql("PRAGMA writable_schema = RESET")
    bind.exec_driver_sql("DROP INDEX customer_once")
