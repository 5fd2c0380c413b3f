"""Everything from contacts to transcripts: the first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Contentless: the text stays in `utterance`. No positions and no sizes: only "which rows hold these tokens" is asked.
SEARCH_INDEX = (
    """
    CREATE VIRTUAL TABLE {name} USING fts5(
        tokens, content = '', detail = none, columnsize = 0, tokenize = 'ascii'
    )
    """,
)

# The same on PostgreSQL. Many statistics: few bigrams are common, and the planner must know which.
SEARCH_TABLE = (
    "CREATE TABLE {name} (rowid bigint PRIMARY KEY REFERENCES utterance (id), tokens tsvector NOT NULL)",
    "CREATE INDEX {name}_tokens ON {name} USING gin (tokens)",
    "ALTER TABLE {name} ALTER COLUMN tokens SET STATISTICS 1000",
)


def upgrade() -> None:
    """Build."""
    op.create_table(
        "campaign",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("script_version", sa.Text(), nullable=False),
        sa.Column("script_sha256", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'running', 'paused', 'finished', 'cancelled')", name=op.f("campaign_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("campaign_pk")),
        sa.UniqueConstraint("name", name=op.f("campaign_name_key")),
    )
    op.create_table(
        "customer",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("phone_kind", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("manager", sa.Text(), server_default="", nullable=False),
        sa.Column("branch", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("customer_pk")),
        sa.UniqueConstraint("name", "phone", name=op.f("customer_name_phone_key")),
    )
    op.create_index("customer_phone", "customer", ["phone"])
    op.create_table(
        "do_not_call",
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("phone", name=op.f("do_not_call_pk")),
    )
    op.create_table(
        "trunk",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("trunk_pk")),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointment", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("apologise", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("disposition", sa.Text(), server_default="", nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("follow_up_closed_has_time")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (disposition <> '')", name=op.f("follow_up_closed_has_disposition")
        ),
        sa.CheckConstraint("state IN ('waiting', 'calling', 'closed')", name=op.f("follow_up_state")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("follow_up_campaign_id_fk")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("follow_up_customer_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("follow_up_pk")),
        sa.UniqueConstraint("campaign_id", "customer_id", name=op.f("follow_up_campaign_id_customer_id_key")),
    )
    op.create_index("follow_up_customer", "follow_up", ["customer_id"])
    op.create_index("follow_up_next", "follow_up", ["campaign_id", "state", "rank", "deadline", "due_at"])
    op.create_table(
        "attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("follow_up_id", ID, nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("ring", sa.SmallInteger(), nullable=True),
        sa.Column("max_rung", sa.SmallInteger(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("trunk", sa.Text(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ringing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disposition", sa.Text(), server_default="", nullable=False),
        sa.Column("rung", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("valid", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("call_id", sa.Text(), server_default="", nullable=False),
        sa.Column("sip_status", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sip_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("q850", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended_by", sa.Text(), server_default="", nullable=False),
        sa.Column("rang_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("talked_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("recording", sa.Text(), server_default="", nullable=False),
        sa.Column("owner_confirmed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("notes", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(disposition <> '') = (ended_at IS NOT NULL)", name=op.f("attempt_ended_has_disposition")
        ),
        sa.CheckConstraint("NOT rung OR invited_at IS NOT NULL", name=op.f("attempt_rung_was_invited")),
        sa.CheckConstraint("NOT rung OR ring IS NOT NULL", name=op.f("attempt_rung_takes_a_ring")),
        sa.CheckConstraint("NOT valid OR rung", name=op.f("attempt_valid_has_rung")),
        sa.CheckConstraint("max_rung BETWEEN 1 AND 99", name=op.f("attempt_max_rung_in_range")),
        sa.CheckConstraint("n BETWEEN 1 AND 99", name=op.f("attempt_n_in_range")),
        sa.CheckConstraint(
            "released_at IS NULL OR ended_at IS NOT NULL", name=op.f("attempt_released_after_end")
        ),
        sa.CheckConstraint("ring BETWEEN 1 AND max_rung", name=op.f("attempt_ring_in_range")),
        sa.CheckConstraint("slot >= 0", name=op.f("attempt_slot_in_range")),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name=op.f("attempt_follow_up_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("attempt_pk")),
        sa.UniqueConstraint("follow_up_id", "n", name="attempt_numbers"),
        sa.UniqueConstraint("follow_up_id", "ring", name="attempt_rings"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "attempt_holds",
        "attempt",
        ["hold_until"],
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index(
        "attempt_leases",
        "attempt",
        ["lease_until"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "attempt_one_number",
        "attempt",
        ["phone"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index(
        "attempt_one_open",
        "attempt",
        ["follow_up_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "attempt_one_slot",
        "attempt",
        ["trunk", "slot"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "answer",
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("how", sa.Text(), server_default="", nullable=False),
        sa.Column("heard", sa.Text(), server_default="", nullable=False),
        sa.Column("score", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("start_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("end_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("answer_attempt_id_fk")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("answer_pk")),
    )
    op.create_table(
        "attempt_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("attempt_event_attempt_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("attempt_event_pk")),
    )
    op.create_index("attempt_event_attempt", "attempt_event", ["attempt_id"])
    op.create_table(
        "job",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("node", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL)", name=op.f("job_running_has_lease")
        ),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'parked')", name=op.f("job_state")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("job_attempt_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("job_pk")),
        sa.UniqueConstraint("kind", "attempt_id", name=op.f("job_kind_attempt_id_key")),
    )
    op.create_index("job_next", "job", ["state", "tries", "id"])
    op.create_table(
        "ladder",
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("ladder_attempt_id_fk")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("ladder_pk")),
    )
    op.create_table(
        "spoken",
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("node", sa.Text(), server_default="", nullable=False),
        sa.Column("prompt", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("start_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("end_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("whole", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("spoken_attempt_id_fk")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("spoken_pk")),
    )
    op.create_table(
        "transcript",
        sa.Column("id", ID, nullable=False),
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("model_sha256", sa.Text(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("transcript_attempt_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("transcript_pk")),
    )
    op.create_index("transcript_attempt", "transcript", ["attempt_id"])
    op.create_index(
        "transcript_one_current",
        "transcript",
        ["attempt_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "flag",
        sa.Column("id", ID, nullable=False),
        sa.Column("transcript_id", ID, nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("rule_version", sa.Text(), server_default="", nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("severity", sa.Text(), server_default="", nullable=False),
        sa.Column("party", sa.Text(), server_default="", nullable=False),
        sa.Column("start_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("end_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("score", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("tier", sa.Text(), server_default="", nullable=False),
        sa.Column("negation", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["transcript_id"], ["transcript.id"], name=op.f("flag_transcript_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("flag_pk")),
    )
    op.create_index("flag_transcript", "flag", ["transcript_id"])
    op.create_table(
        "utterance",
        sa.Column("id", ID, nullable=False),
        sa.Column("transcript_id", ID, nullable=False),
        sa.Column("party", sa.Text(), server_default="", nullable=False),
        sa.Column("start_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("end_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("confidence", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("chars", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcript.id"], name=op.f("utterance_transcript_id_fk")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("utterance_pk")),
    )
    op.create_index("utterance_transcript", "utterance", ["transcript_id"])
    statements = SEARCH_INDEX if op.get_bind().dialect.name == "sqlite" else SEARCH_TABLE
    for name in ("utterance_words", "utterance_sounds"):
        for statement in statements:
            op.execute(statement.format(name=name))
