"""`huifang eval speech`: how well free speech is transcribed and flagged, measured on recordings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from base.clock import SHANGHAI
from base.errors import InputError
from base.exact import Interval
from huifang import resources, settings
from huifang.assemble import KEYWORDS, live_ear, model_of
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, progress_bar, say
from huifang.speech import pseudo, rows
from huifang.speech.figures import Figures, Trial, figures
from huifang.speech.hearing import Bench, frozen, heard
from ivr.loader import load
from ivr.script import Script
from transcribe import engines
from transcribe import rules as keyword_rules
from transcribe.rules import Rules
from transcribe.voice import VoiceDetector

SAID_AT = datetime(2026, 11, 25, 10, 7, tzinfo=SHANGHAI)
"""When closed answers were said: no rule depends on it."""
THREADS = 2

Table = Annotated[
    Path,
    typer.Argument(
        metavar="FILE.tsv",
        help="Columns audio, transcript; flags, groups, answers if you like.",
        show_default=False,
    ),
]
Telephone = Annotated[bool, typer.Option(help="Recordings go through the telephone's band and µ-law first.")]
Only = Annotated[str, typer.Option(metavar="GROUP", help="Only the rows of this group.")]


@dataclass(frozen=True, slots=True)
class _Task:
    """What is measured: `names` is empty unless the keywords were made of the transcripts."""

    rows: Sequence[rows.Row]
    rules: Rules
    names: Mapping[str, str]
    scripts: Mapping[str, Script]
    telephone: bool


@dataclass(frozen=True, slots=True)
class _Measured:
    """What is told: the figures, and what they were made with."""

    found: Figures
    keywords: int
    thresholds: str


def speech(
    table: Table,
    only: Only = "",
    telephone: Telephone = False,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Transcribe and flag recordings, and hold both against what was said and what should be found.

    Without a flags column the keywords are made of the transcripts.

    Example: huifang eval speech corpus/held_out.tsv --only clean --json
    """
    rules = keyword_rules.load(_rules(data))
    wanted, has_flags = rows.read(table, rules.by_id)
    wanted = [row for row in wanted if not only or only in row.groups]
    if not wanted:
        raise InputError(f"no row belongs to the group {only!r}", where=str(table))
    made = None if has_flags else pseudo.of(row.transcript for row in wanted)
    used, names = (made.rules, made.names) if made else (rules, {})
    task = _Task(wanted, used, names, _scripts(data, wanted), telephone)
    measured = asyncio.run(_measure(data, task))
    if json:
        as_json(asdict(measured.found) | {"keywords": measured.keywords, "thresholds": measured.thresholds})
    else:
        _show(measured)


async def _measure(data: Path, task: _Task) -> _Measured:
    site = settings.load(data)
    keywords = bool(task.names)
    done: list[Trial] = []
    async with AsyncExitStack() as stack:
        ear = await stack.enter_async_context(live_ear(site)) if task.scripts else None
        path = model_of(site, site.speech.path)
        engine = await asyncio.to_thread(engines.load, path, THREADS)
        bench = Bench(
            engine, VoiceDetector(), task.rules, ear, task.scripts, SAID_AT, keywords, task.telephone
        )
        with progress_bar("listening") as progress:
            for row in task.rows:
                done.append(await heard(row, bench))
                progress(len(done), len(task.rows))
    found = figures(done, task.names, keywords=keywords)
    return _Measured(found, len(task.names), frozen(task.rules, engine.model_sha256))


def _rules(data: Path) -> Path:
    path = resources.find(data, KEYWORDS)
    if path is None:
        raise InputError("is missing", where=str(data / "config" / KEYWORDS))
    return path


def _scripts(data: Path, wanted: Sequence[rows.Row]) -> dict[str, Script]:
    """The scripts that closed answers name; a row with a question that is none ends it here."""
    scripts: dict[str, Script] = {}
    for row in wanted:
        for one in row.answers:
            name, _, node = one.question.partition(".")
            if name not in scripts:
                scripts[name] = load(resources.named(data, "scripts", name))
            if node not in scripts[name].nodes:
                raise InputError(f"{name} has no question {node!r}", where=row.where)
    return scripts


def _show(measured: _Measured) -> None:
    """A row for each condition, rule and tier, then the whole."""
    found = measured.found
    columns = ("condition", "n", "hours", "CER", "recall", "false alarms an hour", "flagged")
    conditions = [
        (name, part.n, f"{part.hours:.2f}", _share(part.cer, part.cer_interval),
         _share(part.flag_recall, part.flag_recall_interval),
         _rate(part.false_alarms_per_hour, part.false_alarms_interval),
         _share(part.flagged, part.flagged_interval))
        for name, part in found.by_condition.items()
    ]  # fmt: skip
    if conditions:
        as_table("Conditions", columns, conditions)
    by_rule = [
        (name, one.expected, _share(one.flag_recall, one.flag_recall_interval), one.false_alarms,
         _rate(one.false_alarms_per_hour, one.false_alarms_interval))
        for name, one in found.by_rule.items()
    ]  # fmt: skip
    if by_rule:
        as_table("Rules", ("rule", "expected", "recall", "false alarms", "an hour"), by_rule)
        tiers = [(tier, one.expected, one.not_expected) for tier, one in found.by_tier.items()]
        as_table("Tiers", ("tier", "expected", "false alarms"), tiers)
    for line in _totals(measured):
        say(line)


def _totals(measured: _Measured) -> tuple[str, ...]:
    found = measured.found
    made = f"; {measured.keywords} keywords made of the transcripts" if measured.keywords else ""
    return (
        f"CER {_share(found.cer, found.cer_interval)} of {found.n} recordings{made}",
        f"recall {_share(found.flag_recall, found.flag_recall_interval)}, false alarms an hour"
        f" {_rate(found.false_alarms_per_hour, found.false_alarms_interval)} in {found.hours:.2f} h",
        f"thresholds {measured.thresholds[:16]}",
    )


def _share(value: float | None, interval: Interval | None) -> str:
    if value is None or interval is None:
        return "-"
    return f"{value:.1%} ({interval[0]:.1%} to {interval[1]:.1%})"


def _rate(value: float | None, interval: Interval | None) -> str:
    if value is None or interval is None:
        return "-"
    return f"{value:.2f} ({interval[0]:.2f} to {interval[1]:.2f})"
