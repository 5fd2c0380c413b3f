"""What differs between SQLite and PostgreSQL in a search: the index of tokens, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from records.narrowing import AllOf, AnyOf, Formula
from records.schema_search import searchable

_fts = sa.table("searchable_tokens", sa.column("rowid", sa.Integer), sa.column("tokens", sa.Text))
"""SQLite's full-text index: rowid is searchable.id. PostgreSQL has a column in `searchable` instead."""

_with_tokens = sa.table(
    searchable.name, *(sa.column(c.name, c.type) for c in searchable.c), sa.column("tokens", sa.Text)
)


@dataclass(frozen=True, slots=True)
class _Signs:
    """How an engine writes a formula."""

    token: str
    prefix: str
    both: str
    either: str
    without: str


_FTS5 = _Signs('"{}"', '"{}"*', " AND ", " OR ", " NOT ")
_TSQUERY = _Signs("{}", "{}:*", " & ", " | ", " & !")


def keep(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep rows of `searchable`; `tokens` beside its columns: theirs, with blanks between them."""
    if connection.dialect.name == "sqlite":
        own = [{column.name: row[column.name] for column in searchable.c} for row in rows]
        connection.execute(sa.insert(searchable), own)
        tokens = [{"rowid": row["id"], "tokens": row["tokens"]} for row in rows]
        connection.execute(sa.insert(_fts), tokens)
        return
    made = sa.cast(sa.bindparam("made", type_=sa.Text), postgresql.TSVECTOR)
    values = [{**row, "made": row["tokens"]} for row in rows]
    for value in values:
        del value["tokens"]
    connection.execute(sa.insert(_with_tokens).values(tokens=made), values)


def forget(connection: sa.Connection, rows: Sequence[tuple[int, str]]) -> None:
    """Take rows (id, tokens) away. SQLite's index keeps no text: it needs the tokens as they were kept."""
    ids = [row_id for row_id, _ in rows]
    connection.execute(sa.delete(searchable).where(searchable.c.id.in_(ids)))
    if connection.dialect.name == "sqlite":
        statement = f"INSERT INTO {_fts.name} ({_fts.name}, rowid, tokens) VALUES ('delete', :id, :tokens)"
        connection.execute(sa.text(statement), [{"id": row_id, "tokens": tokens} for row_id, tokens in rows])


def looked_up(
    connection: sa.Connection,
    formula: Formula,
    says: Sequence[sa.ColumnElement[bool]] = (),
    *,
    texts: bool = False,
) -> sa.FromClause:
    """The rows of `searchable` whose tokens fulfil the formula, by the index, and whose texts do so.

    PostgreSQL finds them before it looks at anything else: its planner would rather read the tokens of all
    calls of a branch, which are kept out of line. It lays them aside, so the texts come only where wanted.
    """
    columns = [column for column in searchable.c if texts or column.name not in {"words", "sounds"}]
    rows = sa.select(*columns).where(_matching(connection, formula), *says)
    return rows.cte("looked_up").prefix_with("MATERIALIZED", dialect="postgresql")


def how_many(connection: sa.Connection, formula: Formula) -> sa.Select[int]:
    """The number of rows whose tokens fulfil the formula, of the index alone as far as the engine can."""
    if connection.dialect.name == "sqlite":
        return sa.select(sa.func.count()).select_from(_fts).where(_fts_matches(formula))
    return sa.select(sa.func.count()).select_from(searchable).where(_matching(connection, formula))


def _fts_matches(formula: Formula) -> sa.ColumnElement[bool]:
    return sa.literal_column(_fts.name).op("MATCH", is_comparison=True)(_written(formula, _FTS5))


def _matching(connection: sa.Connection, formula: Formula) -> sa.ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        return searchable.c.id.in_(sa.select(_fts.c.rowid).where(_fts_matches(formula)))
    asked = sa.cast(_written(formula, _TSQUERY), postgresql.TSQUERY)
    return sa.literal_column(f"{searchable.name}.tokens").op("@@", is_comparison=True)(asked)


def contains(connection: sa.Connection, column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """Whether the text is in it, character by character."""
    at = sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos
    return at(column, text) > 0


def _written(formula: Formula, signs: _Signs) -> str:
    match formula:
        case str():
            return (signs.prefix if formula.endswith("*") else signs.token).format(formula.rstrip("*"))
        case AnyOf(parts):
            return f"({signs.either.join(_written(part, signs) for part in parts)})"
        case AllOf(parts, without):
            held = signs.both.join(_written(part, signs) for part in parts)
            if not without:
                return f"({held})"
            barred = signs.either.join(_written(part, signs) for part in without)
            return f"(({held}){signs.without}({barred}))"
