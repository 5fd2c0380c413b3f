"""Render the evaluation set: `python -m bench.answers DIR` writes DIR/tuned.tsv and DIR/held_out.tsv.

Clips are kept by hash under ~/.cache/huifang/answers (or $XDG_CACHE_HOME): what is there is not rendered
again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.answers.rendering import build


def main() -> None:
    """Render into the directory named, with a count on the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args().directory
    for path, rows in build(directory, lambda done, of: print(f"\r{done} of {of}", end="", flush=True)):
        print(f"\n{path}: {rows} rows", end="")
    print()


if __name__ == "__main__":
    main()
