"""Which calls a search looks at: each filter is a condition on a row of `searchable`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from records import schema

_call = schema.attempt.c
_campaign = schema.campaign.c
_customer = schema.customer.c
_flag = schema.flag.c
_kind = schema.attempt_kind.c
_follow_up = schema.follow_up.c


_MOST_DIGITS = 18
"""More are no id: no engine's integer holds them."""

Row: TypeAlias = ReadOnlyColumnCollection[str, Any]
"""Columns as `searchable` has them."""


@dataclass(frozen=True, slots=True)
class Filters:
    """All that is set must be so; "" and None are not set.

    Attributes:
        customer: name, or id in up to 18 digits. number: E.164, the customer's or the one that was called.
        since, until: when the call began; `until` itself is no longer meant.
        kind: of the campaign, or one that a merged call carried (D7).
        flag: rule or category of a flag of the call; tier: of one (of that one, where both are set).
        disposition: of the call.
        shortest_s, longest_s: how long was talked, or a recording made elsewhere is.
        party: who said it (`post_call.Utterance`).
    """

    customer: str = ""
    number: str = ""
    since: datetime | None = None
    until: datetime | None = None
    kind: str = ""
    campaign: str = ""
    branch: str = ""
    manager: str = ""
    flag: str = ""
    tier: str = ""
    disposition: str = ""
    shortest_s: float | None = None
    longest_s: float | None = None
    party: str = ""

    @property
    def few(self) -> bool:
        """Whether so few calls are meant that their texts are looked through sooner than an index."""
        return bool(self.customer or self.number)


def conditions(filters: Filters, row: Row) -> Iterator[sa.ColumnElement[bool]]:
    """What a row with the columns of `searchable` must fulfil."""
    if filters.party:
        yield row.party == filters.party
    if filters.since is not None:
        yield row.at >= filters.since
    if filters.until is not None:
        yield row.at < filters.until
    if filters.disposition:
        yield row.disposition == filters.disposition
    if filters.shortest_s is not None:
        yield row.talked_s >= filters.shortest_s
    if filters.longest_s is not None:
        yield row.talked_s <= filters.longest_s
    if filters.campaign:
        yield row.campaign_id.in_(sa.select(_campaign.id).where(_campaign.name == filters.campaign))
    if filters.kind:
        yield _of_kind(filters.kind, row)
    yield from _of_customer(filters, row)
    if filters.flag or filters.tier:
        yield _flagged(filters, row)


def _of_kind(kind: str, row: Row) -> sa.ColumnElement[bool]:
    campaigns = sa.select(_campaign.id).where(_campaign.kind == kind)
    carried = sa.exists().where(_kind.attempt_id == row.attempt_id, _kind.kind == kind)
    return sa.or_(row.campaign_id.in_(campaigns), carried)


def _of_customer(filters: Filters, row: Row) -> Iterator[sa.ColumnElement[bool]]:
    """A customer and a number are few rows, looked up first; of a branch or manager each hit is asked."""
    if filters.customer:
        is_id = filters.customer.isdecimal() and len(filters.customer) <= _MOST_DIGITS
        who = _customer.id == int(filters.customer) if is_id else _customer.name == filters.customer
        yield row.customer_id.in_(sa.select(_customer.id).where(who))
    if filters.number:
        yield from _by_number(filters.number, row)
    if filters.branch:
        yield sa.exists().where(_customer.id == row.customer_id, _customer.branch == filters.branch)
    if filters.manager:
        yield sa.exists().where(_customer.id == row.customer_id, _customer.manager == filters.manager)


def _by_number(number: str, row: Row) -> Iterator[sa.ColumnElement[bool]]:
    """First the few customers, by indexes; then the calls."""
    owners = sa.select(_customer.id).where(_customer.phone == number)
    called = sa.select(_call.follow_up_id).where(_call.phone == number)
    yield row.customer_id.in_(
        owners.union(sa.select(_follow_up.customer_id).where(_follow_up.id.in_(called)))
    )
    to_it = sa.exists().where(_call.id == row.attempt_id, _call.phone == number)
    yield sa.or_(row.customer_id.in_(owners), to_it)


def _flagged(filters: Filters, row: Row) -> sa.ColumnElement[bool]:
    """One flag has all that is asked for."""
    wanted = [_flag.transcript_id == row.transcript_id, _flag.is_current]
    if filters.flag:
        wanted.append(sa.or_(_flag.rule == filters.flag, _flag.category == filters.flag))
    if filters.tier:
        wanted.append(_flag.tier == filters.tier)
    return sa.exists().where(*wanted)
