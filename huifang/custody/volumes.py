"""What goes onto which volume, and what stands in its index (R4, R2). Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from base.spreadsheets import plain

BLOCK = 2048
"""Bytes: a file takes up whole blocks of a disc."""
SIZES = {
    "cd": 700 * 2**20,
    "dvd": 4_700_000_000,
    "dvd9": 8_500_000_000,
    "bd25": 25_000_000_000,
    "bd50": 50_000_000_000,
    "bd100": 100_000_000_000,
}
SPARE = 0.01
"""Part of a volume that is left to the disc's own directory."""
RESERVED = 64 * 1024
"""Bytes for the page and the index files' own blocks."""

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,3})?)([KMGT]?)B?", re.IGNORECASE)

COLUMNS: Mapping[str, str] = {
    "at": "时间",
    "extension": "分机",
    "kind": "类别",
    "id": "编号",
    "customer": "客户",
    "account": "资金账号",
    "phone": "电话",
    "branch": "营业部",
    "manager": "客户经理",
    "campaign": "批次",
    "disposition": "结果",
    "seconds": "秒",
    "files": "文件",
    "sha256": "SHA-256",
}
"""Of index.csv, by the keys of index.json."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is not torn apart: a call with its tracks.

    Attributes:
        entry: its line in the index, without hashes and without what was said, which takes up `said` bytes.
        sizes: bytes of its tracks.
    """

    entry: Mapping[str, Any]
    sizes: tuple[int, ...]
    said: int = 0

    @property
    def cost(self) -> int:
        """Bytes that it takes up at most, its lines in the three indices and among the checksums included."""
        line = len(json.dumps(self.entry, ensure_ascii=False).encode()) + self.said
        sound = sum(-(-size // BLOCK) * BLOCK for size in self.sizes)
        return sound + 3 * line + 512 * (len(self.sizes) + 1)


def size_of(text: str) -> int:
    """Bytes of "4.7G", "700M", "bd25".

    Raises:
        ValueError: no size.
    """
    if text.lower() in SIZES:
        return SIZES[text.lower()]
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no size: write 4.7G, 700M or one of {', '.join(SIZES)}")
    return int(float(found[1]) * _UNITS[found[2].upper()])


def room(size: int) -> int:
    """Bytes of a volume that items may take up."""
    return int(size * (1 - SPARE)) - RESERVED


def packed(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Volumes in the order of the items, each filled before the next begins: a volume is a stretch of time.

    Raises:
        ValueError: an item does not fit into any volume.
    """
    volume: list[Item] = []
    left = room(size)
    for item in items:
        if item.cost > room(size):
            raise ValueError(f"{item.entry['files'][0]} alone takes up {item.cost:,} bytes")
        if item.cost > left:
            yield volume
            volume, left = [], room(size)
        volume.append(item)
        left -= item.cost
    if volume:
        yield volume


def as_csv(entries: Sequence[Mapping[str, Any]]) -> str:
    """The index as a table that spreadsheets open."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS.values())
    for entry in entries:
        writer.writerow([_cell(entry[key]) for key in COLUMNS])
    return "\ufeff" + out.getvalue()


def as_json(entries: Sequence[Mapping[str, Any]]) -> str:
    """The index for machines, one entry a line."""
    return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n]\n"


def _cell(value: object) -> str:
    """A list in one cell; a text that a spreadsheet would take for a formula is made plain."""
    return plain(" ".join(value) if isinstance(value, list) else str(value))
