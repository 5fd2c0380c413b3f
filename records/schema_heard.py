"""Tables of what follows a call: jobs, recordings made elsewhere, transcripts, flags."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem

from records.columns import (
    Id,
    identity,
    index_where,
    instant,
    metadata,
    rank,
    refers,
    seconds,
    switch,
    text,
    unique_where,
)

job = sa.Table(
    "job",
    metadata,
    identity(),
    sa.Column("kind", sa.Text, nullable=False),
    refers("attempt_id", "attempt.id"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tries", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
    text("node"),
    instant("lease_until", nullable=True),
    text("reason"),
    instant("created_at"),
    instant("changed_at"),
    rank("rank"),
    sa.UniqueConstraint("kind", "attempt_id"),
    sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'parked')", "state"),
    sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", "running_has_lease"),
    sa.Index("job_next", "state", "tries", "rank", "id"),
    sa.Index("job_attempt", "attempt_id"),
)

recording = sa.Table(
    "recording",
    metadata,
    identity(),
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
    text("name"),
    text("path"),
    text("extension"),
    instant("began_at", nullable=True),
    seconds("length_s"),
    instant("added_at"),
)

transcript = sa.Table(
    "transcript",
    metadata,
    identity(),
    sa.Column("attempt_id", Id, sa.ForeignKey("attempt.id"), nullable=True),
    sa.Column("recording_id", Id, sa.ForeignKey("recording.id"), nullable=True),
    sa.Column("engine", sa.Text, nullable=False),
    sa.Column("model_sha256", sa.Text, nullable=False),
    sa.Column("is_current", sa.Boolean, nullable=False),
    text("doubt"),
    instant("created_at"),
    switch("guessed"),
    text("corrected_by"),
    sa.CheckConstraint("(attempt_id IS NULL) <> (recording_id IS NULL)", "of_one"),
    unique_where("transcript_one_current", "is_current", "attempt_id"),
    unique_where("transcript_one_of_recording", "is_current", "recording_id"),
    sa.Index("transcript_attempt", "attempt_id"),
    sa.Index("transcript_created", "created_at"),
    sa.Index("transcript_recording", "recording_id"),
)


def _of_transcript(name: str, *columns: SchemaItem) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        identity(),
        refers("transcript_id", "transcript.id"),
        *columns,
        sa.Index(f"{name}_transcript", "transcript_id"),
    )


utterance = _of_transcript(
    "utterance",
    text("party"),
    seconds("start_s"),
    seconds("end_s"),
    text("text"),
    seconds("confidence"),
    sa.Column("chars", sa.JSON, nullable=False),
    sa.Column("held", sa.JSON, nullable=False, server_default=sa.text("'[]'")),
)

flag = _of_transcript(
    "flag",
    text("rule"),
    text("rule_version"),
    text("category"),
    text("severity"),
    text("party"),
    seconds("start_s"),
    seconds("end_s"),
    text("text"),
    seconds("score"),
    text("tier"),
    text("negation"),
    text("why"),
    text("phrase"),
    sa.Column("features", sa.JSON, nullable=False, server_default=sa.text("'{}'")),
    text("weights"),
    sa.Column("is_current", sa.Boolean, nullable=False, server_default=sa.true()),
    text("added_by"),
    text("withdrawn_by"),
    text("withdrawn_why"),
    instant("withdrawn_at", nullable=True),
    index_where("flag_current", "is_current", "rule", "tier"),
)
"""Leads. Those that newer rules have replaced, or people withdrawn, stay, no longer current. `added_by`: by
hand; "" for a machine."""
