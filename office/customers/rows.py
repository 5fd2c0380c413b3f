"""One row of a branch's file: what its cells say, or why it cannot be used. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from base.phones import Phone
from office.customers import cells
from office.customers.cells import BadCell
from office.customers.heading import Column
from office.tables import Cell

_ENDS = (
    *("合计", "总计", "小计", "共计", "汇总", "平均", "制表", "审核", "复核", "填表", "填报", "total"),
    *(f"{word}{colon}" for word in ("注", "备注", "说明", "经办") for colon in ":："),
)
"""How rows begin that are no customer's: sums, and what stands below the table."""

_WHO = frozenset({"name", "account", "phone", "number"})
_CONTACT = frozenset({"contact", "contact_phone", "contact_post"})
_SEVERAL = _CONTACT | {"phone"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a row cannot be used, and in which column."""

    column: str
    reason: str


@dataclass(slots=True)
class Said:
    """What the cells of a row say.

    Attributes:
        values: by what the field calls it; empty ones are among them.
        phones: with the heading of each.
        words: for scripts, [slot, text].
        contacts: by the figure in the heading.
    """

    values: dict[str, Any] = field(default_factory=dict)
    phones: list[tuple[Phone, str]] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)


class RowReader:
    """Reads the rows below one heading."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._titles = [(column.at, {column.title, *column.title.split("/")}) for column in columns]
        self._who = [column.at for column in columns if column.field and column.field.key in _WHO]
        self._title = {column.field.key: column.title for column in reversed(columns) if column.field}
        self.has_slots = any(column.field is None for column in columns)
        self._alone = {
            column.at: column.field.read
            for column in columns
            if column.field and column.field.key not in _SEVERAL
        }
        self._empty: dict[str, Any] = {}
        self._never_empty: set[int] = set()
        for column in columns:
            self._ask_empty(column)

    def _ask_empty(self, column: Column) -> None:
        """What an empty cell of the column says, asked once: most cells of a wide file are empty."""
        if column.field is None or column.field.key in _SEVERAL:
            return
        try:
            self._empty |= column.field.read(None, column.unit)
        except BadCell:
            self._never_empty.add(column.at)

    def has(self, *keys: str) -> bool:
        """Whether one of these fields has a column."""
        return not self._title.keys().isdisjoint(keys)

    def wrong(self, reason: str, *keys: str) -> Wrong:
        """What is wrong, in the column of the first of these fields that there is."""
        return Wrong(next((self._title[key] for key in keys if key in self._title), ""), reason)

    def is_heading(self, row: Sequence[Cell]) -> bool:
        """Whether the heading, or one row of it, stands here once more."""
        found = False
        for at, titles in self._titles:
            text = str(_at(row, at) or "").strip()
            if text and text not in titles:
                return False
            found = found or bool(text)
        return found

    def is_end(self, row: Sequence[Cell]) -> bool:
        """Whether nothing in it is a customer's: an empty or merely numbered row, a sum, a remark below."""
        if all(_at(row, column.at) in (None, "") for column in self._columns):
            return True
        first = next((text for cell in row if cell is not None and (text := str(cell).strip())), "")
        if not first.casefold().startswith(_ENDS):
            return False
        return sum(_at(row, at) not in (None, "") for at in self._who) <= 1

    def said(self, row: Sequence[Cell]) -> Said:
        """What its cells say, with what is wrong with them."""
        found = Said(self._empty.copy())
        width = len(row)
        for column in self._columns:
            cell = row[column.at] if column.at < width else None
            if (cell is None or cell == "") and column.at not in self._never_empty:
                continue
            try:
                if column.at in self._alone:
                    found.values.update(self._alone[column.at](cell, column.unit))
                else:
                    _take(found, column, cell)
            except BadCell as error:
                found.wrong.append(Wrong(column.title, str(error)))
        return found


def _at(row: Sequence[Cell], at: int) -> Cell:
    return row[at] if at < len(row) else None


def _take(found: Said, column: Column, cell: Cell) -> None:
    """Words for a script, one of several phones, part of a contact."""
    if column.field is None:
        if text := cells.words(cell, cells.WORDS):
            found.words.append([column.title[1:-1], _without_braces(text)])
        return
    said = column.field.read(cell, column.unit)
    if column.field.key == "phone":
        found.phones += [(phone, column.title) for phone in said["phones"]]
    else:
        found.contacts.setdefault(column.group, {}).update(said)


def _without_braces(text: str) -> str:
    """Words for a slot hold no braces, which would be a slot in a slot."""
    if set("{}") & set(text):
        raise BadCell("不能含有花括号")
    return text
