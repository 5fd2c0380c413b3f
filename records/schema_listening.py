"""The table of what people listened to."""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import Id, identity, instant, metadata, seconds

heard_span = sa.Table(
    "heard_span",
    metadata,
    identity(),
    sa.Column("attempt_id", Id, sa.ForeignKey("attempt.id"), nullable=True),
    sa.Column("recording_id", Id, sa.ForeignKey("recording.id"), nullable=True),
    sa.Column("who", sa.Text, nullable=False),
    seconds("start_s"),
    seconds("end_s"),
    instant("at"),
    sa.CheckConstraint("(attempt_id IS NULL) <> (recording_id IS NULL)", "of_one"),
    sa.CheckConstraint("start_s < end_s", "forward"),
    sa.Index("heard_span_attempt", "attempt_id", "who"),
    sa.Index("heard_span_recording", "recording_id", "who"),
)
"""Seconds of a call, or of a recording made elsewhere, that were played to somebody; `at`: when last."""
