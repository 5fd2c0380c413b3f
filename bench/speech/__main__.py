"""Render the corpus of free speech: `python -m bench.speech DIR [HALF]` writes DIR/HALF.tsv, HALF_calls.tsv.

Clips are kept by hash under ~/.cache/huifang/speech (or $XDG_CACHE_HOME): what is there is not rendered
again, and a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from bench.answers.table import VOICES
from bench.speech.rendering import build
from bench.speech.table import Take


def main() -> None:
    """Render into the directory named, with a count on the way, and say what is distinct."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("half", choices=list(VOICES), nargs="?", help="only this one")
    parser.add_argument("--there", action="store_true", help="render nothing, list what is there")
    wanted = parser.parse_args()
    for half in [wanted.half] if wanted.half else VOICES:
        begun = time.process_time()
        takes = build(wanted.directory, half, _progress, there=wanted.there)
        print(f"\n{half}: {len(takes)} recordings in {(time.process_time() - begun) / 3600:.2f} CPU hours")
        _tell(takes)


def _progress(done: int, of: int) -> None:
    print(f"\r{done} of {of}", end="", flush=True)


def _tell(takes: list[Take]) -> None:
    """For each kind: recordings, different sentences, different sentences by a voice."""
    for kind in dict.fromkeys(take.groups[0] for take in takes):
        mine = [take for take in takes if take.groups[0] == kind]
        said = {one.said for take in mine for one in take.sentences}
        spoken = {(one.said, take.voice) for take in mine for one in take.sentences}
        print(f"  {kind}: {len(mine)} recordings of {len(said)} sentences, {len(spoken)} synthesised")


if __name__ == "__main__":
    main()
