"""Calls against SIPp: processor time, RTP loss, gaps in prompts, set-ups per second, the ring limit's error.

    .venv/bin/python bench/calls.py --channels 100 --seconds 30

Progress goes to stderr; the last line of stdout is one JSON object. docs/performance.md says what each means.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
import yaml
from rich.console import Console

# As a script, bench/transcribe.py would hide the package of that name.
sys.path.insert(0, str(Path(__file__).parents[1]))
from base import log
from base.audio import RATE, Samples, read_wav
from base.errors import InputError, LineError, StoreError
from bench import alaw
from bench.far_ends import ROOT, Sound, answering, reference
from bench.measuring import Meter, memory_mb, quantile
from bench.recognising import answer_cpu_ms
from bench.ringing import ring_errors_ms
from bench.setups import bench_trunk, commits_per_s, set_up
from bench.talking import Call, talking
from bench.transcribing import give_speech, transcribing
from dialer.line.workers import WorkerPool
from huifang.settings import FILE
from huifang.site import lay_out, open_site

PAUSE_S = 1.2
SETTLE_S = 2.0
"""Between the last answer and the first measurement."""

SPARE = 4
"""Lines more than calls: some come free late."""

people = Console(stderr=True)


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    channels: int
    seconds: float
    ring_s: float
    listened: int
    set_ups: int
    calls_per_worker: int
    database: str
    transcribe: bool

    @property
    def workers(self) -> int:
        """Line workers that carry the channels."""
        return -(-(self.channels + SPARE) // self.calls_per_worker)


@dataclass(frozen=True)
class Stage:
    """What every measurement needs."""

    size: Size
    folder: Path
    pool: WorkerPool
    sound: Sound
    port: int
    prompts: Sequence[Path]
    speech: Samples

    def ours(self) -> tuple[int, ...]:
        """Our processes: the dialer (which this process plays) and its line workers."""
        return (os.getpid(), *self.pool.pids)


def speech_of(prompts: Sequence[Path]) -> Samples:
    """What customers say in these measurements: sentences with pauses between them."""
    pause = np.zeros(int(PAUSE_S * RATE), np.int16)
    return np.concatenate([part for path in prompts for part in (read_wav(path), pause)])


async def measure(size: Size) -> dict[str, Any]:
    """All measurements, one after the other."""
    prompts = sorted((ROOT / "prompts").glob("*.wav"))
    speech = speech_of(prompts[:: max(1, len(prompts) // 40)])
    with tempfile.TemporaryDirectory(prefix="huifang-bench-") as name:
        folder = Path(name)
        (folder / "speech.alaw").write_bytes(alaw.encode(speech))
        people.print(f"SIPp against SIPp, {size.channels} calls")
        found = {"sipp_cpu_ms_per_call_s": await reference(folder, size.channels, size.seconds / 3)}
        if size.transcribe:
            found["answer_cpu_ms"] = await answer_cpu_ms(speech)
        async with (
            Sound.open(folder / "speech.alaw", size.channels) as sound,
            answering(folder, sound.ports) as far_end,
            await WorkerPool.start(
                workers=size.workers,
                calls_per_worker=size.calls_per_worker,
                trunks=[bench_trunk(far_end.port, size.channels).account()],
            ) as pool,
        ):
            stage = Stage(size, folder, pool, sound, far_end.port, prompts, speech)
            for part in (set_ups, talk, ring):
                found |= await part(stage)
                shutil.rmtree(folder / "calls", ignore_errors=True)
    return {"channels": size.channels, **found}


async def set_ups(stage: Stage) -> dict[str, float]:
    """Set-ups per second with the ledger committed, half the channels talking and recorded."""
    size, data = stage.size, stage.folder / "data"
    lay_out(data)
    if size.database:
        (data / "config" / FILE).write_text(yaml.safe_dump({"database": size.database}))
    up = size.channels // 2
    async with open_site(data, create=True) as site:
        log.configure(level="error")
        commits = await commits_per_s(site.database, site.now())
        people.print(f"{commits:.0f} raw commits a second; {size.set_ups} set-ups with {up} calls up")
        lasts = size.set_ups / 10 + 30
        async with talking(stage.pool, stage.port, stage.folder / "calls", up, stage.prompts, lasts):
            meter = Meter.on(*stage.ours())
            filed = await set_up(
                site.database, stage.pool, stage.port, size.channels - up, size.set_ups, data
            )
            share = meter.share()
    people.print(f"{filed.per_second:.1f} a second, {filed.how}")
    return {
        "setups_per_s": filed.per_second,
        "commits_per_s": commits,
        "setups_with_calls_up": up,
        "setups_cores": share,
        "setups_completed": filed.how.get("completed", 0),
    }


async def talk(stage: Stage) -> dict[str, float]:
    """Recorded two-way calls with prompts; first heard by recorders only, then some listened to as well."""
    size = stage.size
    lasts = 2 * size.seconds + size.channels / 10 + 40
    people.print(f"{size.channels} calls, both sides recorded")
    async with talking(
        stage.pool, stage.port, stage.folder / "calls", size.channels, stage.prompts, lasts
    ) as calls:
        plain, _ = await _window(stage)
        people.print(f"{plain:.2f} ms a call and second; now {size.listened} listened to")
        for call in calls[:: size.channels // size.listened][: size.listened]:
            call.listen()
        async with _transcription(stage) as behind:
            heard, arrived = await _window(stage)
            transcription = behind.share()
        memory = {
            f"{kind.lower()}_mb_per_channel": memory_mb(stage.ours(), kind) / size.channels
            for kind in ("Rss", "Pss")
        }
    people.print(f"{heard:.2f} ms a call and second; longest gap {arrived['gap_max_ms']:.0f} ms")
    return {
        "cpu_ms_per_call_s": heard,
        "cpu_ms_per_call_s_no_tap": plain,
        "cpu_ms_per_listened_call_s": plain + (heard - plain) * size.channels / size.listened,
        "listened": size.listened,
        "transcription_cores": transcription,
        **memory,
        **_rtp(calls, arrived),
        "tracks_whole": sum(call.whole for call in calls),
    }


@asynccontextmanager
async def _transcription(stage: Stage) -> AsyncIterator[Meter]:
    """A worker that transcribes, where that is asked for, and what it uses."""
    if not stage.size.transcribe:
        yield Meter.on()
        return
    give_speech(stage.folder / "data", stage.speech)
    async with transcribing(stage.folder / "data") as pid:
        yield Meter.on(pid)


async def _window(stage: Stage) -> tuple[float, dict[str, float]]:
    """What we use for some seconds, ms a call and second, and what arrives at the far end meanwhile."""
    await asyncio.sleep(SETTLE_S)
    await stage.sound.arrived()
    meter = Meter.on(*stage.ours())
    await asyncio.sleep(stage.size.seconds)
    return meter.share() / stage.size.channels * 1000, await stage.sound.arrived()


def _rtp(calls: Sequence[Call], arrived: dict[str, float]) -> dict[str, float]:
    """Loss both ways, and the gaps in what the far end heard."""
    ends = [call.ended for call in calls if call.ended is not None]
    inward = sum(end.rx_lost for end in ends), sum(end.rx_packets for end in ends)
    lost, came = arrived["lost"] + inward[0], arrived["received"] + inward[1]
    return {
        "rtp_loss": lost / max(1, lost + came),
        "rtp_lost_out": arrived["lost"],
        "rtp_lost_in": inward[0],
        "rtp_packets": lost + came,
        "prompt_gap_p99_ms": arrived["gap_p99_ms"],
        "prompt_gap_max_ms": arrived["gap_max_ms"],
    }


async def ring(stage: Stage) -> dict[str, float]:
    """The ring limit's error at the far end, all channels ringing."""
    size = stage.size
    people.print(f"{size.channels} phones ringing for {size.ring_s:g} s")
    errors = await ring_errors_ms(stage.pool, stage.folder, size.channels, size.ring_s)
    return {
        "ring_error_min_ms": min(errors),
        "ring_error_p50_ms": quantile(errors, 0.5),
        "ring_error_p99_ms": quantile(errors, 0.99),
        "ring_calls": len(errors),
    }


def main(
    channels: Annotated[int, typer.Option(min=2, help="Calls at once.")] = 100,
    seconds: Annotated[float, typer.Option(min=1, help="How long each state is measured.")] = 30.0,
    ring_seconds: Annotated[float, typer.Option(min=1, help="The ring limit (D1 asks for 30).")] = 30.0,
    listened: Annotated[int, typer.Option(min=0, help="Calls listened to; 0: a fifth.")] = 0,
    set_ups: Annotated[int, typer.Option(min=0, help="Calls set up; 0: 40 for each second.")] = 0,
    calls_per_worker: Annotated[int, typer.Option(min=1, help="More than 4 needs another PJSIP.")] = 4,
    database: Annotated[str, typer.Option(help="URL of an empty PostgreSQL database; else SQLite.")] = "",
    transcribe: Annotated[bool, typer.Option(help="Transcribe behind the calls.")] = True,
    quick: Annotated[bool, typer.Option(help="A few calls and seconds: whether it works at all.")] = False,
) -> None:
    """Measure calls against SIPp; progress on stderr, one JSON object as the last line.

    Example: bench/calls.py --channels 100 --seconds 30
    """
    log.configure(level="error")
    if quick:
        channels, seconds, ring_seconds, set_ups, transcribe = 4, 2.0, 2.0, 12, False
    size = Size(
        channels,
        seconds,
        ring_seconds,
        min(channels, listened or max(1, channels // 5)),
        set_ups or int(40 * seconds),
        calls_per_worker,
        database,
        transcribe,
    )
    try:
        found = asyncio.run(measure(size))
    except (InputError, LineError, StoreError) as error:
        people.print(str(error))
        raise typer.Exit(2) from None
    print(json.dumps({key: round(value, 4) for key, value in found.items()}))


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
