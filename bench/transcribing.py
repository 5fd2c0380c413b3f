"""Transcription behind the calls: a real `huifang worker` on recordings that hold speech."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from base.audio import RATE, Samples, write_wav
from bench.far_ends import ROOT
from dialer.recordings import CUSTOMER, FOLDER

JOBS = 40
JOB_S = 20
WARM_S = 6.0
"""The worker loads its model so long."""


def give_speech(data: Path, speech: Samples) -> None:
    """Let the customers of the first calls have spoken."""
    tracks = sorted((data / FOLDER).glob(f"*/*_{CUSTOMER}.wav"))[:JOBS]
    for n, track in enumerate(tracks):
        begin = n * RATE % max(1, len(speech) - JOB_S * RATE)
        write_wav(track, speech[begin : begin + JOB_S * RATE])


@asynccontextmanager
async def transcribing(data: Path) -> AsyncIterator[int]:
    """The worker at work, gives its process id; it is ended with the block, whatever is left to do."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "huifang", "worker", "--data", str(data),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        await asyncio.sleep(WARM_S)
        if process.returncode is not None:
            raise SystemExit("huifang worker ended: is the speech model there (huifang models)?")
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
