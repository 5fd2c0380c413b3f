"""What a search looks through: a row for each utterance of a current transcript.

It follows from the transcripts (`records.search_index`), in the transaction that keeps those, and so does the
index of its tokens, which is of another make on each engine (`records.search_engines`).
"""

from __future__ import annotations

import sqlalchemy as sa

from records.columns import Id, instant, metadata, refers, seconds, text

searchable = sa.Table(
    "searchable",
    metadata,
    sa.Column("id", Id, sa.ForeignKey("utterance.id"), primary_key=True, autoincrement=False),
    refers("transcript_id", "transcript.id"),
    sa.Column("attempt_id", Id, sa.ForeignKey("attempt.id"), nullable=True),
    sa.Column("campaign_id", Id, sa.ForeignKey("campaign.id"), nullable=True),
    sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=True),
    instant("at"),
    text("party"),
    text("disposition"),
    seconds("talked_s"),
    text("words"),
    text("sounds"),
    sa.Index("searchable_at", "at", "transcript_id", "id"),
    sa.Index("searchable_transcript", "transcript_id"),
    sa.Index("searchable_customer", "customer_id"),
    sa.Index("searchable_attempt", "attempt_id"),
)
"""`words` and `sounds` are `grams.fold` and `grams.sounds` of the text. When the call (or a recording made
elsewhere) began, how it ended and how long it was stand here as well: a filter need not look elsewhere.
"""
