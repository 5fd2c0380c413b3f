"""Finding the heading of a branch's file: below titles, in one row or two, among stray columns. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from base.errors import ContactsError
from office.customers.fields import Field, Sheet
from office.customers.names import FILLED
from office.tables import Cell, Row

DEEPEST = 30
"""Rows among which the heading is looked for."""

SLOT = re.compile(r"^\{([a-z][a-z0-9_]*)\}$")
"""A column headed `{matter}` holds each customer's words for that slot of a script."""

WRONG = "错误"
"""Heads the column that says what is wrong with a row; it says nothing of a customer."""

_UNITS = {
    **dict.fromkeys(("元", "人民币元"), 1.0),
    **dict.fromkeys(("千元", "千"), 1e3),
    **dict.fromkeys(("万元", "万"), 1e4),
    **dict.fromkeys(("百万元", "百万"), 1e6),
    **dict.fromkeys(("亿元", "亿"), 1e8),
    **dict.fromkeys(("%", "百分比"), 0.01),
}
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_FIGURES = re.compile(r"[\d一二三四五]+")
_UNIT_ABOVE = re.compile(r"单位\s*:?\s*(?:人民币)?\s*(千元|万元|百万元|亿元|元)")
_AMOUNTS = frozenset({"assets", "volume", "commission", "market_value"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column that means something.

    Attributes:
        at: from 0.
        title: its heading as written; of two rows both, with a slash between.
        field: what it holds; None: words for the slot of that name.
        unit: what its figures count in (万元: 10,000).
        group: the figure in the heading: 联系人2 and 联系人2电话 belong together.
    """

    at: int
    title: str
    field: Field | None
    unit: float = 1.0
    group: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the columns are. `rows`: how many of the lead are titles and heading."""

    rows: int
    columns: tuple[Column, ...]
    ignored: tuple[str, ...]


def plain(text: str) -> str:
    """A heading as it is compared."""
    return re.sub(r"[\s_\-*:：.、/]+", "", unicodedata.normalize("NFKC", text)).casefold()


def find(lead: Sequence[Row], sheet: Sheet, chosen: Mapping[str, str], where: str) -> Heading:
    """The heading among a file's first rows.

    Args:
        lead: the first rows.
        chosen: heading → key of a field, "" for none: goes before the known names.
        where: the file, for complaints.

    Raises:
        ContactsError: there is none, or two columns for one thing.
    """
    names = _Names(sheet, chosen)
    best = max(_candidates(lead, names), key=_Candidate.worth, default=_Candidate(0, [], 0, 0, 0))
    place = f"{where}:{lead[best.rows - 1][0]}" if best.fields else where
    if missing := names.missing(best.titles):
        lacking = " and ".join(f"no column {' or '.join(group)}" for group in missing)
        remedy = "one row names the columns; --column HEADING=FIELD says what they mean"
        raise ContactsError(lacking, where=place, remedy=remedy)
    return _heading(best.rows, best.titles, names, _unit_above(lead[: best.rows]), place)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Titles of one row or of two, which end at `rows`, and how many fields they head in how many columns."""

    rows: int
    titles: list[str]
    depth: int
    fields: int
    columns: int

    def worth(self) -> tuple[int, int, int, int]:
        """More fields, then more columns (家庭电话 under 联系方式), fewer rows, further above."""
        return self.fields, self.columns, -self.depth, -self.rows


def _candidates(lead: Sequence[Row], names: _Names) -> Iterator[_Candidate]:
    above: list[str] = []
    for at, (_, cells) in enumerate(lead[:DEEPEST], start=1):
        one = [_text(cell) for cell in cells]
        two = _with_sub(above, one)
        yield _Candidate(at, one, 1, names.count(one), names.columns(one))
        yield _Candidate(at, two, 2, names.count(two), names.columns(two))
        above = one


class _Names:
    """What the headings of a sheet may be, in the order of how well known they are."""

    def __init__(self, sheet: Sheet, chosen: Mapping[str, str]) -> None:
        self._sheet = sheet
        fields = {field.key: field for field in sheet.fields}
        self._known: dict[str, tuple[int, Field]] = {}
        for field in sheet.fields:
            for rank, name in enumerate(field.names, start=1):
                self._known.setdefault(plain(name), (rank, field))
        self._chosen = {plain(title): fields.get(key) for title, key in chosen.items()}

    def of(self, title: str) -> tuple[int, Field] | None:
        """The field that a title heads, with its rank: 0 is chosen."""
        for form in _forms(title):
            if form in self._chosen:
                field = self._chosen[form]
                return (0, field) if field else None
            if form in self._known:
                return self._known[form]
        return None

    def count(self, titles: Iterable[str]) -> int:
        """How many different fields they head."""
        return len(self._keys(titles))

    def columns(self, titles: Iterable[str]) -> int:
        """How many columns have a field."""
        return sum(self.of(title) is not None for title in titles)

    def missing(self, titles: Iterable[str]) -> list[list[str]]:
        """Of which groups nothing is there, by the best known names."""
        keys = self._keys(titles)
        title = {field.key: field.title for field in self._sheet.fields}
        return [[title[key] for key in group] for group in self._sheet.required if not keys & set(group)]

    def takes_slots(self) -> bool:
        """Whether columns may hold words for scripts."""
        return self._sheet.slots

    def _keys(self, titles: Iterable[str]) -> set[str]:
        return {found[1].key for title in titles if (found := self.of(title))}


def _text(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _forms(title: str) -> Iterator[str]:
    """A title as it may be known: without what is in brackets, without figures, without its group."""
    for part in dict.fromkeys((title, title.rpartition("/")[2])):
        whole = plain(part)
        for form in (whole, re.sub(r"[()\[\]]", "", whole), _IN_BRACKETS.sub("", whole)):
            yield form
            yield _FIGURES.sub("", form)


def _with_sub(above: list[str], below: list[str]) -> list[str]:
    """Two rows as one: a group's title, merged over several columns, goes with each of those below it."""
    titles: list[str] = []
    group = ""
    for at, sub in enumerate(below):
        own = above[at] if at < len(above) else ""
        group = own or group
        titles.append((f"{group}/{sub}" if group else sub) if sub else own)
    return titles + above[len(below) :]


def _unit_above(lead: Sequence[Row]) -> float:
    for _, cells in lead:
        for cell in cells:
            found = _UNIT_ABOVE.search(unicodedata.normalize("NFKC", cell)) if isinstance(cell, str) else None
            if found:
                return _UNITS[found[1]]
    return 1.0


def _unit(title: str, field: Field, above: float) -> float:
    for inside in _IN_BRACKETS.findall(plain(title)):
        if inside.removeprefix("单位") in _UNITS:
            return _UNITS[inside.removeprefix("单位")]
    return above if field.key in _AMOUNTS else 1.0


def _heading(rows: int, titles: Sequence[str], names: _Names, unit: float, where: str) -> Heading:
    columns: dict[int, Column] = {}
    for at, title in _chosen_of(titles, names, where):
        found = names.of(title)
        field = found[1] if found else None
        figures = "".join(_FIGURES.findall(title))
        columns[at] = Column(at, title, field, _unit(title, field, unit) if field else 1.0, figures)
    ignored = tuple(
        title for at, title in enumerate(titles) if title and at not in columns and plain(title) != WRONG
    )
    return Heading(rows, tuple(columns.values()), ignored)


def _chosen_of(titles: Sequence[str], names: _Names, where: str) -> Iterator[tuple[int, str]]:
    """Columns that count: of two for one field the better known."""
    best: dict[str, tuple[int, int]] = {}
    for at, title in enumerate(titles):
        if names.takes_slots() and SLOT.match(title):
            _refuse_slot(title, titles, where)
            yield at, title
        found = names.of(title)
        if found is None:
            continue
        rank, field = found
        if field.several:
            yield at, title
            continue
        earlier = best.get(field.key)
        if earlier is not None and earlier[0] == rank:
            what = f"two columns for the {field.title}: {titles[earlier[1]]} and {title}"
            raise ContactsError(
                what, where=where, remedy="leave one of them, or tell by --column which it is"
            )
        if earlier is None or rank < earlier[0]:
            best[field.key] = (rank, at)
    yield from sorted((at, titles[at]) for _, at in best.values())


def _refuse_slot(title: str, titles: Sequence[str], where: str) -> None:
    match = SLOT.match(title)
    if titles.count(title) > 1 or (match and match[1] in FILLED):
        why = "stands twice" if titles.count(title) > 1 else "is filled otherwise"
        raise ContactsError(f"the column {title} {why}", where=where, remedy="leave it out")
