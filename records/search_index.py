"""The search index follows the transcripts: called in the transaction that keeps or replaces them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from records import grams, schema, search_engines
from records.schema_search import searchable

_attempt = schema.attempt
_follow_up = schema.follow_up
_recording = schema.recording
_transcript = schema.transcript
_utterance = schema.utterance

Transcripts = Sequence[int] | sa.Select[tuple[int]]
"""Ids of transcripts, or a query for them."""


_BEGAN = sa.func.coalesce(
    _attempt.c.invited_at, _attempt.c.claimed_at, _recording.c.began_at, _recording.c.added_at
)
"""A call, or a recording made elsewhere as far as its name tells."""

_LASTED = sa.func.coalesce(_attempt.c.talked_s, _recording.c.length_s)

_SAME = tuple(column.name for column in searchable.c if column.name not in {"words", "sounds"})


def add(connection: sa.Connection, transcripts: Transcripts) -> None:
    """What these transcripts say is found from now on."""
    rows = [_searchable(row) for row in connection.execute(_said(transcripts))]
    if rows:
        search_engines.keep(connection, rows)


def remove(connection: sa.Connection, transcripts: Transcripts) -> None:
    """What these transcripts say is found no longer."""
    theirs = searchable.c.transcript_id.in_(transcripts)
    kept = connection.execute(
        sa.select(searchable.c.id, searchable.c.words, searchable.c.sounds).where(theirs)
    )
    rows = [(row.id, _tokens(row.words, row.sounds)) for row in kept]
    if rows:
        search_engines.forget(connection, rows)


def _said(transcripts: Transcripts) -> sa.Select[Any]:
    """Utterances with what a search filters them by."""
    return (
        sa.select(_utterance.c.id, _utterance.c.transcript_id, _utterance.c.party, _utterance.c.text)
        .add_columns(_transcript.c.attempt_id, _follow_up.c.campaign_id, _follow_up.c.customer_id)
        .add_columns(_BEGAN.label("at"), _LASTED.label("talked_s"))
        .add_columns(sa.func.coalesce(_attempt.c.disposition, "").label("disposition"))
        .join(_transcript, _transcript.c.id == _utterance.c.transcript_id)
        .outerjoin(_recording, _recording.c.id == _transcript.c.recording_id)
        .outerjoin(_attempt, _attempt.c.id == _transcript.c.attempt_id)
        .outerjoin(_follow_up, _follow_up.c.id == _attempt.c.follow_up_id)
        .where(_utterance.c.transcript_id.in_(transcripts))
        .order_by(_utterance.c.id)
    )


def _searchable(row: sa.Row[Any]) -> dict[str, Any]:
    words, sounds = grams.fold(row.text), grams.sounds(row.text)
    same = {name: getattr(row, name) for name in _SAME}
    return {**same, "words": words, "sounds": sounds, "tokens": _tokens(words, sounds)}


def _tokens(words: str, sounds: str) -> str:
    return " ".join(grams.tokens(words, sounds))
