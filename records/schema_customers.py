"""The tables of customers, of what happened to them, and of the firm's own people.

A customer with an account number is known by it: name and phone may change. One without is known by both.
"""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import Id, amount, identity, instant, metadata, refers, switch, text, unique_where


def _json(name: str, empty: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON, nullable=False, server_default=sa.text(f"'{empty}'"))


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date, nullable=True)


def _word(name: str, default: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


customer = sa.Table(
    "customer",
    metadata,
    identity(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("phone_kind", sa.Text, nullable=False),
    _day("opened_on"),
    text("manager"),
    text("branch"),
    text("extension"),
    _json("words", "[]"),
    instant("created_at"),
    instant("updated_at"),
    text("account"),
    _word("client", "person"),
    _word("source", "ordinary"),
    text("manager_no"),
    text("introducer"),
    text("opened_by"),
    text("signed_by"),
    text("province"),
    amount("assets"),
    amount("volume"),
    amount("commission"),
    amount("turnover"),
    switch("core"),
    switch("dormant"),
    switch("chosen"),
    _day("closed_on"),
    _day("adviser_since"),
    _day("adviser_until"),
    _json("details", "{}"),
    unique_where("customer_account", "account <> ''", "account"),
    unique_where("customer_person", "account = ''", "name", "phone"),
    sa.Index("customer_phone", "phone"),
    sa.Index("customer_branch", "branch", "id"),
)
"""`manager` is the manager's name as scripts say it, `manager_no` the staff number. `details` holds what only
papers want (W5).
"""

has_account = customer.c.account != sa.literal_column("''")
"""Beside each look-up by account: its index holds those alone that have one, and engines must see that."""

further_phone = sa.Table(
    "further_phone",
    metadata,
    sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), primary_key=True),
    sa.Column("phone", sa.Text, primary_key=True),
    sa.Column("phone_kind", sa.Text, nullable=False),
    text("extension"),
    text("use"),
)
"""Numbers beside the one that is called first."""

customer_contact = sa.Table(
    "customer_contact",
    metadata,
    sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("phone", sa.Text, primary_key=True),
    sa.Column("phone_kind", sa.Text, nullable=False),
    text("extension"),
    text("post"),
)
"""Who may speak for an institution."""

customer_event = sa.Table(
    "customer_event",
    metadata,
    identity(),
    refers("customer_id", "customer.id"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("happened_on", sa.Date, nullable=False),
    _day("by_on"),
    text("by_whom"),
    text("words"),
    instant("made_at"),
    sa.UniqueConstraint("customer_id", "kind", "happened_on", "by_whom", name="customer_event_once"),
    sa.Index("customer_event_day", "happened_on", "customer_id"),
)

import_mapping = sa.Table(
    "import_mapping",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    _json("columns", "{}"),
    instant("saved_at"),
)

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    text("branch"),
    text("department"),
    text("post"),
    text("superior"),
)
