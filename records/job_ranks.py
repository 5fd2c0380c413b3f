"""What is transcribed first: calls of campaigns in which much is flagged, and that are called first."""

from __future__ import annotations

import sqlalchemy as sa

from records import schema
from records.database import Database
from records.jobs import AGAIN_RANK
from records.post_call import FAINT

FEWEST = 5
"""So many transcripts say something of a campaign."""

_job = schema.job
_attempt = schema.attempt
_follow_up = schema.follow_up
_transcript = schema.transcript


def rank_of(campaign_rank: int, transcribed: int, flagged: int) -> int:
    """The rank of a campaign's jobs, 1 (first) to 9: by its own, and by the share of calls with a flag."""
    share = flagged / transcribed if transcribed >= FEWEST else 0.0
    forward = 3 if share >= 0.2 else 2 if share >= 0.05 else 1 if share > 0 else 0
    return max(1, campaign_rank - forward)


async def rerank(db: Database) -> None:
    """Give waiting jobs the rank that their campaigns have by now."""
    found = await db.read(_figures)

    def work(connection: sa.Connection) -> None:
        for campaign_id, *figures in found:
            _move(connection, campaign_id, rank_of(*figures))

    if found:
        await db.write(work)


def _figures(connection: sa.Connection) -> list[tuple[int, int, int, int]]:
    """Campaigns with waiting jobs: id, rank, calls with a transcript, calls with a flag that is a finding."""
    waiting = (
        sa.select(_follow_up.c.campaign_id)
        .join(_attempt, _attempt.c.follow_up_id == _follow_up.c.id)
        .join(_job, _job.c.attempt_id == _attempt.c.id)
        .where(_job.c.state == "waiting", _job.c.rank < AGAIN_RANK)
    )
    flagged = sa.exists().where(
        schema.flag.c.transcript_id == _transcript.c.id,
        schema.flag.c.is_current,
        schema.flag.c.tier != FAINT,
    )
    campaign = schema.campaign
    query = (
        sa.select(campaign.c.id, campaign.c.rank, sa.func.count(_transcript.c.id))
        .add_columns(sa.func.count(_transcript.c.id).filter(flagged))
        .join(_follow_up, _follow_up.c.campaign_id == campaign.c.id)
        .join(_attempt, _attempt.c.follow_up_id == _follow_up.c.id)
        .outerjoin(_transcript, sa.and_(_transcript.c.attempt_id == _attempt.c.id, _transcript.c.is_current))
        .where(campaign.c.id.in_(waiting))
        .group_by(campaign.c.id, campaign.c.rank)
    )
    return [(id_, rank, heard, flags) for id_, rank, heard, flags in connection.execute(query)]


def _move(connection: sa.Connection, campaign_id: int, rank: int) -> None:
    calls = sa.select(_attempt.c.id).join(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
    theirs = _job.c.attempt_id.in_(calls.where(_follow_up.c.campaign_id == campaign_id))
    waits = (_job.c.state == "waiting", _job.c.rank < AGAIN_RANK, _job.c.rank != rank)
    connection.execute(sa.update(_job).where(*waits, theirs).values(rank=rank))
