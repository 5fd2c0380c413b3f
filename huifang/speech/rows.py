"""A table of recordings (audio, transcript, flags) read and checked before anything is recognised."""

from __future__ import annotations

import re
import wave
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from base.errors import InputError
from huifang.speech.errors import characters

AUDIO, TRANSCRIPT, FLAGS, GROUPS, ANSWERS = "audio", "transcript", "flags", "groups", "answers"
COLUMNS = (AUDIO, TRANSCRIPT, FLAGS, GROUPS, ANSWERS)
ALSO = {"file": AUDIO, "text": TRANSCRIPT}
"""Other names that columns go by."""
_NOTHING = ("", "-")
_REMEDY = "columns: audio, transcript; flags, groups, answers if you like; parted by tabs"
_ANSWER = re.compile(r"(?P<question>[\w.]+)=(?P<value>\w+)@(?P<start>[\d.]+)-(?P<end>[\d.]+)")


@dataclass(frozen=True, slots=True)
class Answered:
    """A closed answer within a recording: what was meant at which question (`script.node`), and when."""

    question: str
    value: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Row:
    """One recording.

    Attributes:
        where: FILE:LINE.
        flags: ids of the rules that it should raise.
        groups: parts of the table that it belongs to.
        answers: the closed answers in it; what is said elsewhere is free speech.
    """

    where: str
    audio: Path
    transcript: str
    flags: frozenset[str] = frozenset()
    groups: tuple[str, ...] = ()
    answers: tuple[Answered, ...] = ()


def read(path: Path, rules: Collection[str]) -> tuple[list[Row], bool]:
    """(rows, whether the table has flags); audio paths are relative to it. `rules`: ids that flags may name.

    Raises:
        InputError: unreadable, no rows, or a row that cannot be measured; with file:line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the table cannot be read: {error}", where=str(path)) from error
    order = _order(lines[0]) if lines else None
    known = order if order is not None else dict(zip(COLUMNS, range(len(COLUMNS)), strict=True))
    rows = [
        _row(path, number, cells, rules) for number, cells in _cells(lines, known, skipped=order is not None)
    ]
    if not rows:
        raise InputError("the table has no rows", where=str(path), remedy=_REMEDY)
    has_flags = FLAGS in order if order is not None else any(row.flags for row in rows)
    return rows, has_flags


def _order(line: str) -> dict[str, int] | None:
    """Where each column stands, if the line names them."""
    names = [ALSO.get(name, name) for name in (cell.strip().lower() for cell in line.split("\t"))]
    named = {column: names.index(column) for column in COLUMNS if column in names}
    return named if AUDIO in named and TRANSCRIPT in named else None


def _cells(lines: list[str], order: dict[str, int], *, skipped: bool) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(lines, start=1):
        if line.strip() and not (skipped and number == 1):
            cells = [cell.strip() for cell in line.split("\t")]
            yield number, {name: cells[at] if at < len(cells) else "" for name, at in order.items()}


def _row(path: Path, number: int, cells: dict[str, str], rules: Collection[str]) -> Row:
    where = f"{path}:{number}"
    if not cells[AUDIO] or not characters(cells[TRANSCRIPT]):
        raise InputError("a row needs a file and a transcript", where=where, remedy=_REMEDY)
    audio = path.parent / cells[AUDIO]
    _check_sound(audio, cells[AUDIO], where)
    flags = frozenset(cells.get(FLAGS, "").replace(",", " ").split()) - frozenset(_NOTHING)
    if unknown := sorted(flags - set(rules)):
        what = f"{FLAGS}: there is no rule {unknown[0]!r}"
        raise InputError(what, where=where, remedy="one of " + ", ".join(sorted(rules)))
    answers = tuple(_answered(text, where) for text in cells.get(ANSWERS, "").split() if text != "-")
    return Row(where, audio, cells[TRANSCRIPT], flags, tuple(cells.get(GROUPS, "").split()), answers)


def _check_sound(path: Path, name: str, where: str) -> None:
    """What `huifang.answers.sound` cannot read is told before hours have passed."""
    if not path.is_file():
        raise InputError(f"there is no audio {name}", where=where)
    try:
        with wave.open(str(path), "rb") as stream:
            bits, frames = 8 * stream.getsampwidth(), stream.getnframes()
    except (wave.Error, EOFError, OSError) as error:
        raise InputError(f"{name} is no readable WAV file: {error}", where=where) from error
    if bits != 16 or frames == 0:
        what = f"{name} has {bits} bit, not 16" if bits != 16 else f"{name} holds no sound"
        raise InputError(what, where=where)


def _answered(text: str, where: str) -> Answered:
    match = _ANSWER.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        found = Answered(match["question"], match["value"], float(match["start"]), float(match["end"]))
    except ValueError as error:
        what = f"{ANSWERS}: {text!r} is no answer"
        raise InputError(what, where=where, remedy="SCRIPT.NODE=VALUE@SECONDS-SECONDS") from error
    if found.end_s <= found.start_s:
        raise InputError(f"{ANSWERS}: {text!r} ends before it begins", where=where)
    return found
