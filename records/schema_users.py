"""The tables of who may use the console: a person of the firm with a password, and who is signed in."""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import instant, metadata, switch, text

console_user = sa.Table(
    "console_user",
    metadata,
    sa.Column("number", sa.Text, sa.ForeignKey("staff.number"), primary_key=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("roles", sa.JSON, nullable=False),
    switch("locked"),
    sa.Column("failures", sa.Integer, nullable=False, server_default=sa.text("0")),
    instant("closed_until", nullable=True),
    text("code_secret"),
    switch("code_on"),
    sa.Column("code_step", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    instant("created_at"),
    instant("changed_at"),
)
"""`locked`: by an administrator; `closed_until`: after `failures` wrong passwords in a row. One-time
codes are asked for once they are `code_on`; none counts that is of `code_step` or before: each serves once.
"""

console_session = sa.Table(
    "console_session",
    metadata,
    sa.Column("token_sha256", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, sa.ForeignKey("console_user.number"), nullable=False),
    sa.Column("csrf", sa.Text, nullable=False),
    instant("begun_at"),
    instant("seen_at"),
    text("address"),
    sa.Index("console_session_user", "number"),
)
"""The browser alone knows the token; of it only the hash is kept."""
