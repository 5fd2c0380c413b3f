"""Every page of the console over many calls: the server's time, beside the same page of an empty site; and
how long a click waits for its sound.

What the figures are: docs/performance.md.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import httpx
import numpy as np
import typer
import yaml
from rich.console import Console

from base import log
from base.clock import SHANGHAI
from base.errors import InputError, StoreError
from base.keys import Keys
from bench import console_routes, console_sound
from bench.filling import BEGAN, BETWEEN, filled
from bench.measuring import processor_s, quantile, rounded
from bench.wording import Wording
from huifang.custody import sealing
from huifang.settings import FILE
from huifang.site import init, open_site
from qa import reviewing
from qa.guarding import COOKIE
from records import cases, sessions, users
from records.people import Staff
from records.sounds import Sounds
from records.users import Role

SEED = 20260304
NUMBER, TOKEN = "bench", secrets.token_urlsafe()
"""A session of its own for each run."""
HEARD = 60
"""The call with sound."""
people = Console(stderr=True, highlight=False)


async def prepare(data: Path, calls: int, utterances: int) -> float:
    """A site with so many calls, its clock on the last one's day, and one user of all roles signed in.

    Returns:
        Seconds that filling took.
    """
    await init(data)
    _set_clock(data, BEGAN + BETWEEN * max(calls, 1))
    async with open_site(data) as site:
        took = 0.0
        if calls:
            wording = Wording.made(np.random.default_rng(SEED))
            took = await filled(site.database, wording, SEED, utterances, utterances // calls)
        if NUMBER not in {one.number for one in await users.everybody(site.database)}:
            await users.add(site.database, Staff(NUMBER, "王芳", ""), list(Role), "", NUMBER, site.now())
        if calls and await cases.of_call(site.database, HEARD) is None:
            await reviewing.claim(site, HEARD, NUMBER)
        await sessions.begin(site.database, NUMBER, TOKEN, "form", "", site.now())
    return took


def _record(data: Path, keys: Path) -> None:
    """Two tracks of one call, encrypted as a site with a key keeps them."""
    if not keys.exists():
        sealing.make_keys(data, keys)
    tracks = console_sound.make_tracks(data, f"recordings/{HEARD}")
    sounds = Sounds(data, Keys(keys))
    for track in tracks:
        sounds.seal(track)


def _set_clock(data: Path, last: datetime) -> None:
    """Where the calls end, in the afternoon."""
    file = data / "config" / FILE
    settings = yaml.safe_load(file.read_text("utf-8")) or {}
    starts = {
        "business_start": last.replace(hour=16, minute=0).isoformat(),
        "machine_start": datetime.now(tz=SHANGHAI).isoformat(),
    }
    file.write_text(yaml.safe_dump({**settings, "clock": starts}, allow_unicode=True), "utf-8")


@contextmanager
def served(data: Path) -> Iterator[tuple[str, int]]:
    """The address of the site's console, and its process."""
    words = ("serve", "--port", "0", "--until-stdin-closes", "--data", str(data))
    with subprocess.Popen(
        [sys.executable, "-m", "huifang", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip().removeprefix("console: "), process.pid
        process.stdin.close()
        process.wait(30)


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each answer of a route; and of the server's processor for one, on average."""

    took: list[float]
    processor: float


def page_times(address: str, pid: int, rounds: int) -> dict[str, Times]:
    """Every page so many times, after once that does not count.

    Raises:
        InputError: a page answered with an error.
    """
    found = {}
    with httpx.Client(base_url=address, cookies={COOKIE: TOKEN}, timeout=120) as client:
        for route, paths in console_routes.walked().items():
            for path in paths:
                _took(client, path)
            used_s = processor_s([pid])
            took = [_took(client, path) for _ in range(rounds) for path in paths]
            found[route] = Times(took, (processor_s([pid]) - used_s) * 1000 / len(took))
    return found


def _took(client: httpx.Client, path: str) -> float:
    begun = time.perf_counter()
    answer = client.get(path)
    took = (time.perf_counter() - begun) * 1000
    if answer.status_code >= 500 or "/sign-in" in answer.headers.get("location", ""):
        raise InputError(f"answers {answer.status_code}", where=path)
    return took


def measure(folder: Path, calls: int, utterances: int, rounds: int, sounds: int) -> dict[str, Any]:
    """All figures; `sounds`: clicks, 0 for none."""
    full, empty = folder / "full", folder / "empty"
    filled_s = asyncio.run(prepare(full, calls, utterances))
    asyncio.run(prepare(empty, 0, 0))
    _record(full, folder / "keys")
    found: dict[str, Any] = {"calls": calls, "utterances": utterances, "filled_s": filled_s}
    with served(full) as (address, pid), served(empty) as (other, other_pid):
        people.print(f"{len(console_routes.walked())} pages, {rounds} times")
        times, reference = page_times(address, pid, rounds), page_times(other, other_pid, rounds)
        found["page_p95_ms"], found["empty_page_p95_ms"] = _p95(times), _p95(reference)
        found["page_cpu_ms"] = {route: one.processor for route, one in times.items()}
        if sounds:
            people.print(f"{sounds} clicks")
            heard = console_sound.first_sounds(address, TOKEN, HEARD, sounds)
            found["first_sound_ms"] = {"p50": quantile(heard, 0.5), "p95": quantile(heard, 0.95)}
    return {**found, "not_walked": console_routes.not_walked(), "load": os.getloadavg()[0]}


def _p95(times: dict[str, Times]) -> dict[str, float]:
    """The slowest first."""
    found = {route: quantile(one.took, 0.95) for route, one in times.items()}
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def main(
    calls: Annotated[int, typer.Option(min=HEARD, help="How many there are.")] = 100_000,
    utterances: Annotated[int, typer.Option(min=HEARD, help="How many were said in them.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(min=2, help="How often each page is asked for.")] = 20,
    sounds: Annotated[int, typer.Option(min=0, help="How often is clicked for sound.")] = 20,
    keep: Annotated[Path | None, typer.Option(help="Keep the sites here, for another run.")] = None,
) -> None:
    """Measure the console's pages; progress on stderr, one JSON object on stdout.

    Example: bench/console.py --calls 2000 --utterances 20000
    """
    log.configure(level="error")
    try:
        if utterances < calls:
            raise InputError("fewer than calls", where="--utterances", remedy="name ten for a call")
        with TemporaryDirectory() as made:
            found = measure(keep or Path(made), calls, utterances, rounds, sounds)
        print(json.dumps(rounded(found, 1), ensure_ascii=False))
    except (InputError, StoreError) as error:
        people.print(str(error))
        raise typer.Exit(2) from None


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
