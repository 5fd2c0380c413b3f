"""A database of calls and what was said in them, in large transactions, indexed as the product does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

from base.clock import SHANGHAI
from bench.wording import Wording
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


def calls(wording: Wording, seed: int, utterances: int) -> Iterator[list[Call]]:
    """So many utterances in calls, a transaction of them at a time; the same for the same seed."""
    random = np.random.default_rng(seed)
    n = 0
    for start in range(0, utterances, _TOGETHER * A_CALL):
        said = wording.said(random, min(_TOGETHER * A_CALL, utterances - start))
        parts = [said[place : place + A_CALL] for place in range(0, len(said), A_CALL)]
        yield [Call(n + place, part) for place, part in enumerate(parts, start=1)]
        n += len(parts)


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
    search_index.add(connection, [call.n for call in batch])


def _insert(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    connection.execute(sa.insert(table), rows)


def _campaigns() -> list[dict[str, Any]]:
    return [
        {
            **{"id": n, "name": f"批次{n}", "kind": KINDS[n % len(KINDS)], "status": "running"},
            **dict.fromkeys(("script", "script_version", "script_sha256", "profile"), ""),
            **dict.fromkeys(("deadline", "created_at", "status_at"), BEGAN),
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
        **{"id": call.n, "campaign_id": _campaign(call), "customer_id": call.n, "state": "closed"},
        **{"rank": 5, "disposition": "completed", "closed_at": call.at},
        **dict.fromkeys(("deadline", "due_at"), call.at),
    }


def _attempt(call: Call) -> dict[str, Any]:
    ended = call.at + timedelta(seconds=60 + call.n % 120)
    return {
        **{"id": call.n, "follow_up_id": call.n, "n": 1, "max_rung": 3, "phone": _phone(call)},
        **{"trunk": "demo", "slot": 0, "node": "node-1", "talked_s": 60.0 + call.n % 120},
        **{"disposition": "completed" if call.n % 3 else "hung_up", "recording": f"recordings/{call.n}"},
        **dict.fromkeys(("claimed_at", "lease_until", "invited_at"), call.at),
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


def _utterance(id_: int, transcript: int, place: int, party: str, text: str) -> dict[str, Any]:
    begin = 5.0 * place
    chars = [round(begin + 0.2 * n, 1) for n in range(len(text))]
    return {
        **{"id": id_, "transcript_id": transcript, "party": party, "text": text, "chars": chars},
        **{"start_s": begin, "end_s": begin + 0.2 * len(text), "confidence": 0.9},
    }
