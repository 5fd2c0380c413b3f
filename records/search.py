"""Search in what was said (F5): by words, or by what sounds alike. Exact: no miss and no false hit.

The index narrows down (`records.narrowing`); where it cannot decide, the texts do, in the same statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from records import grams, schema, search_engines
from records.database import Database
from records.narrowing import Formula, narrowed
from records.post_call import Found, Hit, Span
from records.query import And, Not, Or, Query, Term, wanted
from records.schema_search import searchable
from records.search_filters import Filters, Row, conditions

_attempt = schema.attempt
_campaign = schema.campaign
_customer = schema.customer
_recording = schema.recording
_transcript = schema.transcript
_utterance = schema.utterance
_row = searchable.c


class Order(StrEnum):
    """Newest or oldest call first, a call's own words in order; or what answers the query best."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Page:
    """Which of the hits: `limit` of them, after `offset` others."""

    limit: int = 50
    offset: int = 0


_OFTEN = 200
"""Hits for each place up to the page's end, from which on the page is read off the calls."""

_NEAR = 20_000
"""So many utterances are read for it at most."""

EVERYTHING = Filters()
FIRST = Page()


async def search(
    db: Database,
    query: Query,
    filters: Filters = EVERYTHING,
    *,
    order: Order = Order.NEWEST,
    page: Page = FIRST,
) -> Found:
    """Utterances of current transcripts that the query means, and how many there are in all.

    Each hit starts at the second where its first words begin, where the transcript knows the seconds of
    characters.
    """

    def work(connection: sa.Connection) -> Found:
        total, ids = _ids(connection, query, filters, order, page)
        details = {row.id: row for row in connection.execute(_details(ids))} if ids else {}
        terms = wanted(query)
        return Found(total, tuple(_hit(details[id_], terms) for id_ in ids))

    return await db.read(work)


def _ids(
    connection: sa.Connection, query: Query, filters: Filters, order: Order, page: Page
) -> tuple[int, list[int]]:
    """How many hits there are, and those of the page in order."""
    told = narrowed(query)
    if told.sure and told.formula is not None and filters == EVERYTHING and order is not Order.RELEVANCE:
        return _by_time(connection, query, told.formula, order, page)
    rows = connection.execute(_counted(connection, query, filters, order, page)).all()
    return rows[0].total, [row.id for row in rows if row.id is not None]


def _by_time(
    connection: sa.Connection, query: Query, formula: Formula, order: Order, page: Page
) -> tuple[int, list[int]]:
    """The index alone counts. Of what is said often, the page is read off the calls from their end: so many
    hits need not be sorted. What was common in other days only is sorted all the same.
    """
    total = connection.scalar(search_engines.how_many(connection, formula)) or 0
    if total >= _OFTEN * (page.offset + page.limit):
        near = sa.select(_row.id).where(_says(connection, query, _row), *_near(connection, order))
        ids = connection.scalars(near.order_by(*_by(_row, order)).limit(page.limit).offset(page.offset)).all()
        if len(ids) == page.limit:
            return total, list(ids)
    found = search_engines.looked_up(connection, formula)
    shown = sa.select(found.c.id).order_by(*_by(found.c, order)).limit(page.limit).offset(page.offset)
    return total, list(connection.scalars(shown))


def _near(connection: sa.Connection, order: Order) -> list[sa.ColumnElement[bool]]:
    """Not beyond some thousand utterances from the end where the order begins."""
    newest = order is Order.NEWEST
    by = _row.at.desc() if newest else _row.at.asc()
    last = connection.scalar(sa.select(_row.at).order_by(by).offset(_NEAR).limit(1))
    return [] if last is None else [_row.at >= last if newest else _row.at <= last]


def _by(row: Row, order: Order) -> list[sa.ColumnElement[Any]]:
    return [direction(row[name]) for name, direction in _ORDERS[order]]


def _counted(
    connection: sa.Connection, query: Query, filters: Filters, order: Order, page: Page
) -> sa.Select[Any]:
    """The page's ids in order, each beside the number of all hits; an empty page has one row without id."""
    looked_up, left = _looked_up(connection, query, filters, texts=order is Order.RELEVANCE)
    row = looked_up.c
    ranks = _ranks(connection, query, row) if order is Order.RELEVANCE else []
    found = (
        sa.select(row.id, row.transcript_id, row.at, *ranks)
        .where(*left, *conditions(filters, row))
        .cte("found")
    )
    total = sa.select(sa.func.count().label("total")).select_from(found).subquery()
    first = sa.select(found).order_by(*_by(found.c, order))
    shown = first.limit(page.limit).offset(page.offset).subquery()
    return (
        sa.select(total.c.total, shown.c.id)
        .select_from(total.outerjoin(shown, sa.true()))
        .order_by(*_by(shown.c, order))
    )


_ORDERS = {
    Order.NEWEST: (("at", sa.desc), ("transcript_id", sa.desc), ("id", sa.asc)),
    Order.OLDEST: (("at", sa.asc), ("transcript_id", sa.asc), ("id", sa.asc)),
    Order.RELEVANCE: (("held", sa.desc), ("length", sa.asc), ("at", sa.desc), ("id", sa.asc)),
}


def _ranks(connection: sa.Connection, query: Query, row: Row) -> list[sa.ColumnElement[Any]]:
    """Terms held, those written as asked for counting twice; then, of how much else is said."""
    held = sum((_points(connection, term, row) for term in wanted(query)), start=sa.literal(0))
    return [held.label("held"), sa.func.length(row.words).label("length")]


def _points(connection: sa.Connection, term: Term, row: Row) -> sa.ColumnElement[int]:
    points = [(search_engines.contains(connection, row.words, grams.fold(term.text)), 2)]
    if term.alike:
        points.append((search_engines.contains(connection, row.sounds, term.needle), 1))
    return sa.case(*points, else_=0)


def _looked_up(
    connection: sa.Connection, query: Query, filters: Filters, *, texts: bool
) -> tuple[sa.FromClause, list[sa.ColumnElement[bool]]]:
    """What the index tells, with the text's word where it is needed; without the index, all, and what is left
    to ask.
    """
    told = narrowed(query)
    says = [] if told.sure else [_says(connection, query, _row)]
    if told.formula is None or filters.few:
        return searchable, [_says(connection, query, _row)]
    return search_engines.looked_up(connection, told.formula, says, texts=texts), []


def _says(connection: sa.Connection, query: Query, row: Row) -> sa.ColumnElement[bool]:
    """What the text itself says of a query."""
    match query:
        case Term():
            column = row.sounds if query.alike else row.words
            return search_engines.contains(connection, column, query.needle)
        case And(parts):
            return sa.and_(*(_says(connection, part, row) for part in parts))
        case Or(parts):
            return sa.or_(*(_says(connection, part, row) for part in parts))
        case Not(part):
            return sa.not_(_says(connection, part, row))


def _details(ids: list[int]) -> sa.Select[Any]:
    """All that is shown of these hits."""
    return (
        sa.select(_utterance, _row.at, _row.attempt_id, _attempt.c.follow_up_id, _attempt.c.recording)
        .add_columns(_campaign.c.name.label("campaign_name"))
        .add_columns(_customer.c.id.label("customer_id"), _customer.c.name.label("customer_name"))
        .add_columns(_recording.c.id.label("recording_id"), _recording.c.path.label("recording_path"))
        .join(searchable, _row.id == _utterance.c.id)
        .join(_transcript, _transcript.c.id == _row.transcript_id)
        .outerjoin(_recording, _recording.c.id == _transcript.c.recording_id)
        .outerjoin(_attempt, _attempt.c.id == _row.attempt_id)
        .outerjoin(_campaign, _campaign.c.id == _row.campaign_id)
        .outerjoin(_customer, _customer.c.id == _row.customer_id)
        .where(_utterance.c.id.in_(ids))
    )


def _hit(row: sa.Row[Any], terms: tuple[Term, ...]) -> Hit:
    """The spans of all terms, in the order of the text."""
    spans = sorted({span for term in terms for span in grams.spans(row.text, term.text, term.alike)})
    marked = tuple(Span(start, end, _second(row, start), _second(row, end)) for start, end in spans)
    return Hit(
        attempt_id=row.attempt_id,
        follow_up_id=row.follow_up_id,
        campaign=row.campaign_name or "",
        customer_id=row.customer_id,
        customer=row.customer_name or "",
        started_at=row.at,
        party=row.party,
        start_s=marked[0].start_s if marked else row.start_s,
        end_s=row.end_s,
        text=row.text,
        audio=row.recording_path or _track(row.recording, row.party),
        recording_id=row.recording_id,
        spans=marked,
    )


def _second(row: sa.Row[Any], at: int) -> float:
    """When the character at this index begins; the utterance's own bounds where that is not known."""
    if at < len(row.chars):
        return float(row.chars[at])
    return float(row.end_s if at >= len(row.text) else row.start_s)


def _track(recording: str, party: str) -> str:
    """Which track of a call one hears a party on: an echo of ours came back on the customer's."""
    return f"{recording}_{'system' if party == 'system' else 'customer'}.wav" if recording else ""
