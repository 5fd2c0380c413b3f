"""Which calls a search looks at: each filter is a condition on a row of `searchable`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from records import schema
from records.schema_search import searchable

_call = schema.attempt.c
_campaign = schema.campaign.c
_customer = schema.customer.c
_flag = schema.flag.c
_kind = schema.attempt_kind.c
_recording = schema.recording.c
_transcript = schema.transcript.c


@dataclass(frozen=True, slots=True)
class Filters:
    """All that is set must be so; "" and None are not set.

    Attributes:
        customer: name, or id in digits. number: E.164, the customer's or the one that was called.
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


def conditions(filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    """What a row of `searchable` must fulfil."""
    row = searchable.c
    if filters.party:
        yield row.party == filters.party
    if filters.since is not None:
        yield row.at >= filters.since
    if filters.until is not None:
        yield row.at < filters.until
    if filters.campaign:
        yield row.campaign_id.in_(sa.select(_campaign.id).where(_campaign.name == filters.campaign))
    if filters.kind:
        yield _of_kind(filters.kind)
    yield from _of_customer(filters)
    yield from _of_call(filters)
    if filters.flag or filters.tier:
        yield _flagged(filters)


def _of_kind(kind: str) -> sa.ColumnElement[bool]:
    campaigns = sa.select(_campaign.id).where(_campaign.kind == kind)
    carried = sa.exists().where(_kind.attempt_id == searchable.c.attempt_id, _kind.kind == kind)
    return sa.or_(searchable.c.campaign_id.in_(campaigns), carried)


def _of_customer(filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    """A customer and a number are few rows, looked up first; of a branch or manager each hit is asked."""
    theirs = searchable.c.customer_id
    if filters.customer:
        is_id = filters.customer.isdecimal()
        who = _customer.id == int(filters.customer) if is_id else _customer.name == filters.customer
        yield theirs.in_(sa.select(_customer.id).where(who))
    if filters.number:
        owners = sa.select(_customer.id).where(_customer.phone == filters.number)
        called = sa.exists().where(_call.id == searchable.c.attempt_id, _call.phone == filters.number)
        yield sa.or_(theirs.in_(owners), called)
    if filters.branch:
        yield sa.exists().where(_customer.id == theirs, _customer.branch == filters.branch)
    if filters.manager:
        yield sa.exists().where(_customer.id == theirs, _customer.manager == filters.manager)


def _of_call(filters: Filters) -> Iterator[sa.ColumnElement[bool]]:
    this_call = _call.id == searchable.c.attempt_id
    if filters.disposition:
        yield sa.exists().where(this_call, _call.disposition == filters.disposition)
    if filters.shortest_s is None and filters.longest_s is None:
        return
    this_recording = _transcript.id == searchable.c.transcript_id, _transcript.recording_id == _recording.id
    yield sa.or_(
        sa.exists().where(this_call, *_lasts(filters, _call.talked_s)),
        sa.exists().where(*this_recording, *_lasts(filters, _recording.length_s)),
    )


def _lasts(filters: Filters, seconds: sa.ColumnElement[float]) -> Iterator[sa.ColumnElement[bool]]:
    if filters.shortest_s is not None:
        yield seconds >= filters.shortest_s
    if filters.longest_s is not None:
        yield seconds <= filters.longest_s


def _flagged(filters: Filters) -> sa.ColumnElement[bool]:
    """One flag has all that is asked for."""
    wanted = [_flag.transcript_id == searchable.c.transcript_id, _flag.is_current]
    if filters.flag:
        wanted.append(sa.or_(_flag.rule == filters.flag, _flag.category == filters.flag))
    if filters.tier:
        wanted.append(_flag.tier == filters.tier)
    return sa.exists().where(*wanted)
