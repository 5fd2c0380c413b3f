"""The simulated customers of a demonstration: `huifang phone` in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from base.errors import HuifangError

STARTING_S = 180.0
STOPPING_S = 10.0


@dataclass(frozen=True, slots=True)
class Phones:
    """Where they can be called."""

    host: str
    port: int


@asynccontextmanager
async def phones(
    personas: Sequence[Path], *, port: int, log: Path, more: Sequence[str] = ()
) -> AsyncIterator[Phones]:
    """Run the phones for as long as the context lasts; they end with this process, however it ends.

    Args:
        personas: files of simulated customers.
        more: further options of `huifang phone`.

    Raises:
        HuifangError: they did not come up.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "huifang", "phone", "--port", str(port), "--log", str(log)),
        *(option for path in personas for option in ("--personas", str(path))),
        *("--until-stdin-closes", "--json", *more),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # a Ctrl-C at the terminal is for the dialer, which hangs up first
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield await _ready(process.stdout)
    finally:
        process.stdin.close()
        await end(process)


async def _ready(stdout: asyncio.StreamReader) -> Phones:
    try:
        async with asyncio.timeout(STARTING_S):
            line = await stdout.readline()
    except TimeoutError as error:
        raise HuifangError("the simulated phones did not come up in time") from error
    if not line:
        raise HuifangError("the simulated phones did not come up")
    told = json.loads(line)
    return Phones(told["host"], told["port"])


async def end(process: asyncio.subprocess.Process) -> None:
    """Wait for a process that was asked to end; end it if it doesn't."""
    try:
        async with asyncio.timeout(STOPPING_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
