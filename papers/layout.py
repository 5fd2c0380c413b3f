"""How a paper falls into blocks, lines and columns, the same for every writer. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TypeAlias
from unicodedata import east_asian_width

from papers.paper import Box, Chart, Fact, Grid, Paper, Part

_LEAST, _MOST = 6, 28
"""Half-width characters that a column is made for."""
_AROUND = 4
"""Besides its text, for the space beside it."""
_MANY_COLUMNS = 8
"""More of them are printed across."""


@dataclass(frozen=True, slots=True)
class Form:
    """A table of facts, by ones and twos, with boxes below."""

    lines: tuple[tuple[Fact, ...], ...]
    boxes: tuple[Box, ...]


Block: TypeAlias = Form | Grid | Chart


def blocks(paper: Paper) -> Iterator[Block]:
    """The paper's parts as they are laid out; boxes that follow the facts or each other stand together."""
    parts: list[Part] = list(paper.parts)
    leading = tuple(_leading(parts))
    if paper.facts or leading:
        yield Form(tuple(_lines(paper.facts)), leading)
    for is_box, run in groupby(parts[len(leading) :], key=lambda part: isinstance(part, Box)):
        if is_box:
            yield Form((), tuple(part for part in run if isinstance(part, Box)))
        else:
            yield from (part for part in run if not isinstance(part, Box))


def is_across(paper: Paper) -> bool:
    """Whether it is printed on A4 across: one of its tables has many columns."""
    return any(isinstance(part, Grid) and len(part.columns) > _MANY_COLUMNS for part in paper.parts)


def shares(grid: Grid) -> list[float]:
    """The part of the whole width that each column takes, by its longest text within bounds."""
    table = (grid.columns, *grid.rows)
    longest = [
        min(_MOST, max(_LEAST, *map(_widest, column))) + _AROUND for column in zip(*table, strict=True)
    ]
    return [one / sum(longest) for one in longest]


def apportioned(parts: Sequence[float], whole: int) -> list[int]:
    """Whole numbers, at least 1 each, that add up to `whole`, as near to the parts as can be."""
    wanted = [part * whole for part in parts]
    given = [max(1, int(one)) for one in wanted]
    while sum(given) < whole:
        short = max(range(len(given)), key=lambda n: wanted[n] - given[n])
        given[short] += 1
    while sum(given) > whole:
        spare = max(range(len(given)), key=lambda n: given[n] - wanted[n] if given[n] > 1 else -whole)
        given[spare] -= 1
    return given


def width(text: str) -> int:
    """Half-width characters that a line of text takes."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def line_count(text: str, room: float) -> int:
    """Lines that a text takes in a field so many half-width characters wide."""
    return sum(max(1, -int(-width(line) // room)) for line in text.split("\n"))


def printable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(char for char in text if char in "\t\n" or " " <= char < "\ufffe" or char > "\uffff")


def digest(paper: Paper) -> str:
    """The SHA-256 of what the paper says, whoever signs it: what a signature is put under (R6)."""
    said = [paper.title, paper.number, paper.facts, [_said(part) for part in paper.parts]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def footnotes(paper: Paper) -> tuple[str, ...]:
    """The remarks, and what a signed paper is known by."""
    return (*paper.remarks, f"内容校验 SHA-256：{digest(paper)}") if paper.signatures else paper.remarks


def _leading(parts: Iterable[Part]) -> Iterator[Box]:
    for part in parts:
        if not isinstance(part, Box):
            return
        yield part


def _lines(facts: Iterable[Fact]) -> Iterator[tuple[Fact, ...]]:
    waiting: tuple[Fact, ...] = ()
    for fact in facts:
        if fact.wide and waiting:
            yield waiting
            waiting = ()
        waiting += (fact,)
        if fact.wide or len(waiting) == 2:
            yield waiting
            waiting = ()
    if waiting:
        yield waiting


def _widest(text: str) -> int:
    return max(map(width, text.split("\n")))


def _said(part: Part) -> object:
    return [part.heading, part.words] if isinstance(part, Box) else asdict(part)
