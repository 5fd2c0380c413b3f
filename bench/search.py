"""Search against LIKE on the same database, on both engines: how long it takes, and whether the counts agree.

What the figures are: docs/performance.md.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console

from base import log
from base.errors import InputError, StoreError
from bench.filling import filled
from bench.measuring import quantile, rounded
from bench.search_cases import Asked, by_like, cases
from bench.wording import Wording
from records.database import Database
from records.search import Page, search
from tests import postgres

SEED = 20260304
FIRST_PAGE = Page(20)
WARMING = ("two", "sound_alike", "filtered")
QUERIES_TO_WARM = 20
people = Console(stderr=True, highlight=False)


class Engine(StrEnum):
    """Where the texts are kept."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds and hits of one query."""

    ms: float
    hits: int


async def measure(where: str | Path, utterances: int, queries: int) -> dict[str, Any]:
    """Fill the database if it is empty, then ask everything twice over: the index, then LIKE."""
    db = await Database.open(where)
    try:
        wording = Wording.made(np.random.default_rng(SEED))
        filled_s = await filled(db, wording, SEED, utterances)
        await _warm(db, wording, utterances)
        found = {}
        for name, asked in cases(wording, SEED, queries, utterances).items():
            people.print(f"{name}: {len(asked)} queries")
            found[name] = await _case(db, asked)
        return {"utterances": utterances, "filled_s": filled_s, "cases": found}
    finally:
        await db.close()


async def _warm(db: Database, wording: Wording, utterances: int) -> None:
    """Other words are asked for first: a server that people use has its tables in memory."""
    for name in WARMING:
        for one in cases(wording, SEED + 1, QUERIES_TO_WARM, utterances)[name]:
            await _ours(db, one)


async def _case(db: Database, asked: list[Asked]) -> dict[str, float]:
    ours = [await _ours(db, one) for one in asked]
    like = [await _like(db, one) for one in asked]
    hits = [one.hits for one in ours]
    return {
        "p50_ms": quantile([one.ms for one in ours], 0.5),
        "p95_ms": quantile([one.ms for one in ours], 0.95),
        "like_p50_ms": quantile([one.ms for one in like], 0.5),
        "like_p95_ms": quantile([one.ms for one in like], 0.95),
        "mismatches": sum(one.hits != other.hits for one, other in zip(ours, like, strict=True)),
        "queries": len(asked),
        "hits_p50": quantile(hits, 0.5),
        "hits_p95": quantile(hits, 0.95),
    }


async def _ours(db: Database, asked: Asked) -> Took:
    begun = time.perf_counter()
    found = await search(db, asked.query, asked.filters, page=FIRST_PAGE)
    return Took((time.perf_counter() - begun) * 1000, found.total)


async def _like(db: Database, asked: Asked) -> Took:
    begun = time.perf_counter()
    count = await db.read(lambda connection: connection.scalar(by_like(asked)))
    return Took((time.perf_counter() - begun) * 1000, count or 0)


@contextmanager
def _places(engine: Engine, database: str, folder: Path | None) -> Iterator[dict[str, str | Path]]:
    """Where each engine keeps the texts; without a URL a server of our own is run for as long."""
    with TemporaryDirectory() as made:
        places: dict[str, str | Path] = {}
        if engine is not Engine.POSTGRESQL:
            places["sqlite"] = (folder or Path(made)) / "huifang.db"
        if engine is Engine.SQLITE or database:
            yield places | ({"postgresql": database} if database else {})
            return
        programs = postgres.binaries()
        if programs is None:
            raise InputError(postgres.MISSING, remedy="or name a database with --database")
        with postgres.running(programs, postgres.ROOMY) as cluster:
            yield places | {"postgresql": cluster.url(cluster.new())}


def main(
    utterances: Annotated[int, typer.Option(min=100, help="How many are searched.")] = 1_000_000,
    queries: Annotated[int, typer.Option(min=2, help="Queries of each case.")] = 60,
    engine: Annotated[Engine, typer.Option(help="Which one.")] = Engine.BOTH,
    database: Annotated[str, typer.Option(help="URL of a PostgreSQL database; else one of our own.")] = "",
    folder: Annotated[Path | None, typer.Option(help="Keep SQLite's file here, for another run.")] = None,
) -> None:
    """Measure searches; progress on stderr, one JSON object a line for each engine.

    Example: bench/search.py --utterances 20000
    """
    log.configure(level="error")
    try:
        with _places(engine, database, folder) as places:
            for name, where in places.items():
                people.print(f"{name}: {utterances} utterances")
                found = asyncio.run(measure(where, utterances, queries))
                print(
                    json.dumps({"engine": name, **rounded(found, 2), "load": os.getloadavg()[0]}), flush=True
                )
    except (InputError, StoreError) as error:
        people.print(str(error))
        raise typer.Exit(2) from None


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
