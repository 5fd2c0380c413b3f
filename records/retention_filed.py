"""Messages, worksheets and papers by age, and their deletion (R3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from base.clock import end_of
from records import schema
from records.holds import Object
from records.kept import Filed, Kept

_n, _w, _p = schema.notice.c, schema.worksheet.c, schema.paper.c
_customer = schema.customer.c
_of_paper = schema.paper_customer.c


def made_before(connection: sa.Connection, moment: datetime) -> Iterator[Kept]:
    """Those that are over and were made before."""
    yield from _messages(connection, moment)
    yield from _worksheets(connection, moment)
    yield from _papers(connection, moment)


def delete_message(connection: sa.Connection, id_: int | str) -> None:
    """All rows of it."""
    connection.execute(sa.delete(schema.notice).where(_n.id == id_))


def delete_worksheet(connection: sa.Connection, number: int | str) -> None:
    """All rows of it."""
    id_ = sa.select(_w.id).where(_w.number == number).scalar_subquery()
    for table in (schema.worksheet_item, schema.worksheet_decision):
        connection.execute(sa.delete(table).where(table.c.worksheet_id == id_))
    connection.execute(sa.delete(schema.worksheet).where(_w.number == number))


def delete_paper(connection: sa.Connection, number: int | str) -> None:
    """All rows of it: number, hash, signatures; its content is nowhere kept."""
    for table in (schema.paper_signature, schema.paper_customer):
        connection.execute(sa.delete(table).where(table.c.number == number))
    connection.execute(sa.delete(schema.paper).where(_p.number == number))


def _messages(connection: sa.Connection, moment: datetime) -> Iterator[Kept]:
    query = (
        sa.select(_n.id, _n.listed_at, _customer.id.label("customer"), _customer.closed_on)
        .join(schema.customer, _customer.id == _n.customer_id)
        .where(_n.listed_at < moment)
    )
    for id_, at, customer, closed_on in connection.execute(query):
        yield Kept(Filed.MESSAGE, id_, at, "", closed_on, frozenset({(Object.CUSTOMER, str(customer))}))


def _worksheets(connection: sa.Connection, moment: datetime) -> Iterator[Kept]:
    """Rejected ones, and those whose campaign is over and has no call left: the calls are made by it."""
    item, owed, campaign = schema.worksheet_item.c, schema.obligation.c, schema.campaign.c
    left = sa.exists().where(
        schema.follow_up.c.campaign_id == _w.campaign_id,
        sa.or_(
            schema.follow_up.c.state != "closed",
            sa.exists().where(schema.attempt.c.follow_up_id == schema.follow_up.c.id),
        ),
    )
    is_over = sa.and_(_w.state == "running", campaign.status.in_(("finished", "cancelled")), sa.not_(left))
    query = (
        sa.select(_w.number, _w.ends_on, _w.profile, _w.campaign_id, _customer.id, _customer.closed_on)
        .outerjoin(schema.campaign, campaign.id == _w.campaign_id)
        .outerjoin(schema.worksheet_item, item.worksheet_id == _w.id)
        .outerjoin(schema.obligation, owed.id == item.obligation_id)
        .outerjoin(schema.customer, _customer.id == owed.customer_id)
        .where(_w.ends_on <= moment.date(), sa.or_(_w.state == "rejected", is_over))
        .order_by(_w.number)
    )
    for number, rows in _by_number(connection, query):
        _, ends_on, profile, campaign_id, *_ = rows[0]
        held = {(Object.CAMPAIGN, str(campaign_id))} if campaign_id is not None else set()
        on = frozenset(held | _customers(rows))
        yield Kept(Filed.WORKSHEET, number, end_of(ends_on), profile, _closed_on(rows), on)


def _papers(connection: sa.Connection, moment: datetime) -> Iterator[Kept]:
    """By the day they were made last, or handed in; the record of a call that is kept stays with it."""
    call_left = sa.exists().where(schema.attempt.c.id == _p.attempt_id)
    query = (
        sa.select(_p.number, _p.made_at, _p.handed_at, _customer.id, _customer.closed_on)
        .outerjoin(schema.paper_customer, _of_paper.number == _p.number)
        .outerjoin(schema.customer, _customer.id == _of_paper.customer_id)
        .where(_p.made_at < moment, sa.or_(_p.handed_at.is_(None), _p.handed_at < moment))
        .where(sa.not_(call_left))
        .order_by(_p.number)
    )
    for number, rows in _by_number(connection, query):
        _, made_at, handed_at, *_ = rows[0]
        at = max(made_at, handed_at or made_at)
        yield Kept(Filed.PAPER, number, at, "", _closed_on(rows), frozenset(_customers(rows)))


def _by_number(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[tuple[str, list[Any]]]:
    for number, rows in groupby(connection.execute(query), lambda row: str(row[0])):
        yield number, list(rows)


def _customers(rows: Iterable[Any]) -> set[tuple[Object, str]]:
    return {(Object.CUSTOMER, str(row[-2])) for row in rows if row[-2] is not None}


def _closed_on(rows: Iterable[Any]) -> date | None:
    """Of rows that end with a customer and the day their account was closed: the last, if all are."""
    closed = [row[-1] for row in rows]
    return max(closed) if all(closed) else None
