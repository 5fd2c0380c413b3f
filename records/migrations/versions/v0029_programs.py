"""Tokens of programs; listeners and what they are told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables, and indexes by which what is new is found."""
    op.create_index("attempt_ended", "attempt", ["ended_at"])
    op.create_index("transcript_created", "transcript", ["created_at"])
    _tokens()
    _listeners()
    _deliveries()


def _tokens() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", _ID, nullable=False),
        _text("name"),
        _text("token_sha256"),
        sa.Column("scopes", sa.JSON(), nullable=False),
        _text("branch", ""),
        _text("made_by"),
        _instant("made_at"),
        _instant("expires_at"),
        _instant("revoked_at", nullable=True),
        _instant("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="api_token_pk"),
        sa.UniqueConstraint("name", name="api_token_name_key"),
        sa.UniqueConstraint("token_sha256", name="api_token_token_sha256_key"),
    )


def _listeners() -> None:
    op.create_table(
        "listener",
        sa.Column("id", _ID, nullable=False),
        _text("address"),
        _text("secret"),
        sa.Column("events", sa.JSON(), nullable=False),
        _text("branch", ""),
        _text("made_by"),
        _instant("made_at"),
        _instant("stopped_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="listener_pk"),
        sa.UniqueConstraint("address", name="listener_address_key"),
    )


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", _ID, nullable=False),
        sa.Column("listener_id", _ID, nullable=False),
        _text("event"),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        _instant("happened_at"),
        sa.Column("tries", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        _instant("next_at", nullable=True),
        _instant("done_at", nullable=True),
        _text("answer", ""),
        sa.PrimaryKeyConstraint("id", name="delivery_pk"),
        sa.ForeignKeyConstraint(["listener_id"], ["listener.id"], name="delivery_listener_id_fk"),
        sa.UniqueConstraint("listener_id", "event", "object_id", name="delivery_listener_id_event_object_id_key"),
    )
    waiting = sa.text("next_at IS NOT NULL")
    op.create_index(
        "delivery_next", "delivery", ["next_at"], sqlite_where=waiting, postgresql_where=waiting
    )


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
