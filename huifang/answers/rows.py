"""A table of trials (audio, question, expected) read and checked before anything is recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from base.errors import InputError
from ivr.asking import universal
from ivr.script import Appoint, Ask, Script

COLUMNS = ("audio", "question", "expected")
GROUPS = "groups"
"""A column that may be there: names, parted by spaces, of parts of the table to give figures of."""
NOTHING = ("", "-")
"""What is expected of an utterance that must not be accepted."""
TIMES = "appoint"
_JOINED = re.compile("[,，、]")


@dataclass(frozen=True, slots=True)
class Row:
    """One trial.

    Attributes:
        where: FILE:LINE.
        kind: the question's kind: closed, scale, several, number, date, date_time or appoint.
        expected: the value that is filed, the name of a way out, or "" for nothing.
        groups: parts of the table that it belongs to.
    """

    where: str
    audio: Path
    script: Script
    node: str
    kind: str
    expected: str
    groups: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """`script.node`."""
        return f"{self.script.name}.{self.node}"


def read(path: Path, scripts: Mapping[str, Script], now: datetime) -> list[Row]:
    """The rows of a table; audio paths are relative to it. `now` lends times without an offset theirs.

    Raises:
        InputError: unreadable, no rows, or a row that cannot be a trial; with file:line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the table cannot be read: {error}", where=str(path)) from error
    rows = [_row(path, line, cells, scripts, now) for line, cells in _cells(text)]
    if not rows:
        raise InputError("the table has no rows", where=str(path), remedy="columns: " + ", ".join(COLUMNS))
    return rows


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, its cells) without empty lines and header, which may order the columns otherwise."""
    order = list(range(len(COLUMNS) + 1))
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 and set(COLUMNS) <= set(map(str.lower, cells)):
            names = list(map(str.lower, cells))
            order = [names.index(column) if column in names else len(names) for column in (*COLUMNS, GROUPS)]
        elif line.strip():
            yield number, [cells[at] if at < len(cells) else "" for at in order]


def _row(path: Path, line: int, cells: list[str], scripts: Mapping[str, Script], now: datetime) -> Row:
    where = f"{path}:{line}"
    audio, question, expected, groups = cells
    if not audio or not question:
        raise InputError("a row is audio, question, expected, parted by tabs", where=where)
    sound = path.parent / audio
    if not sound.is_file():
        raise InputError(f"there is no audio {audio}", where=where)
    script, node = _question(question, scripts, where)
    kind = _kind(script, node, where)
    value = "" if expected in NOTHING else _value(expected, script, node, kind, now)
    if value is None:
        raise InputError(
            f"{expected!r} is no answer to {question}", where=where, remedy=_known(script, node, kind)
        )
    return Row(where, sound, script, node, kind, value, tuple(groups.split()))


def _question(question: str, scripts: Mapping[str, Script], where: str) -> tuple[Script, str]:
    """`script.node`, or a node's name that only one script has."""
    name, _, node = question.rpartition(".")
    found = [one for one in scripts.values() if (not name or one.name == name) and node in one.nodes]
    if len(found) != 1:
        what = "no script has" if not found else f"{', '.join(one.name for one in found)} all have"
        raise InputError(f"{what} a question {question!r}", where=where, remedy="write it as SCRIPT.NODE")
    return found[0], node


def _kind(script: Script, name: str, where: str) -> str:
    node = script.nodes[name]
    if isinstance(node, Appoint):
        return TIMES
    if not isinstance(node, Ask):
        raise InputError(f"{script.name}.{name} is no question", where=where)
    if node.answer == "free":
        raise InputError(f"{script.name}.{name} takes free answers: none is understood live", where=where)
    return node.answer


def _value(expected: str, script: Script, name: str, kind: str, now: datetime) -> str | None:
    """What would be filed; None for what never can."""
    node = script.nodes[name]
    options = node.options if isinstance(node, Ask) else {}
    by_any = {word: key for key, one in options.items() for word in (key, one.label, one.key) if word}
    parts = [by_any.get(part.strip()) for part in _JOINED.split(expected)]
    if None not in parts and (kind == "several" or len(parts) == 1):
        return ",".join(key for key in options if key in parts)
    if expected in {choice.name for choice in universal(script, {})}:
        return expected
    return _plain_value(expected, kind, now)


def _plain_value(expected: str, kind: str, now: datetime) -> str | None:
    if kind == "number" and expected.isdecimal():
        return expected
    if kind not in ("date", "date_time", TIMES):
        return None
    try:
        when = datetime.fromisoformat(expected)
    except ValueError:
        return None
    if kind == "date":
        return when.date().isoformat()
    return (when.astimezone(now.tzinfo) if when.tzinfo else when.replace(tzinfo=now.tzinfo)).isoformat()


def _known(script: Script, name: str, kind: str) -> str:
    node = script.nodes[name]
    options = list(node.options) if isinstance(node, Ask) else []
    values = {"number": ["digits"], "date": ["a day as 2026-11-26"]}.get(kind, [])
    times = ["a time as 2026-11-26T15:30"] if kind in ("date_time", TIMES) else []
    return ", ".join([*options, *values, *times, "- for what must not be accepted"])
