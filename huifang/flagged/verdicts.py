"""Reviewers' verdicts on flags, from a TSV file, and the weights that follow from them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from base.errors import InputError
from base.files import write_atomically
from records import flags as records
from records import verdicts as console
from records.database import Database
from transcribe.fitting import Judged, fitted, loss, precision
from transcribe.weighing import FEATURES, Weights

FLAG, VERDICT = "flag", "verdict"
_TRUE, _FALSE = ("true", "yes", "1", "是", "对", "属实"), ("false", "no", "0", "否", "错", "不属实")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights before and after. `left_out`: verdicts on flags that no model weighed."""

    before: Weights
    after: Weights
    verdicts: int
    positives: int
    left_out: int
    loss_before: float
    loss_after: float
    tiers_before: Mapping[str, tuple[int, int]]
    tiers_after: Mapping[str, tuple[int, int]]


async def gathered(path: Path | None, db: Database) -> tuple[list[Judged], int]:
    """Features and verdicts, and how many are of flags that no model weighed: of a file, else of the console.

    Raises:
        InputError: with the line of the file that cannot be used.
    """
    if path is not None:
        return await read(path, db)
    told, left_out = await console.judged(db)
    judged: list[Judged] = [*told]
    return judged, left_out


async def read(path: Path, db: Database) -> tuple[list[Judged], int]:
    """Features and verdicts of a file, and how many are of flags that no model weighed.

    Columns: `verdict`, and `flag` (an id) or every feature by its name.

    Raises:
        InputError: with the line that cannot be used.
    """
    rows = _rows(path)
    verdicts = [_verdict(row, f"{path}:{line}") for line, row in rows]
    if rows and FLAG not in rows[0][1]:
        told: list[Judged] = [
            (_features(row, f"{path}:{line}"), verdict)
            for (line, row), verdict in zip(rows, verdicts, strict=True)
        ]
        return told, 0
    ids = [_id(row, f"{path}:{line}") for line, row in rows]
    known = await records.features_of(db, ids)
    for (line, _), flag_id in zip(rows, ids, strict=True):
        if flag_id not in known:
            remedy = "`huifang flags list` shows their ids"
            raise InputError(f"there is no flag {flag_id}", where=f"{path}:{line}", remedy=remedy)
    judged: list[Judged] = [
        (known[one], verdict) for one, verdict in zip(ids, verdicts, strict=True) if known[one]
    ]
    return judged, len(ids) - len(judged)


def calibrated(judged: Sequence[Judged], left_out: int, before: Weights, version: str) -> Calibration:
    """What the verdicts make of the weights."""
    after = fitted(judged, before, version, f"{len(judged)} verdicts of reviewers")
    return Calibration(
        before=before,
        after=after,
        verdicts=len(judged),
        positives=after.positives,
        left_out=left_out,
        loss_before=loss(judged, before),
        loss_after=loss(judged, after),
        tiers_before=precision(judged, before),
        tiers_after=precision(judged, after),
    )


def keep(directory: Path, before: Weights, after: Weights) -> Path:
    """Put weights in force; those before stay beside them under their version. Gives where they lie."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{after.model_sha256[:12]}.json"
    old = path.with_name(f"{path.stem}-{before.version}.json")
    write_atomically(old, before.model_dump_json(indent=1).encode())
    write_atomically(path, after.model_dump_json(indent=1).encode())
    return path


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", where=str(path), remedy="save it as UTF-8") from error
    reader = csv.DictReader(text.splitlines(), delimiter="\t")
    columns = set(reader.fieldnames or ())
    if VERDICT not in columns or not (FLAG in columns or columns.issuperset(FEATURES)):
        what = f"needs the columns {VERDICT} and {FLAG}"
        raise InputError(what, where=f"{path}:1", remedy="part columns by tabs")
    return [(line, row) for line, row in enumerate(reader, start=2) if any(row.values())]


def _verdict(row: Mapping[str, str | None], where: str) -> bool:
    word = (row[VERDICT] or "").strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise InputError(f"{word!r} is no verdict", where=where, remedy="write 是 or 否, true or false")


def _id(row: Mapping[str, str | None], where: str) -> int:
    word = (row[FLAG] or "").strip()
    if not word.isdecimal():
        raise InputError(f"{word!r} is no id of a flag", where=where)
    return int(word)


def _features(row: Mapping[str, str | None], where: str) -> dict[str, float]:
    try:
        return {name: float(row[name] or "") for name in FEATURES}
    except ValueError as error:
        raise InputError("a feature is no number", where=where) from error
