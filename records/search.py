"""Search in what was said (F5): by words, or by what sounds alike. Exact: no miss and no false hit.

The index narrows down to texts that hold all bigrams of the query; the text itself decides (`records.grams`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from records import engines, grams, schema
from records.database import Database
from records.post_call import Hit

_attempt = schema.attempt
_campaign = schema.campaign
_customer = schema.customer
_follow_up = schema.follow_up
_recording = schema.recording
_transcript = schema.transcript
_utterance = schema.utterance

_BATCH = 100
"""Candidates looked at together."""


async def search(
    db: Database, text: str, *, sound_alike: bool = False, limit: int = 50, party: str | None = None
) -> list[Hit]:
    """Utterances of current transcripts that contain `text`, newest first.

    Args:
        text: one character or more; width, capitals and white space make no difference.
        sound_alike: compare folded syllables (zh is z, n is l, ng is n) instead of characters.
        limit: at most so many hits.
        party: only what "customer" or "system" said.

    Each hit starts at the second where the words begin, where the transcript knows the seconds of characters.
    """
    if sound_alike:
        index, prefixes, find = schema.sounds_index, grams.sound_query(text), grams.find_sound
    else:
        index, prefixes, find = schema.words_index, grams.word_query(text), grams.find
    if not prefixes:
        return []

    def work(connection: sa.Connection) -> list[Hit]:
        query = _candidates(engines.matching(connection, index, prefixes), party)
        with connection.execute(query.execution_options(yield_per=_BATCH)) as found:
            return list(islice(_hits(found, lambda said: find(said, text)), limit))

    return await db.read(work)


def _hits(found: Iterable[sa.Row[Any]], find: Callable[[str], int | None]) -> Iterator[Hit]:
    """Those that hold the text indeed."""
    for row in found:
        at = find(row.text)
        if at is not None:
            yield _hit(row, at)


def _candidates(matching: sa.Select[tuple[int]], party: str | None) -> sa.Select[Any]:
    """Utterances of current transcripts that the index names, newest first."""
    query = (
        sa.select(
            _utterance, _attempt.c.id.label("attempt_id"), _attempt.c.follow_up_id, _attempt.c.recording
        )
        .add_columns(_attempt.c.invited_at, _attempt.c.claimed_at, _campaign.c.name.label("campaign_name"))
        .add_columns(_customer.c.id.label("customer_id"), _customer.c.name.label("customer_name"))
        .add_columns(_recording.c.id.label("recording_id"), _recording.c.path.label("recording_path"))
        .add_columns(_recording.c.began_at, _recording.c.added_at)
        .join(_transcript, _transcript.c.id == _utterance.c.transcript_id)
        .outerjoin(_recording, _recording.c.id == _transcript.c.recording_id)
        .outerjoin(_attempt, _attempt.c.id == _transcript.c.attempt_id)
        .outerjoin(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .outerjoin(_campaign, _campaign.c.id == _follow_up.c.campaign_id)
        .outerjoin(_customer, _customer.c.id == _follow_up.c.customer_id)
        .where(_transcript.c.is_current, _utterance.c.id.in_(matching))
        .order_by(_utterance.c.id.desc())
    )
    return query if party is None else query.where(_utterance.c.party == party)


def _hit(row: sa.Row[Any], at: int) -> Hit:
    """`at`: index of the first matching character in the text."""
    return Hit(
        attempt_id=row.attempt_id,
        follow_up_id=row.follow_up_id,
        campaign=row.campaign_name or "",
        customer_id=row.customer_id,
        customer=row.customer_name or "",
        started_at=row.invited_at or row.claimed_at or row.began_at or row.added_at,
        party=row.party,
        start_s=row.chars[at] if at < len(row.chars) else row.start_s,
        end_s=row.end_s,
        text=row.text,
        audio=row.recording_path or _track(row.recording, row.party),
        recording_id=row.recording_id,
    )


def _track(recording: str, party: str) -> str:
    """Which track of a call one hears a party on: an echo of ours came back on the customer's."""
    return f"{recording}_{'system' if party == 'system' else 'customer'}.wav" if recording else ""
