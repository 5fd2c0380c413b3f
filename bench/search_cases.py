"""What is searched for, and the same read by LIKE."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import sqlalchemy as sa

from bench.filling import A_CALL, BEGAN, BETWEEN, BRANCHES, CAMPAIGNS, KINDS
from bench.wording import CHARACTERS, KNOWN, Wording
from records import schema
from records.query import And, Not, Or, Query, Term
from records.schema_search import searchable
from records.search import EVERYTHING
from records.search_filters import Filters

_COMMON = 100
"""So many first words of the vocabulary are common ones."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with its filters."""

    query: Query
    filters: Filters = EVERYTHING


def cases(wording: Wording, seed: int, number: int, utterances: int) -> dict[str, list[Asked]]:
    """Words that people search for are seldom common ones: they are drawn evenly from the vocabulary.

    `common` and `one` are the other end: the commonest words there are, and single characters.
    """
    random = np.random.default_rng(seed)
    short = [word for word in wording.words if len(word) == 2]
    long = [word for word in wording.words if len(word) == 4]
    some = (str(random.choice(short)) for _ in iter(int, 1))
    often = (str(random.choice(wording.words[:_COMMON])) for _ in iter(int, 1))
    filters = _filters(random, BETWEEN * (utterances // A_CALL))
    return {
        "two": [Asked(Term(next(some))) for _ in range(number)],
        "four": [Asked(Term(str(random.choice(long)))) for _ in range(number)],
        "sound_alike": [Asked(Term(next(some), alike=True)) for _ in range(number)],
        "filtered": [Asked(Term(next(some)), next(filters)) for _ in range(number)],
        "and": [Asked(And((Term(next(some)), Term(next(often))))) for _ in range(number)],
        "not": [
            Asked(_without(Term(next(some)), Term(next(some)), Term(next(often)))) for _ in range(number)
        ],
        "known": [Asked(Term(word)) for word in KNOWN],
        "common": [Asked(Term(word)) for word in wording.words[: number // 3 + 1]],
        "one": [Asked(Term(str(random.choice(list(CHARACTERS))))) for _ in range(number // 3 + 1)],
    }


def _without(one: Term, other: Term, barred: Term) -> Query:
    return And((Or((one, other)), Not(barred)))


def _filters(random: np.random.Generator, span: timedelta) -> Iterator[Filters]:
    """Each of the filters in turn, then two and three of them."""
    while True:
        since = BEGAN + span * float(random.random() * 0.9)
        campaign = f"批次{random.integers(1, CAMPAIGNS + 1)}"
        branch = f"营业部{random.integers(0, BRANCHES)}"
        kind = str(random.choice(KINDS))
        yield Filters(since=since, until=since + span / 10)
        yield Filters(campaign=campaign)
        yield Filters(branch=branch, party="customer")
        yield Filters(kind=kind, disposition="completed")
        yield Filters(since=since, branch=branch, shortest_s=90)


def by_like(asked: Asked) -> sa.Select[int]:
    """The count, by reading every text: no index is asked, and the filters are joins."""
    utterance, call, campaign, customer = (
        table.c for table in (schema.utterance, schema.attempt, schema.campaign, schema.customer)
    )
    said = sa.select(sa.func.count()).select_from(schema.utterance).where(_like(asked.query))
    if _alike(asked.query):
        said = said.join(searchable, searchable.c.id == utterance.id)
    if asked.filters == EVERYTHING:
        return said
    said = (
        said.join(schema.transcript, schema.transcript.c.id == utterance.transcript_id)
        .join(schema.attempt, call.id == schema.transcript.c.attempt_id)
        .join(schema.follow_up, schema.follow_up.c.id == call.follow_up_id)
        .join(schema.campaign, campaign.id == schema.follow_up.c.campaign_id)
        .join(schema.customer, customer.id == schema.follow_up.c.customer_id)
    )
    columns = {
        "party": utterance.party,
        "campaign": campaign.name,
        "kind": campaign.kind,
        "branch": customer.branch,
        "disposition": call.disposition,
    }
    wanted = {name: getattr(asked.filters, name) for name in columns}
    said = said.where(*(columns[name] == value for name, value in wanted.items() if value))
    if asked.filters.since is not None:
        said = said.where(call.invited_at >= asked.filters.since)
    if asked.filters.until is not None:
        said = said.where(call.invited_at < asked.filters.until)
    if asked.filters.shortest_s is not None:
        said = said.where(call.talked_s >= asked.filters.shortest_s)
    return said


def _like(query: Query) -> sa.ColumnElement[bool]:
    match query:
        case Term():
            column = searchable.c.sounds if query.alike else schema.utterance.c.text
            return column.contains(query.needle, autoescape=True)
        case And(parts):
            return sa.and_(*map(_like, parts))
        case Or(parts):
            return sa.or_(*map(_like, parts))
        case Not(part):
            return sa.not_(_like(part))


def _alike(query: Query) -> bool:
    return isinstance(query, Term) and query.alike
