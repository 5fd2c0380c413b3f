"""Fit a model's weights of flags: `python -m bench.weights TUNED.tsv [--keep]`, on the tuning half only.

The table is one of `bench.speech` (columns audio, transcript, flags). Each recording is transcribed and its
leads are judged on the sound as after a call; a lead is true where its rule is among the recording's flags.
Of a rule that is true only the likeliest lead counts: others of it prove nothing. Prints what the weights are
worth on what they were fitted on; `--keep` puts them into `transcribe/weights`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from base.audio import Samples
from huifang import resources
from huifang.answers import sound
from huifang.assemble import KEYWORDS
from huifang.settings import Speech
from huifang.speech import rows
from records.post_call import Utterance
from transcribe import engines, rules
from transcribe.call import hear_customer
from transcribe.engine import Engine, Scorer
from transcribe.fitting import ENOUGH, Judged, fitted, loss, precision
from transcribe.flagging import evidence
from transcribe.flags import nearest
from transcribe.leads import leads, turns
from transcribe.models import ensure_packaged
from transcribe.rules import Rules
from transcribe.voice import VoiceDetector
from transcribe.weighing import SHIPPED, Weights, weights_of

TIERS = ("certain", "probable", "faint")
"""Where tiers begin is chosen by `huifang eval speech` on the tuning half; new weights keep it."""


def judged(
    samples: Samples, heard: Sequence[Utterance], true: Iterable[str], engine: Scorer, read: Rules
) -> list[Judged]:
    """The leads of one recording with what speaks for them, and whether they are true."""
    wanted, best, found = frozenset(true), dict[str, dict[str, float]](), list[Judged]()
    for said in turns(heard, ()):
        proposed = nearest(leads(said, read, generous=True))
        for lead, features in zip(proposed, evidence(samples, said, proposed, engine), strict=True):
            if features is None:
                continue
            if lead.rule.id not in wanted:
                found.append((features, False))
            elif lead.rule.id not in best or _likelier(features, best[lead.rule.id]):
                best[lead.rule.id] = features
    return [*found, *((features, True) for features in best.values())]


def _likelier(one: dict[str, float], other: dict[str, float]) -> bool:
    return (one["sound"], -one["distance"]) > (other["sound"], -other["distance"])


def main() -> None:
    """Fit, print, and keep if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    read = rules.load(resources.SHIPPED_CONFIG / KEYWORDS)
    engine = engines.load(ensure_packaged(Speech().directory), threads=1)
    assert isinstance(engine, Scorer)
    wanted, _ = rows.read(asked.table, read.by_id)
    found = asyncio.run(_all(wanted, engine, read))
    before = Weights.neutral(engine.model_sha256)
    shipped = weights_of(engine.model_sha256) or before
    version = str(int(shipped.version) + 1)
    after = fitted(found, before, version, f"{len(wanted)} recordings of {asked.table.name}")
    after = after.model_copy(update={name: getattr(shipped, name) for name in TIERS})
    print(after.model_dump_json(indent=1))
    print(f"{len(found)} leads, {after.positives} true; surprise {loss(found, after):.3f}")
    for tier, (true, of) in precision(found, after).items():
        print(f"{tier or 'none'}: {true} of {of} true")
    if after.positives < ENOUGH:
        sys.exit(f"too few: {ENOUGH} true leads are needed")
    if asked.keep:
        SHIPPED.mkdir(exist_ok=True)
        path = SHIPPED / f"{engine.model_sha256[:12]}.json"
        path.write_text(after.model_dump_json(indent=1) + "\n", encoding="utf-8")
        print(path)


async def _all(wanted: Sequence[rows.Row], engine: Engine, read: Rules) -> list[Judged]:
    assert isinstance(engine, Scorer)
    voice, found = VoiceDetector(), list[Judged]()
    for n, row in enumerate(wanted, start=1):
        samples = sound.read(row.audio, row.where)
        found += judged(samples, await hear_customer(samples, (), engine, voice), row.flags, engine, read)
        print(f"\r{n} of {len(wanted)}", end="", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    main()
