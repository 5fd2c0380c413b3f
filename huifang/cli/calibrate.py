"""`huifang calibrate`: weights of flags from reviewers' verdicts."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from base.errors import InputError
from huifang import assemble
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from huifang.flagged import verdicts
from huifang.flagged.verdicts import Calibration
from huifang.site import open_site
from transcribe import engines
from transcribe.fitting import ENOUGH
from transcribe.weighing import Weights, weights_of
from transcribe.worker import WEIGHTS

File = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE.tsv]",
        help="Columns flag (its id) and verdict; without it the verdicts given in the console.",
        show_default=False,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show before and after, keep nothing.")]
TIERS = ("certain", "probable", "faint", "")


def calibrate(
    path: File = None, dry_run: DryRun = False, data: Data = DEFAULT_DATA, json: AsJson = False
) -> None:
    """Fit the weights of flags to reviewers' verdicts, and show what that changes.

    With 50 confirmed flags and more all weights are fitted, with fewer the threshold only. The weights before
    stay beside the new ones.

    Example: huifang calibrate --dry-run
    """
    found, placed = asyncio.run(_calibrated(data, path, dry_run))
    if json:
        as_json({**asdict(found), "before": dict(found.before), "after": dict(found.after), "kept": placed})
        return
    rows = ((tier or "none", *_cells(found, tier)) for tier in TIERS)
    as_table(f"{found.before.version} -> {found.after.version}", ("tier", "true before", "true after"), rows)
    fitted = "all weights" if found.positives >= ENOUGH else "the threshold only"
    say(
        f"{found.verdicts} verdicts, {found.positives} confirmed: {fitted}; surprise a flag"
        f" {found.loss_before:.3f} -> {found.loss_after:.3f}"
    )
    if found.left_out:
        say(f"{found.left_out} verdicts left out: no model had weighed those flags")
    say(f"kept: {placed}" if placed else "nothing was kept")


async def _calibrated(data: Path, path: Path | None, dry_run: bool) -> tuple[Calibration, Path | None]:
    async with open_site(data) as site:
        model = await asyncio.to_thread(assemble.model_of, site.settings, site.settings.speech.path)
        sha256 = await asyncio.to_thread(engines.sha256_of, model)
        before = weights_of(sha256, site.data / WEIGHTS) or Weights.neutral(sha256)
        judged, left_out = await verdicts.gathered(path, site.database)
        if not judged:
            remedy = "flags that a model has weighed are needed: see docs/flags.md"
            raise InputError("holds no verdict that can be used", where=str(path or data), remedy=remedy)
        version = f"{site.now():%Y%m%d-%H%M%S}"
        found = verdicts.calibrated(judged, left_out, before, version)
        kept = None if dry_run else verdicts.keep(site.data / WEIGHTS, before, found.after)
        return found, kept


def _cells(found: Calibration, tier: str) -> tuple[str, str]:
    before, after = found.tiers_before[tier], found.tiers_after[tier]
    return f"{before[0]} of {before[1]}", f"{after[0]} of {after[1]}"
