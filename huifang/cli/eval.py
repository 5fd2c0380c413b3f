"""`huifang eval`: how well answers and free speech are understood, measured on recordings."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from base.clock import SHANGHAI
from base.errors import InputError
from huifang import resources, settings
from huifang.answers import rows, sound
from huifang.answers.figures import Figures, Part, Trial, confusions, figures
from huifang.answers.trial import accepted, expected
from huifang.assemble import live_ear
from huifang.cli.eval_speech import Only, speech
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, progress_bar, say
from ivr.hearing import Ear
from ivr.loader import load
from ivr.script import Script

app = typer.Typer(help="Measure how speech is understood, on recordings of it.", no_args_is_help=True)
app.command()(speech)

MOST_CONFUSIONS = 20
NOW = "2026-11-25T10:07"

Table = Annotated[
    Path,
    typer.Argument(
        metavar="FILE.tsv", help="Columns audio, question, expected; groups if you like.", show_default=False
    ),
]
Now = Annotated[str, typer.Option(help="When the utterances were said, for 明天 and 下周一.")]


@app.command()
def answers(
    table: Table, only: Only = "", now: Now = NOW, data: Data = DEFAULT_DATA, json: AsJson = False
) -> None:
    """Recognise recorded answers and hold them against what was expected: the very path of a call.

    `question` is SCRIPT.NODE (or a node's name that is unique); `expected` an option's name, label or key
    (several joined by commas), a value (digits, 2026-11-26, 2026-11-26T15:30), the name of a way out
    (refuse), or - where nothing may be accepted.

    Example: huifang eval answers answers.tsv --only clean --json
    """
    moment = _moment(now)
    every = rows.read(table, _scripts(data), moment)
    trials = [row for row in every if not only or only in row.groups]
    if not trials:
        raise InputError(f"no row belongs to the group {only!r}", where=str(table))
    with progress_bar("recognising") as progress:
        done = asyncio.run(_run(data, trials, moment, progress))
    if json:
        as_json(asdict(figures(done)))
    else:
        _show(done)


async def _run(
    data: Path, trials: Sequence[rows.Row], now: datetime, progress: Callable[[int, int], None]
) -> list[Trial]:
    """Every trial, one after the other: latencies are those of an idle recogniser."""
    done = []
    async with live_ear(settings.load(data)) as ear:
        for row in trials:
            done.append(await _tried(row, ear, now))
            progress(len(done), len(trials))
    return done


async def _tried(row: rows.Row, ear: Ear, now: datetime) -> Trial:
    pcm = sound.read(row.audio, row.where).tobytes()
    phrases = expected(row.script, row.node, now)
    begun = time.perf_counter()
    heard = await ear.hear(pcm, phrases)
    meant = accepted(row.script, row.node, heard, now)
    return Trial(row, heard.text, meant, time.perf_counter() - begun)


def _scripts(data: Path) -> dict[str, Script]:
    return {name: load(resources.named(data, "scripts", name)) for name in resources.names(data, "scripts")}


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no time", where="--now", remedy=f"write it as {NOW}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _show(trials: Sequence[Trial]) -> None:
    """A row for each kind of question and group, the totals, and what was taken for what."""
    found = figures(trials)
    columns = ("part", "n", "right", "asked again", "wrong")
    named = found.by_kind | found.by_group
    kinds = [(name, *_cells(part)) for name, part in named.items()]
    out = ("out of set", found.out_of_set.n, "", "", _percent(found.out_of_set.wrong_accepted))
    as_table("Answers", columns, [*kinds, ("all in set", *_cells(found.in_set)), out])
    if wrong := confusions(trials):
        as_table("Wrongly accepted", ("question", "expected", "taken for", "n"), wrong[:MOST_CONFUSIONS])
    say(_totals(found))


def _totals(found: Figures) -> str:
    return (
        f"right or asked again {_percent(found.right_or_reasked)}, wrongly accepted"
        f" {_percent(found.wrong_accepted)} of all, poles flipped {found.pole_flips} of {found.pole_trials},"
        f" latency p50 {found.latency_p50_s} s, p95 {found.latency_p95_s} s"
    )


def _cells(part: Part) -> tuple[object, ...]:
    return part.n, _percent(part.right), _percent(part.reasked), _percent(part.wrong_accepted)


def _percent(share: float) -> str:
    return f"{share:.1%}"
