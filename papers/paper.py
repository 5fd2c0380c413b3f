"""A document before it is written in any form: facts, tables, remarks, lines to sign on. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Firm:
    """Whose paper it is. `seat`: the staff number that calls are made under (S2)."""

    name: str
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a heading; `without` is said where it has no row."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    without: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document.

    Attributes:
        facts: names and values.
        remarks: sentences at the foot.
        signatures: who signs, each on a line of their own (R6).
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    grids: tuple[Grid, ...]
    remarks: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
