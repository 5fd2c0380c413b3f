"""The tables, for every engine alike. `docs/records.md` explains them; migrations build them.

What must never happen (D10) is refused by constraints, not by care:

    one open attempt per follow-up          attempt_one_open      UNIQUE(follow_up_id) WHERE ended_at IS NULL
    two live calls to one number            attempt_one_number    UNIQUE(phone) WHERE released_at IS NULL
    two calls on one channel                attempt_one_slot      UNIQUE(trunk, slot) WHERE ended_at IS NULL
    a fourth ring under a policy of three   attempt_rings         UNIQUE(follow_up_id, ring), 1..max_rung
    two attempts with one number            attempt_numbers       UNIQUE(follow_up_id, n), n in 1..99
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem

from records.columns import (
    Id,
    identity,
    index_where,
    instant,
    rank,
    refers,
    seconds,
    switch,
    text,
    unique_where,
)
from records.columns import metadata as metadata
from records.schema_api import api_token as api_token
from records.schema_api import delivery as delivery
from records.schema_api import listener as listener
from records.schema_cases import case_act as case_act
from records.schema_cases import review_case as review_case
from records.schema_checks import call_score as call_score
from records.schema_checks import filed_scorecard as filed_scorecard
from records.schema_checks import spot_check as spot_check
from records.schema_checks import spot_check_call as spot_check_call
from records.schema_custody import approval as approval
from records.schema_custody import audit as audit
from records.schema_custody import legal_hold as legal_hold
from records.schema_customers import customer as customer
from records.schema_customers import customer_contact as customer_contact
from records.schema_customers import customer_event as customer_event
from records.schema_customers import further_phone as further_phone
from records.schema_customers import has_account as has_account
from records.schema_customers import import_mapping as import_mapping
from records.schema_customers import staff as staff
from records.schema_desk import attachment as attachment
from records.schema_desk import complaint as complaint
from records.schema_desk import complaint_step as complaint_step
from records.schema_desk import contact_change as contact_change
from records.schema_desk import desk_item as desk_item
from records.schema_desk import desk_record as desk_record
from records.schema_desk import person_call as person_call
from records.schema_heard import flag as flag
from records.schema_heard import job as job
from records.schema_heard import recording as recording
from records.schema_heard import transcript as transcript
from records.schema_heard import utterance as utterance
from records.schema_listening import heard_span as heard_span
from records.schema_papers import paper as paper
from records.schema_papers import paper_customer as paper_customer
from records.schema_papers import paper_signature as paper_signature
from records.schema_plans import notice as notice
from records.schema_plans import obligation as obligation
from records.schema_plans import sample as sample
from records.schema_plans import worksheet as worksheet
from records.schema_plans import worksheet_decision as worksheet_decision
from records.schema_plans import worksheet_item as worksheet_item
from records.schema_review import saved_search as saved_search
from records.schema_review import settled_answer as settled_answer
from records.schema_review import verdict as verdict
from records.schema_users import console_session as console_session
from records.schema_users import console_user as console_user

NO_DEADLINE = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for "no deadline": sorts after every real one, where NULL sorts differently on the two engines."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Before everything."""

MOST_ATTEMPTS = 99
"""No follow-up has more attempts than this, whatever a profile says."""

do_not_call = sa.Table(
    "do_not_call",
    metadata,
    sa.Column("phone", sa.Text, primary_key=True),
    text("reason"),
    instant("at"),
)

campaign = sa.Table(
    "campaign",
    metadata,
    identity(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("script", sa.Text, nullable=False),
    sa.Column("script_version", sa.Text, nullable=False),
    sa.Column("script_sha256", sa.Text, nullable=False),
    sa.Column("profile", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    instant("deadline"),
    instant("created_at"),
    instant("status_at"),
    text("status_why"),
    rank("rank"),
    sa.CheckConstraint("status IN ('draft', 'running', 'paused', 'finished', 'cancelled')", "status"),
)

filed_script = sa.Table(
    "filed_script",
    metadata,
    identity(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("wording", sa.Text, nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    instant("filed_at"),
    sa.UniqueConstraint("name", "version"),
)

rehearsal = sa.Table(
    "rehearsal",
    metadata,
    identity(),
    instant("at"),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("script", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("walks", sa.Integer, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=True),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("outcomes", sa.JSON, nullable=False),
    sa.Column("unvisited", sa.JSON, nullable=False),
    sa.Index("rehearsal_script", "script", "version"),
)

follow_up = sa.Table(
    "follow_up",
    metadata,
    identity(),
    refers("campaign_id", "campaign.id"),
    refers("customer_id", "customer.id"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("rank", sa.SmallInteger, nullable=False),
    instant("deadline"),
    instant("due_at"),
    switch("appointment"),
    rank("own_rank"),
    switch("apologise"),
    text("disposition"),
    text("rule"),
    instant("closed_at", nullable=True),
    sa.UniqueConstraint("campaign_id", "customer_id"),
    sa.CheckConstraint("state IN ('waiting', 'calling', 'closed')", "state"),
    sa.CheckConstraint("(state = 'closed') = (disposition <> '')", "closed_has_disposition"),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", "closed_has_time"),
    sa.Index("follow_up_next", "campaign_id", "state", "rank", "deadline", "due_at"),
    sa.Index("follow_up_customer", "customer_id"),
    sa.Index("follow_up_ended", "campaign_id", "disposition"),
    sa.Index("follow_up_closed", "closed_at", "campaign_id"),
)

trunk = sa.Table(
    "trunk",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    instant("next_at"),
    instant("paused_until", nullable=True),
    text("paused_why"),
)

line_health = sa.Table(
    "line_health",
    metadata,
    sa.Column("node", sa.Text, primary_key=True),
    sa.Column("trunk", sa.Text, primary_key=True),
    sa.Column("up", sa.Text, nullable=False),
    sa.Column("status", sa.SmallInteger, nullable=False),
    sa.Column("took_s", sa.Double, nullable=False),
    sa.Column("registered", sa.SmallInteger, nullable=True),
    instant("at"),
)

attempt = sa.Table(
    "attempt",
    metadata,
    identity(),
    refers("follow_up_id", "follow_up.id"),
    sa.Column("n", sa.SmallInteger, nullable=False),
    sa.Column("ring", sa.SmallInteger, nullable=True),
    sa.Column("max_rung", sa.SmallInteger, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("trunk", sa.Text, nullable=False),
    sa.Column("slot", sa.SmallInteger, nullable=False),
    sa.Column("node", sa.Text, nullable=False),
    instant("claimed_at"),
    instant("lease_until"),
    instant("invited_at", nullable=True),
    instant("ringing_at", nullable=True),
    instant("answered_at", nullable=True),
    instant("ended_at", nullable=True),
    instant("hold_until", nullable=True),
    instant("released_at", nullable=True),
    text("disposition"),
    switch("rung"),
    switch("valid"),
    text("call_id"),
    sa.Column("sip_status", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
    text("sip_reason"),
    sa.Column("q850", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
    text("ended_by"),
    seconds("rang_s"),
    seconds("talked_s"),
    text("recording"),
    switch("owner_confirmed"),
    text("rule"),
    sa.Column("score", sa.SmallInteger, nullable=True),
    text("band"),
    text("stage"),
    sa.UniqueConstraint("follow_up_id", "n", name="attempt_numbers"),
    sa.UniqueConstraint("follow_up_id", "ring", name="attempt_rings"),
    sa.CheckConstraint(f"n BETWEEN 1 AND {MOST_ATTEMPTS}", "n_in_range"),
    sa.CheckConstraint("ring BETWEEN 1 AND max_rung", "ring_in_range"),
    sa.CheckConstraint(f"max_rung BETWEEN 1 AND {MOST_ATTEMPTS}", "max_rung_in_range"),
    sa.CheckConstraint("slot >= 0", "slot_in_range"),
    sa.CheckConstraint("NOT rung OR ring IS NOT NULL", "rung_takes_a_ring"),
    sa.CheckConstraint("NOT rung OR invited_at IS NOT NULL", "rung_was_invited"),
    sa.CheckConstraint("NOT valid OR rung", "valid_has_rung"),
    sa.CheckConstraint("(disposition <> '') = (ended_at IS NOT NULL)", "ended_has_disposition"),
    sa.CheckConstraint("released_at IS NULL OR ended_at IS NOT NULL", "released_after_end"),
    unique_where("attempt_one_open", "ended_at IS NULL", "follow_up_id"),
    unique_where("attempt_one_number", "released_at IS NULL", "phone"),
    unique_where("attempt_one_slot", "ended_at IS NULL", "trunk", "slot"),
    index_where("attempt_leases", "ended_at IS NULL", "lease_until"),
    sa.Index("attempt_ended", "ended_at"),
    index_where("attempt_holds", "released_at IS NULL", "hold_until"),
    sa.Index("attempt_of_trunk", "trunk", "invited_at"),
    sa.Index("attempt_of_number", "phone", "invited_at"),
    sa.Index("attempt_invited", "invited_at"),
    index_where("attempt_reached", "owner_confirmed", "follow_up_id"),
    # Ids are never used twice: a process that wakes late must not find somebody else's attempt under its id.
    sqlite_autoincrement=True,
)

inbound_call = sa.Table(
    "inbound_call",
    metadata,
    identity(),
    instant("at"),
    sa.Column("trunk", sa.Text, nullable=False),
    sa.Column("node", sa.Text, nullable=False),
    text("number"),
    text("caller"),
    text("phone"),
    sa.Column("outcome", sa.Text, nullable=False),
    text("call_id"),
    text("recording"),
    instant("answered_at", nullable=True),
    instant("ended_at", nullable=True),
    seconds("heard_s"),
    text("ended_by"),
    sa.Index("inbound_call_at", "at"),
    sa.Index("inbound_call_phone", "phone"),
)

attempt_event = sa.Table(
    "attempt_event",
    metadata,
    identity(),
    refers("attempt_id", "attempt.id"),
    instant("at"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Index("attempt_event_attempt", "attempt_id"),
)


note = sa.Table(
    "note",
    metadata,
    identity(),
    refers("attempt_id", "attempt.id"),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date, nullable=True),
    instant("done_at", nullable=True),
    text("done_by"),
    sa.UniqueConstraint("attempt_id", "code"),
    sa.CheckConstraint("(done_by <> '') = (done_at IS NOT NULL)", "done_by_somebody"),
    index_where("note_open", "done_at IS NULL", "due_on"),
)

attempt_kind = sa.Table(
    "attempt_kind",
    metadata,
    sa.Column("attempt_id", Id, sa.ForeignKey("attempt.id"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    switch("completed"),
)


def _of_attempt(name: str, *columns: SchemaItem) -> sa.Table:
    """A table of rows numbered from 0 within their attempt."""
    return sa.Table(
        name,
        metadata,
        sa.Column("attempt_id", Id, sa.ForeignKey("attempt.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        *columns,
    )


ladder = _of_attempt("ladder", text("line"))

spoken = _of_attempt(
    "spoken",
    text("node"),
    text("prompt"),
    text("text"),
    switch("private"),
    seconds("start_s"),
    seconds("end_s"),
    switch("whole"),
)

answer = _of_attempt(
    "answer",
    text("question"),
    text("value"),
    text("label"),
    text("how"),
    text("heard"),
    seconds("score"),
    seconds("start_s"),
    seconds("end_s"),
    index_where("answer_unsure", "how = 'speech'", "score", "attempt_id"),
)
