"""Tables of what people make of what a machine heard: verdicts on leads, settled answers; their searches."""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import Id, identity, instant, metadata, refers, text, unique_where

verdict = sa.Table(
    "verdict",
    metadata,
    identity(),
    refers("flag_id", "flag.id"),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    instant("at"),
    sa.Column("is_current", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.CheckConstraint("verdict IN ('right', 'wrong', 'inaudible', 'context')", "known"),
    unique_where("verdict_one_current", "is_current", "flag_id"),
    sa.Index("verdict_flag", "flag_id"),
)
"""What somebody who listened says of a lead; one that another has replaced stays, no longer current."""

settled_answer = sa.Table(
    "settled_answer",
    metadata,
    sa.Column("attempt_id", Id, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    text("value"),
    text("label"),
    sa.Column("who", sa.Text, nullable=False),
    instant("at"),
    sa.ForeignKeyConstraint(
        ["attempt_id", "position"], ["answer.attempt_id", "answer.position"], name="settled_answer_of"
    ),
)
"""An answer as somebody who listened understood it, beside the machine's (`answer`), which stays."""

saved_search = sa.Table(
    "saved_search",
    metadata,
    identity(),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    text("query"),
    instant("at"),
    sa.UniqueConstraint("who", "name"),
)
"""A user's own searches of calls. `query`: of the page's address."""
