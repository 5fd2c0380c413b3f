"""Where two profiles differ, demand by demand, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dialer.profile import Profile
from office.profiles.tables import Row, Table, tables

NONE = "无"


@dataclass(frozen=True, slots=True)
class Difference:
    """A demand on which two profiles do not agree: what each says, NONE where it says nothing."""

    table: str
    key: str
    item: str
    first: str
    second: str
    rule: str


def differences(first: Profile, second: Profile) -> Iterator[Difference]:
    """In the order of the tables; what only the second demands comes after the rest of its table."""
    for one, other in zip(tables(first), tables(second), strict=True):
        mine, yours = _by_key(one), _by_key(other)
        for key in {**mine, **yours}:
            yield from _difference(one, mine.get(key), yours.get(key))


def _by_key(table: Table) -> Mapping[str, Row]:
    return {row.key: row for row in table.rows}


def _difference(table: Table, mine: Row | None, yours: Row | None) -> Iterator[Difference]:
    row = mine or yours
    if row is None or (mine and yours and mine.cells == yours.cells):
        return
    telling = [
        number
        for number in range(len(table.columns))
        if not (mine and yours and mine.cells[number] == yours.cells[number])
    ]
    says = [_says(table, one, telling) for one in (mine, yours)]
    rules = "、".join(dict.fromkeys(one.rule for one in (mine, yours) if one and one.rule))
    yield Difference(table.title, row.key, row.item, says[0], says[1], rules)


def _says(table: Table, row: Row | None, columns: list[int]) -> str:
    """The cells of these columns, under their names where the table has several."""
    if row is None:
        return NONE
    if len(table.columns) == 1:
        return row.cells[0]
    return "；".join(f"{table.columns[number]}：{row.cells[number] or NONE}" for number in columns)
