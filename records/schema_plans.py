"""The tables of planning: what is owed, samples, worksheets, notices. docs/plans.md explains them."""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import (
    Id,
    identity,
    index_where,
    instant,
    metadata,
    refers,
    seconds,
    switch,
    text,
)


def _own(name: str) -> sa.Column[str]:
    """Words of our own, a million times: they need no look for what cannot be kept."""
    return sa.Column(name, sa.Text, nullable=False, server_default="")


obligation = sa.Table(
    "obligation",
    metadata,
    identity(),
    refers("customer_id", "customer.id"),
    sa.Column("duty", sa.Text, nullable=False),
    sa.Column("occasion", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    _own("branch"),
    sa.Column("due_from", sa.Date, nullable=False),
    sa.Column("due_by", sa.Date, nullable=False),
    sa.Column("begin_by", sa.Date, nullable=True),
    _own("pool"),
    seconds("share"),
    sa.Column("executor", sa.Text, nullable=False),
    _own("rule"),
    switch("must"),
    sa.Column("state", sa.Text, nullable=False, server_default="open"),
    text("why"),
    sa.Column("follow_up_id", Id, sa.ForeignKey("follow_up.id"), nullable=True),
    switch("called"),
    switch("reached"),
    sa.Column("settled_on", sa.Date, nullable=True),
    sa.UniqueConstraint("customer_id", "duty", "occasion", name="obligation_once"),
    sa.CheckConstraint("state IN ('open', 'planned', 'completed', 'noticed', 'withdrawn')", "state"),
    sa.CheckConstraint("(settled_on IS NULL) = (state IN ('open', 'planned'))", "settled_has_day"),
    sa.Index("obligation_branch", "branch"),
    index_where("obligation_open", "state = 'open'", "due_by"),
    index_where("obligation_follow_up", "follow_up_id IS NOT NULL", "follow_up_id"),
)
"""Planned: on a worksheet. Completed by a call; noticed, that is informed by notice instead (A4); withdrawn,
as when an order is (P7), with why. `called`, `reached`: an attempt was made; the owner was on the line.
"""

sample = sa.Table(
    "sample",
    metadata,
    sa.Column("pool", sa.Text, primary_key=True),
    sa.Column("stratum", sa.Text, primary_key=True),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("members", sa.Integer, nullable=False),
    sa.Column("required", sa.Integer, nullable=False),
    sa.Column("drawn", sa.Integer, nullable=False),
    text("branch"),
    sa.Index("sample_branch", "branch"),
)
"""What was drawn of each stratum of a pool, and by which seed: it can be drawn again (P1, P5)."""

worksheet = sa.Table(
    "worksheet",
    metadata,
    identity(),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    text("branch"),
    switch("is_check"),
    sa.Column("kind", sa.Text, nullable=False),
    text("type"),
    sa.Column("script", sa.Text, nullable=False),
    sa.Column("profile", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    seconds("share"),
    text("purpose"),
    text("content"),
    text("method"),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("responsible", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("campaign_id", Id, sa.ForeignKey("campaign.id"), nullable=True, unique=True),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'rejected', 'approved', 'running')", "state"),
    sa.CheckConstraint("(state = 'running') = (campaign_id IS NOT NULL)", "running_has_campaign"),
)

worksheet_item = sa.Table(
    "worksheet_item",
    metadata,
    sa.Column("worksheet_id", Id, sa.ForeignKey("worksheet.id"), primary_key=True),
    sa.Column("obligation_id", Id, sa.ForeignKey("obligation.id"), primary_key=True),
    sa.Index("worksheet_item_obligation", "obligation_id"),
)

worksheet_decision = sa.Table(
    "worksheet_decision",
    metadata,
    identity(),
    refers("worksheet_id", "worksheet.id"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    instant("at"),
    text("why"),
    sa.Index("worksheet_decision_worksheet", "worksheet_id"),
)
"""Who brought a worksheet into a state, and when: the chain that is filed (P8)."""

notice = sa.Table(
    "notice",
    metadata,
    identity(),
    refers("customer_id", "customer.id"),
    sa.Column("obligation_id", Id, sa.ForeignKey("obligation.id"), nullable=True),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("occasion", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    text("words"),
    sa.Column("batch", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="listed"),
    text("reply"),
    instant("listed_at"),
    instant("told_at", nullable=True),
    sa.UniqueConstraint("customer_id", "way", "occasion", name="notice_once"),
    sa.CheckConstraint("state IN ('listed', 'delivered', 'failed')", "state"),
    sa.CheckConstraint("(state = 'listed') = (told_at IS NULL)", "told_has_time"),
    sa.Index("notice_batch", "batch"),
    index_where("notice_open", "state = 'listed'", "phone"),
)
"""A message that another system sends: listed for it, then what it says became of it (A4, C1, C5)."""
