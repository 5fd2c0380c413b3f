"""What planning takes: a firm's obligations, a simulated quarter, an import; each in a process of its own.

What the figures are: docs/performance.md.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Annotated

import typer
from rich.console import Console

from base import log
from bench.planning import importing, obligations, simulating

Part = Callable[[int], dict[str, float]]
people = Console(stderr=True, highlight=False)


def measured(part: Part, customers: int) -> dict[str, float]:
    """The part's figures, with the most memory that its process had, in megabytes."""
    figures = part(customers)
    return {**figures, "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)}


def main(
    customers: Annotated[int, typer.Option(min=1000, help="Of the firm.")] = 1_000_000,
    simulated: Annotated[int, typer.Option(min=1000, help="Customers of the simulated quarter.")] = 100_000,
    imported: Annotated[int, typer.Option(min=1000, help="Rows of the import.")] = 1_000_000,
) -> None:
    """Measure planning; progress on stderr, one JSON object on stdout.

    Example: bench/plan.py --customers 100000
    """
    log.configure(level="error")
    parts: dict[str, tuple[Part, int]] = {
        "obligations": (obligations.measure, customers),
        "simulating": (simulating.measure, simulated),
        "importing": (importing.measure, imported),
    }
    found: dict[str, float] = {}
    rss: dict[str, float] = {}
    for name, (part, count) in parts.items():
        people.print(f"{name}: {count} customers")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            figures = process.submit(measured, part, count).result()
        rss[name] = figures.pop("rss_mb")
        found |= figures
    print(json.dumps({**found, "rss_mb": max(rss.values()), "rss_mb_of": rss}))


if __name__ == "__main__":
    typer.run(main)
