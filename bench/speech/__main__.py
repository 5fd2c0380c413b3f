"""Render the corpus of free speech: `python -m bench.speech DIR` writes DIR/tuned.tsv and DIR/held_out.tsv.

Clips are kept by hash under ~/.cache/huifang/speech (or $XDG_CACHE_HOME): what is there is not rendered
again.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from bench.speech.rendering import build
from bench.speech.table import Take


def main() -> None:
    """Render into the directory named, with a count on the way, and say what is distinct."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args().directory
    begun = time.process_time()
    for path, takes, length_s in build(directory, _progress):
        print(f"\n{path}: {len(takes)} recordings, {length_s / 3600:.2f} h")
        _tell(takes)
    print(f"{(time.process_time() - begun) / 3600:.2f} CPU hours")


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
