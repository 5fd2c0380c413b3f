"""The audit trail's chain (A6): each row holds the hash of the one before: no change goes unseen. Pure.

Whoever can write to the database could make the whole chain anew. Anchors, hashes of single rows that are
stored elsewhere, find that too, and rows that were cut off at the end.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

SYSTEM = "system"
"""Who, where no person was asked."""

START = "0" * 64
"""Stands before the first row."""


@dataclass(frozen=True, slots=True)
class Act:
    """What was done.

    Attributes:
        who: staff number, the account at the machine where nobody gave one, or `SYSTEM`.
        what: a word: "export", "approved", "purge".
        kind, of: what it was done to: "call", "17".
        detail: more of it, as JSON has it.
    """

    at: datetime
    who: str
    what: str
    kind: str
    of: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the trail, numbered from 1. `before`: hash of the row before; `sha256`: its own."""

    n: int
    act: Act
    before: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A row's hash as it was on a day."""

    on: date
    n: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that does not fit, and why."""

    n: int
    why: str


@dataclass(frozen=True, slots=True)
class Checked:
    """How many rows fit, the last one's hash, and what broke the chain; None where nothing did."""

    rows: int
    head: str
    broken: Broken | None


def said(n: int, act: Act, before: str) -> bytes:
    """All that a row says, as JSON: ASCII, keys sorted, no spaces, times in UTC."""
    at = act.at.astimezone(UTC).isoformat(timespec="microseconds")
    all_of_it = [n, at, act.who, act.what, act.kind, act.of, act.detail, before]
    return json.dumps(all_of_it, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def digest(n: int, act: Act, before: str) -> str:
    """Hex SHA-256 over all that a row says."""
    return hashlib.sha256(said(n, act, before)).hexdigest()


def link(act: Act, last: Row | None) -> Row:
    """The row that comes behind the last one."""
    n, before = (last.n + 1, last.sha256) if last else (1, START)
    return Row(n, act, before, digest(n, act, before))


def check(rows: Iterable[Row], anchors: Iterable[Anchor] = ()) -> Checked:
    """Walk along the rows, in order, up to the first that does not fit."""
    anchored: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        anchored[anchor.n].append(anchor)
    n, head = 0, START
    for row in rows:
        why = _misfit(row, n, head) or _unlike(row, anchored.pop(row.n, ()))
        if why:
            return Checked(n, head, Broken(n + 1, why))
        n, head = row.n, row.sha256
    return Checked(n, head, _cut_off(n, anchored))


def _misfit(row: Row, n: int, head: str) -> str:
    if row.n != n + 1:
        return f"row {n + 1} is missing: row {row.n} comes behind row {n}"
    if row.before != head:
        return "it does not follow from the row before: one of the two was put in another's place"
    if row.sha256 != digest(row.n, row.act, row.before):
        return "its content is not what it was hashed over: it was changed"
    return ""


def _unlike(row: Row, anchors: Iterable[Anchor]) -> str:
    unlike = next((one for one in anchors if one.sha256 != row.sha256), None)
    return f"it is not the row that was anchored on {unlike.on}: the trail was written anew" if unlike else ""


def _cut_off(n: int, left: Mapping[int, list[Anchor]]) -> Broken | None:
    """Rows that an anchor knows, and that are not there."""
    if not left:
        return None
    last = max(left)
    return Broken(n + 1, f"the trail ends at row {n}, but row {last} was anchored on {left[last][0].on}")
