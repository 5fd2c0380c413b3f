"""Vosk models as local directories: recognised, checked, never downloaded.

A model for run-time grammars has its graph in two parts (HCLr.fst, Gr.fst), one without has it in one
(HCLG.fst).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from transcribe import sums

WEIGHTS = "am/final.mdl"
_NEEDED = (WEIGHTS, "conf/model.conf", "conf/mfcc.conf")
_FIXED = ("graph/HCLG.fst",)
_COMPOSED = ("graph/HCLr.fst", "graph/Gr.fst")
_REMEDY = "delete that directory, then run: huifang models install FILE_OR_URL"
_RATE = 16000
"""Kaldi's default sampling rate of features, in Hz."""


def is_vosk(path: Path) -> bool:
    """Whether a directory holds a Vosk model, whole or not."""
    return all((path / part).is_dir() for part in ("am", "conf", "graph"))


def takes_grammar(path: Path) -> bool:
    """Whether it can be held to phrases."""
    return all((path / part).is_file() for part in _COMPOSED)


def rate_of(path: Path) -> int:
    """The sampling rate that it was trained at, in Hz."""
    for line in (path / "conf" / "mfcc.conf").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "--sample-frequency":
            return int(float(value))
    return _RATE


def verify(path: Path) -> None:
    """Check that the files are there, and those of an installed model byte for byte.

    Raises:
        ModelError: a file is missing, cut short or altered.
    """
    graph = _FIXED if (path / _FIXED[0]).is_file() else _COMPOSED
    sums.require(path, (*_NEEDED, *graph), _REMEDY)
    sums.compare(path, _REMEDY)


def sha256(path: Path) -> str:
    """Hex SHA-256 of the sums of all files: the name of the model in every transcript."""
    return hashlib.sha256(sums.sums(path).encode()).hexdigest()
