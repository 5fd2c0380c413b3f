"""A database of calls and what was said in them, in large transactions, indexed as the product does it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

from base.clock import SHANGHAI
from base.errors import InputError
from bench.wording import Wording
from huifang.cli.output import progress_bar
from records import schema, search_index
from records.database import Database

A_CALL = 10
"""Utterances."""
CAMPAIGNS = 40
BRANCHES = 30
KINDS = ("new_account", "periodic", "abnormal", "special")
BEGAN = datetime(2025, 1, 1, 9, tzinfo=SHANGHAI)
BETWEEN = timedelta(minutes=5)
"""From one call's begin to the next one's."""

FLAGGED = 20
"""Every so manieth call has a flag."""
OPEN = 10
"""Every so manieth call leaves its follow-up open, until it is called again."""
CATEGORIES = (("代客操作", "high"), ("收益分成", "high"), ("承诺收益", "medium"), ("私下推荐", "low"))
TIERS = ("certain", "probable", "faint")

_TOGETHER = 500
"""Calls in a transaction."""

Said = Sequence[tuple[str, str]]
"""Party and text of each utterance."""


@dataclass(frozen=True, slots=True)
class Call:
    """The n-th call, from 1: of a customer of its own, in each campaign in turn."""

    n: int
    said: Said

    @property
    def at(self) -> datetime:
        """When it began."""
        return BEGAN + BETWEEN * self.n


def calls(wording: Wording, seed: int, utterances: int, each: int = A_CALL) -> Iterator[list[Call]]:
    """So many utterances, `each` in a call, a transaction at a time; the same for the same seed."""
    random = np.random.default_rng(seed)
    n = 0
    for start in range(0, utterances, _TOGETHER * each):
        said = wording.said(random, min(_TOGETHER * each, utterances - start))
        parts = [said[place : place + each] for place in range(0, len(said), each)]
        yield [Call(n + place, part) for place, part in enumerate(parts, start=1)]
        n += len(parts)


async def filled(db: Database, wording: Wording, seed: int, utterances: int, each: int = A_CALL) -> float:
    """Fill an empty database; gives the seconds that it took, 0 where the texts are there already.

    Raises:
        InputError: another number of texts is there.
    """
    count = sa.select(sa.func.count(schema.utterance.c.id))
    if there := await db.read(lambda connection: connection.scalar(count)):
        if there != utterances:
            remedy = f"say --utterances {there}"
            raise InputError(f"holds {there} utterances", where="database", remedy=remedy)
        return 0.0
    begun = time.monotonic()
    with progress_bar("filling") as progress:
        done = 0

        def told(more: int) -> None:
            nonlocal done
            done += more
            progress(done, utterances)

        await fill(db, calls(wording, seed, utterances, each), told)
    if db.is_server:
        await asyncio.to_thread(_vacuum, db.url)
    return round(time.monotonic() - begun, 1)


def _vacuum(url: sa.URL) -> None:
    """What the server does by itself some minutes later."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


async def fill(db: Database, batches: Iterator[list[Call]], done: Callable[[int], None]) -> None:
    """Keep all calls; `done` is told how many utterances each transaction had."""
    await db.write(lambda connection: _insert(connection, schema.campaign, _campaigns()))
    first = 1
    for batch in batches:
        begin = first
        await db.write(lambda connection, batch=batch, begin=begin: _keep(connection, batch, begin))  # type: ignore[misc]
        said = sum(len(call.said) for call in batch)
        first += said
        done(said)


def _keep(connection: sa.Connection, batch: Sequence[Call], first: int) -> None:
    _insert(connection, schema.customer, [_customer(call) for call in batch])
    _insert(connection, schema.follow_up, [_follow_up(call) for call in batch])
    _insert(connection, schema.attempt, [_attempt(call) for call in batch])
    _insert(connection, schema.attempt_kind, [_kind(call) for call in batch])
    _insert(connection, schema.transcript, [_transcript(call) for call in batch])
    said = [(call.n, n, *one) for call in batch for n, one in enumerate(call.said)]
    _insert(connection, schema.utterance, [_utterance(first + n, *one) for n, one in enumerate(said)])
    if flags := [_flag(call) for call in batch if call.n % FLAGGED == 0]:
        _insert(connection, schema.flag, flags)
    _insert(connection, schema.obligation, [one for call in batch for one in _owed(call)])
    search_index.add(connection, [call.n for call in batch])


def _insert(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    connection.execute(sa.insert(table), rows)


def _campaigns() -> list[dict[str, Any]]:
    return [
        {
            **{"id": n, "name": f"批次{n}", "kind": KINDS[n % len(KINDS)], "status": "running"},
            **dict.fromkeys(("script", "script_version", "script_sha256"), ""),
            "profile": "default",
            **dict.fromkeys(("created_at", "status_at"), BEGAN),
            "deadline": BEGAN + timedelta(days=10 * n),
        }
        for n in range(1, CAMPAIGNS + 1)
    ]


def _customer(call: Call) -> dict[str, Any]:
    return {
        **{"id": call.n, "name": f"客户{call.n}", "phone": _phone(call), "phone_kind": "mobile"},
        **{"branch": f"营业部{call.n % BRANCHES}", "created_at": BEGAN, "updated_at": BEGAN},
    }


def _phone(call: Call) -> str:
    return f"+86138{call.n:08d}"


def _follow_up(call: Call) -> dict[str, Any]:
    return {
        **{"id": call.n, "campaign_id": _campaign(call), "customer_id": call.n, "rank": 5},
        **(_WAITS if call.n % OPEN == 0 else {**_CLOSED, "closed_at": call.at}),
        **{"deadline": BEGAN + timedelta(days=10 * _campaign(call)), "due_at": call.at},
    }


_WAITS = {"state": "waiting", "disposition": "", "closed_at": None}
_CLOSED = {"state": "closed", "disposition": "completed"}


def _owed(call: Call) -> Iterator[dict[str, Any]]:
    """What the call settled, and what the same customer is owed in the next year."""
    branch, by = f"营业部{call.n % BRANCHES}", call.at.date()
    for year in (by.year, by.year + 1):
        settled = year == by.year and call.n % OPEN > 0
        yield {
            **{"customer_id": call.n, "duty": "periodic", "kind": "periodic", "occasion": str(year)},
            **{"branch": branch, "due_from": by, "due_by": by.replace(year=year, day=min(by.day, 28))},
            **{"pool": f"periodic {branch} {year}", "share": 1.0, "executor": "operations", "rule": "P2"},
            **{"state": "completed" if settled else "open", "settled_on": by if settled else None},
            **{"called": year == by.year, "reached": settled, "must": False},
        }


def _attempt(call: Call) -> dict[str, Any]:
    ended = call.at + timedelta(seconds=60 + call.n % 120)
    return {
        **{"id": call.n, "follow_up_id": call.n, "n": 1, "max_rung": 3, "phone": _phone(call)},
        **{"trunk": "demo", "slot": 0, "node": "node-1", "talked_s": 60.0 + call.n % 120},
        **{"disposition": "completed" if call.n % 3 else "hung_up", "recording": f"recordings/{call.n}"},
        **dict.fromkeys(("claimed_at", "lease_until", "invited_at", "answered_at"), call.at),
        "owner_confirmed": bool(call.n % 3),
        **dict.fromkeys(("ended_at", "released_at"), ended),
    }


def _kind(call: Call) -> dict[str, Any]:
    return {"attempt_id": call.n, "kind": KINDS[_campaign(call) % len(KINDS)], "completed": True}


def _campaign(call: Call) -> int:
    return call.n % CAMPAIGNS + 1


def _transcript(call: Call) -> dict[str, Any]:
    return {
        **{"id": call.n, "attempt_id": call.n, "engine": "bench", "model_sha256": ""},
        **{"is_current": True, "created_at": call.at},
    }


def _flag(call: Call) -> dict[str, Any]:
    category, severity = CATEGORIES[call.n // FLAGGED % len(CATEGORIES)]
    return {
        **{"transcript_id": call.n, "rule": category, "rule_version": "1", "category": category},
        **{"severity": severity, "party": "customer", "start_s": 5.0, "end_s": 6.0, "text": category},
        **{"score": 0.9, "tier": TIERS[call.n // FLAGGED % len(TIERS)], "negation": "affirmed"},
    }


def _utterance(id_: int, transcript: int, place: int, party: str, text: str) -> dict[str, Any]:
    begin = 5.0 * place
    chars = [round(begin + 0.2 * n, 1) for n in range(len(text))]
    return {
        **{"id": id_, "transcript_id": transcript, "party": party, "text": text, "chars": chars},
        **{"start_s": begin, "end_s": begin + 0.2 * len(text), "confidence": 0.9},
    }
