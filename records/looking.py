"""Looks through what was said, as they stand on the audit trail (A6)."""

from __future__ import annotations

from datetime import datetime

from base.phones import masked
from records.chain import Act
from records.search_filters import Filters


def searched(now: datetime, by: str, words: str, filters: Filters, hits: int) -> Act:
    """Somebody looked for words: which, where, and how much they found. Numbers have their middle hidden."""
    told = {name: str(value) for name in Filters.__slots__ if (value := getattr(filters, name))}
    number = {"number": masked(filters.number)} if filters.number else {}
    return Act(now, by, "searched", "transcript", "", {"words": words, **told, **number, "hits": hits})
