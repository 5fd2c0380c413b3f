"""A database of the last release is brought up to date with all its rows."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from records import campaigns, engines, ledger, notes, recordings, schema, turns
from records.database import Database
from records.model import CampaignStatus, Kind
from records.query import Term
from records.search import search
from tests.integration.test_records_recordings import FILE, heard
from tests.records_kit import NOW, Where, after, scalar, take

OLD = """
INSERT INTO customer (id, name, phone, phone_kind, created_at, updated_at)
    VALUES (1, '客户1', '+8613800000001', 'mobile', '{now}', '{now}'),
           (2, '客户2', '+8613800000002', 'mobile', '{now}', '{now}');
INSERT INTO campaign
    (id, name, kind, script, script_version, script_sha256, profile, status, deadline, created_at, status_at)
    VALUES (1, 'old', 'abnormal', 'abnormal', '1', 'a', 'demo', 'running', '{now}', '{now}', '{now}');
INSERT INTO follow_up (id, campaign_id, customer_id, state, rank, deadline, due_at)
    VALUES (1, 1, 1, 'waiting', 1, '{now}', '{now}'), (2, 1, 2, 'waiting', 1, '{now}', '{now}');
INSERT INTO trunk (name, next_at) VALUES ('demo', '{now}');
INSERT INTO attempt
    (id, follow_up_id, n, ring, max_rung, phone, trunk, slot, node, claimed_at, lease_until, invited_at,
     ended_at, released_at, disposition, rung, valid)
    VALUES (1, 1, 1, 1, 3, '+8613800000001', 'demo', 0, 'one', '{now}', '{now}', '{now}',
            '{now}', '{now}', 'no_answer', true, true);
"""


def as_of(release: str, where: Where, rows: str = OLD) -> None:
    """A database as that release left it."""
    engine = engines.writer(engines.url_of(where))
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "records:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, release)
        for statement in rows.format(now="2026-03-04 07:00:00.000000").split(";")[:-1]:
            connection.exec_driver_sql(statement)
    engine.dispose()


NOTES = """
UPDATE attempt SET notes = '["angry", "promised_answer"]' WHERE id = 1;
INSERT INTO attempt
    (id, follow_up_id, n, max_rung, phone, trunk, slot, node, claimed_at, lease_until, ended_at, released_at,
     disposition, notes)
    VALUES (2, 2, 1, 3, '+8613800000002', 'demo', 0, 'one', '{now}', '{now}', '{now}', '{now}',
            'completed', '["promised_answer", "promised_answer"]');
INSERT INTO answer (attempt_id, position, question, value)
    VALUES (1, 0, 'answer_by', '2026-03-11'), (2, 0, 'answer_by', 'declined');
"""


async def test_notes_become_rows_with_the_day_that_was_promised(empty_store: Where) -> None:
    as_of("0007", empty_store, OLD + NOTES)
    db = await Database.open(empty_store, create=False)
    try:
        found = await notes.listed(db, date(2026, 3, 12), 10)
        assert [(one.call, one.code, one.state.value, one.due_on) for one in found] == [
            (1, "promised_answer", "late", date(2026, 3, 11)),
            (2, "promised_answer", "open", None),
            (1, "angry", "open", None),
        ]
    finally:
        await db.close()


async def test_every_row_is_kept_and_can_be_worked_with(empty_store: Where) -> None:
    as_of("0001", empty_store)
    db = await Database.open(empty_store, create=False)
    try:
        (campaign,) = await campaigns.running(db)
        assert (campaign.name, campaign.kind, campaign.status) == (
            "old",
            Kind.ABNORMAL,
            CampaignStatus.RUNNING,
        )
        assert campaign.rank == turns.rank_of(Kind.ABNORMAL)
        claims = [await take(db, campaign, after(0)) for _ in range(3)]
        assert [claim and (claim.follow_up_id, claim.n) for claim in claims] == [(1, 2), (2, 1), None]
        (past,) = claims[0].past if claims[0] else ()
        assert (past.invited_at, past.disposition, past.valid) == (NOW, "no_answer", True)
        assert (await ledger.trunk_states(db))["demo"].paused_until is None
        assert await scalar(db, sa.select(sa.func.count()).select_from(schema.customer)) == 2
    finally:
        await db.close()


SPOKEN = """
INSERT INTO transcript (id, attempt_id, engine, model_sha256, is_current, created_at)
    VALUES (1, 1, 'whisper', 'a', false, '{now}'), (2, 1, 'whisper', 'b', true, '{now}');
INSERT INTO utterance (transcript_id, party, text, chars)
    VALUES (1, 'customer', '三七分层', '[]'), (2, 'customer', '三七分成', '[]');
"""


async def test_what_was_said_before_is_found(empty_store: Where) -> None:
    """Of current transcripts, as written and as it sounds."""
    as_of("0008", empty_store, OLD + SPOKEN)
    db = await Database.open(empty_store, create=False)
    try:
        for query in (Term("分成"), Term("分层", alike=True)):
            found = await search(db, query)
            assert [(hit.text, hit.started_at) for hit in found.hits] == [("三七分成", NOW)]
        assert (await search(db, Term("分层"))).total == 0
    finally:
        await db.close()


HEARD = """
INSERT INTO job (id, kind, attempt_id, state, created_at, changed_at)
    VALUES (1, 'transcribe', 1, 'waiting', '{now}', '{now}');
INSERT INTO transcript (id, attempt_id, engine, model_sha256, is_current, created_at)
    VALUES (5, 1, 'whisper', 'b', true, '{now}');
INSERT INTO utterance (id, transcript_id, party, text, chars) VALUES (9, 5, 'customer', '三七分成', '[]');
"""


async def test_transcripts_are_kept_where_recordings_get_theirs(empty_store: Where) -> None:
    as_of("0008", empty_store, OLD + HEARD)
    db = await Database.open(empty_store, create=False)
    try:
        assert await scalar(db, sa.select(schema.transcript.c.attempt_id)) == 1
        assert await scalar(db, sa.select(schema.job.c.rank)) == 5
        await recordings.keep(db, FILE, heard("保证收益"), NOW)
        assert await scalar(db, sa.select(sa.func.count()).select_from(schema.utterance)) == 2
    finally:
        await db.close()
