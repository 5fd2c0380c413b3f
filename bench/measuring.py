"""What processes used, read from /proc, and quantiles."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

TICKS = os.sysconf("SC_CLK_TCK")


def processor_s(pids: Iterable[int]) -> float:
    """Processor seconds (user and system, all threads) that the processes have used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def memory_mb(pids: Iterable[int], kind: str = "Rss") -> float:
    """Resident megabytes of the processes; kind `Pss` counts what they share once."""
    kilobytes = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{kind}:"):
                kilobytes += int(line.split()[1])
    return kilobytes * 1024 / 1e6


@dataclass(frozen=True, slots=True)
class Meter:
    """Processor time of some processes from now on."""

    pids: tuple[int, ...]
    used_s: float
    begun: float

    @classmethod
    def on(cls, *pids: int) -> Meter:
        """Begin to measure."""
        return cls(pids, processor_s(pids), time.monotonic())

    def share(self) -> float:
        """Processor seconds per second since the beginning (1.0: one core)."""
        return (processor_s(self.pids) - self.used_s) / (time.monotonic() - self.begun)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return float(np.quantile(values, share)) if len(values) else float("nan")


def rounded(value: Any, digits: int) -> Any:
    """The same value, figures within dictionaries rounded."""
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    return round(value, digits) if isinstance(value, float) else value
