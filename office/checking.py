"""Evidence packages read again: whether all is as it was handed out, the audit trail's extract among it."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from base.errors import InputError
from papers.evidence import SUMS

_CHUNK = 2**20
_SUM = re.compile(r"([0-9a-f]{64})  (\S.*)")


@dataclass(frozen=True, slots=True)
class Checked:
    """How many files are as written, and what is wrong. `sha256`: of the list of checksums."""

    files: int
    rows: int
    wrong: tuple[str, ...]
    sha256: str


def check(file: Path) -> Checked:
    """Read all of a package.

    Raises:
        InputError: it is none.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _checked(archive)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        remedy = "name a file that `huifang evidence create` or the console made"
        raise InputError("is no evidence package", where=str(file), remedy=remedy) from error


def _checked(archive: zipfile.ZipFile) -> Checked:
    listed = archive.read(SUMS)
    sums = {found[2]: found[1] for found in map(_SUM.fullmatch, listed.decode().splitlines()) if found}
    there = set(archive.namelist()) - {SUMS}
    wrong = [f"{name}: is not listed" for name in sorted(there - set(sums))]
    wrong += [f"{name}: is missing" for name in sorted(set(sums) - there)]
    both = sorted(set(sums) & there)
    wrong += [f"{name}: was changed" for name in both if _sha256(archive, name) != sums[name]]
    rows = [name for name in both if re.fullmatch(r"audit/\d{8,}\.json", name)]
    if rows:
        wrong += _breaks(archive, rows, sums)
    return Checked(len(both), len(rows), tuple(wrong), hashlib.sha256(listed).hexdigest())


def _breaks(archive: zipfile.ZipFile, rows: list[str], sums: dict[str, str]) -> Iterator[str]:
    """Rows whose hash, or whose predecessor's, is not the chain's."""
    lines = archive.read("audit/chain.txt").decode().splitlines()
    hashes = {int(n): sha256 for n, sha256 in (line.split() for line in lines)}
    for name in rows:
        said = json.loads(archive.read(name))
        n, before = int(said[0]), said[-1]
        if hashes.get(n) != sums[name] or hashes.get(n - 1, before) != before:
            yield f"{name}: does not fit into the chain"


def _sha256(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()
