"""The recogniser process for live answers: `python -m transcribe.live_process MODEL THREADS`.

Reads requests (`request`) from standard input, answers each with one line of JSON. The first line says that
the model is warm. It ends when its input ends: it never outlives its parent.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np

from base.audio import RATE, Samples
from base.errors import InputError
from transcribe import engines
from transcribe.engine import Engine, Recognised

_LENGTHS = struct.Struct(">II")


def request(pcm: bytes, expected: tuple[str, ...]) -> bytes:
    """What is asked: two lengths (four bytes each, big endian), 8 kHz PCM, the expected phrases as JSON."""
    phrases = json.dumps(expected, ensure_ascii=False).encode()
    return _LENGTHS.pack(len(pcm), len(phrases)) + pcm + phrases


def main() -> int:
    """Serve until standard input ends."""
    answers = _own_output()
    try:
        engine = engines.load(Path(sys.argv[1]), threads=int(sys.argv[2]))
    except InputError as error:
        _say(answers, {"error": str(error)})
        return 2
    engine.warm()
    _say(answers, {"ready": True})
    with suppress(BrokenPipeError):  # nobody waits for the answer any more
        serve(engine, sys.stdin.buffer, answers)
    return 0


def serve(engine: Engine, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests in their order until there are no more."""
    while len(head := requests.read(_LENGTHS.size)) == _LENGTHS.size:
        pcm, phrases = (requests.read(length) for length in _LENGTHS.unpack(head))
        heard = engine.answer(_samples(pcm), tuple(json.loads(phrases)))
        _say(answers, _told(heard))


def _told(heard: Recognised) -> dict[str, object]:
    return {
        "text": heard.text,
        "confidence": round(heard.confidence, 4),
        "others": heard.others,
        "likely": [(phrase, round(score, 2)) for phrase, score in heard.likely],
    }


def _samples(pcm: bytes) -> Samples:
    whole = pcm[: len(pcm) // 2 * 2][: 2 * RATE * 30]
    return np.frombuffer(whole, dtype="<i2").astype(np.int16)


def _say(answers: BinaryIO, value: dict[str, object]) -> None:
    answers.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")
    answers.flush()


def _own_output() -> BinaryIO:
    """Keep the answers' channel to ourselves: what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    sys.exit(main())
