"""Looks through what was said, as they stand on the audit trail (A6)."""

from __future__ import annotations

from datetime import datetime

from base.phones import masked
from records.chain import Act
from records.search_filters import Filters


def searched(now: datetime, by: str, words: str, filters: Filters, hits: int) -> Act:
    """Somebody looked for words: which, where, and how much they found. Numbers have their middle hidden."""
    return Act(now, by, "searched", "transcript", "", {"words": words, **_told(filters), "hits": hits})


def listed(now: datetime, by: str, filters: Filters, total: int) -> Act:
    """Somebody had calls listed with whole numbers: by which filters, and how many there are."""
    return Act(now, by, "listed", "call", "", {**_told(filters), "total": total})


def _told(filters: Filters) -> dict[str, str]:
    told = {name: str(value) for name in Filters.__slots__ if (value := getattr(filters, name))}
    return told | ({"number": masked(filters.number)} if filters.number else {})
