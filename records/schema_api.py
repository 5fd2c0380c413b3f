"""The tables of what programs do here: tokens, and what is told to whom outside."""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import identity, index_where, instant, metadata, refers, text

api_token = sa.Table(
    "api_token",
    metadata,
    identity(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("token_sha256", sa.Text, nullable=False, unique=True),
    sa.Column("scopes", sa.JSON, nullable=False),
    text("branch"),
    sa.Column("made_by", sa.Text, nullable=False),
    instant("made_at"),
    instant("expires_at"),
    instant("revoked_at", nullable=True),
    instant("used_at", nullable=True),
)
"""Whoever was given a token has it; of it only the hash is kept."""

listener = sa.Table(
    "listener",
    metadata,
    identity(),
    sa.Column("address", sa.Text, nullable=False, unique=True),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    text("branch"),
    sa.Column("made_by", sa.Text, nullable=False),
    instant("made_at"),
    instant("stopped_at", nullable=True),
)
"""Who is told of events: `https://…` or `mailto:…`. The secret signs what is sent to a web address."""

delivery = sa.Table(
    "delivery",
    metadata,
    identity(),
    refers("listener_id", "listener.id"),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("object_id", sa.BigInteger, nullable=False),
    instant("happened_at"),
    sa.Column("tries", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
    instant("next_at", nullable=True),
    instant("done_at", nullable=True),
    text("answer"),
    sa.UniqueConstraint("listener_id", "event", "object_id"),
    index_where("delivery_next", "next_at IS NOT NULL", "next_at"),
)
"""An event for a listener. `next_at`: when it is tried next; None once it arrived, or was given up."""
