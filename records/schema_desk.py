"""The tables of the desk of people: what is handed over to them, and what they wrote of it.

Calls are named by their number without a foreign key: what people wrote outlives a recording that is purged.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from records.columns import Id, identity, index_where, instant, metadata, refers, switch, text, unique_where

desk_item = sa.Table(
    "desk_item",
    metadata,
    identity(),
    sa.Column("source", sa.Text, nullable=False, unique=True),
    sa.Column("reason", sa.Text, nullable=False),
    refers("customer_id", "customer.id"),
    sa.Column("follow_up_id", Id, sa.ForeignKey("follow_up.id"), nullable=True),
    sa.Column("call", Id, nullable=True),
    sa.Column("note", Id, nullable=True),
    sa.Column("case_id", Id, nullable=True),
    text("words"),
    sa.Column("not_by", sa.JSON, nullable=False, server_default=sa.text("'[]'")),
    sa.Column("due_on", sa.Date, nullable=False),
    instant("made_at"),
    text("made_by"),
    text("claimed_by"),
    instant("claimed_until", nullable=True),
    text("result"),
    instant("done_at", nullable=True),
    text("done_by"),
    sa.CheckConstraint("(claimed_by <> '') = (claimed_until IS NOT NULL)", "claimed_by_somebody"),
    sa.CheckConstraint("(result <> '') = (done_at IS NOT NULL)", "done_has_result"),
    sa.CheckConstraint("(done_by <> '') = (done_at IS NOT NULL)", "done_by_somebody"),
    index_where("desk_item_open", "done_at IS NULL", "due_on", "id"),
    index_where("desk_item_done", "done_at IS NOT NULL", "done_at"),
    sa.Index("desk_item_customer", "customer_id"),
    index_where("desk_item_note", "note IS NOT NULL", "note"),
    index_where("desk_item_follow_up", "follow_up_id IS NOT NULL", "follow_up_id"),
)
"""`source`: what it was made from, once: "follow_up 12", "note 5"; "entered ..." what people brought.

`due_on`: `NO_DAY` where any day will do, which sorts after every other.
"""

NO_DAY = date(9999, 12, 31)

desk_record = sa.Table(
    "desk_record",
    metadata,
    identity(),
    refers("item_id", "desk_item.id"),
    refers("customer_id", "customer.id"),
    instant("at"),
    sa.Column("by", sa.Text, nullable=False),
    text("second"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
    text("purpose"),
    text("content"),
    text("problem"),
    sa.Column("result", sa.Text, nullable=False),
    switch("owner"),
    sa.Column("answers", sa.JSON, nullable=False, server_default=sa.text("'[]'")),
    sa.Column("call", Id, nullable=True),
    sa.Column("counted", sa.Text, nullable=False),
    instant("made_at"),
    sa.Index("desk_record_item", "item_id"),
    sa.Index("desk_record_customer", "customer_id", "at"),
)
"""The written record of what a person did (R1, C1). `counted`: what it is worth (P9, A4)."""

attachment = sa.Table(
    "attachment",
    metadata,
    identity(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("of", Id, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    instant("added_at"),
    sa.Column("added_by", sa.Text, nullable=False),
    sa.UniqueConstraint("kind", "of", "sha256", name="attachment_once"),
    sa.CheckConstraint("kind IN ('item', 'complaint')", "kind"),
)
"""Files that prove a record; they lie below `attachments/` in the data directory, by their hash."""

contact_change = sa.Table(
    "contact_change",
    metadata,
    identity(),
    refers("customer_id", "customer.id"),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("wanted", sa.Text, nullable=False),
    sa.Column("item_id", Id, sa.ForeignKey("desk_item.id"), nullable=True),
    sa.Column("call", Id, nullable=True),
    text("proof"),
    instant("asked_at"),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="asked"),
    text("words"),
    instant("closed_at", nullable=True),
    text("closed_by"),
    sa.CheckConstraint("state IN ('asked', 'made', 'declined')", "state"),
    sa.CheckConstraint("(state = 'asked') = (closed_at IS NULL)", "closed_has_time"),
    sa.CheckConstraint("(closed_by <> '') = (closed_at IS NOT NULL)", "closed_by_somebody"),
    index_where("contact_change_open", "state = 'asked'", "id"),
    sa.Index("contact_change_customer", "customer_id"),
)
"""A number or address that a customer gave: asked of the business process, never changed here (C3)."""

complaint = sa.Table(
    "complaint",
    metadata,
    identity(),
    sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=True),
    sa.Column("person", sa.Text, nullable=False),
    text("phone"),
    text("branch"),
    sa.Column("sort", sa.Text, nullable=False),
    instant("raised_at"),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("call", Id, nullable=True),
    sa.Column("note", Id, nullable=True, unique=True),
    sa.Column("matter", sa.Text, nullable=False),
    text("type"),
    text("department"),
    sa.Column("state", sa.Text, nullable=False),
    instant("passed_at", nullable=True),
    text("measure"),
    sa.Column("promised_on", sa.Date, nullable=True),
    text("cause"),
    text("prevention"),
    text("outcome"),
    instant("reopened_at", nullable=True),
    instant("closed_at", nullable=True),
    sa.Column("due_on", sa.Date, nullable=True),
    sa.CheckConstraint("sort IN ('complaint', 'opinion')", "sort"),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", "closed_has_time"),
    index_where("complaint_open", "closed_at IS NULL", "due_on", "id"),
    sa.Index("complaint_customer", "customer_id"),
)
"""A complaint or an opinion (Q8); `due_on`: the last day of the clock that runs out next (Q4)."""

complaint_step = sa.Table(
    "complaint_step",
    metadata,
    identity(),
    refers("complaint_id", "complaint.id"),
    instant("at"),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    text("words"),
    sa.Index("complaint_step_complaint", "complaint_id"),
)

person_call = sa.Table(
    "person_call",
    metadata,
    identity(),
    refers("item_id", "desk_item.id"),
    refers("follow_up_id", "follow_up.id"),
    sa.Column("by", sa.Text, nullable=False),
    instant("asked_at"),
    sa.Column("state", sa.Text, nullable=False, server_default="asked"),
    sa.Column("call", Id, nullable=True),
    text("outcome"),
    sa.CheckConstraint("state IN ('asked', 'clerk', 'customer', 'talking', 'over')", "state"),
    unique_where("person_call_one", "state <> 'over'", "by"),
    sa.Index("person_call_item", "item_id"),
)
"""A call asked for by a click: the clerk's telephone rings, then the customer's; `call`: its attempt."""
