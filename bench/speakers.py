"""How well two voices on one track are told apart: clips of different people joined in pairs into talks.

Each pair takes turns of about 1.6 s with pauses of 0.3 s between, over A-law; each clip besides alone. What
the figures are: docs/transcripts.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, zip_longest
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from base.audio import RATE, Samples, seconds
from transcribe import speakers
from transcribe.decoding import decode
from transcribe.elsewhere import PIECES
from transcribe.segments import Span, speech, turns
from transcribe.voice import VoiceDetector

TURN_S, PAUSE_S = 1.6, 0.3
RMS = 2000.0


@dataclass(frozen=True)
class Talk:
    """A track, and who speaks where in it: 0 or 1."""

    track: Samples
    said: list[tuple[Span, int]]


def main(
    clips: Annotated[Path, typer.Argument(metavar="DIR", help="Sound files, each of one person.")],
) -> None:
    """Print `right`, the share of seconds that went to the right voice, and `alone_as_one`.

    Example: python -m bench.speakers ../shared/speech
    """
    sounds = [_level(decode(path)[0]) for path in sorted(clips.glob("*.wav"))]
    voice = VoiceDetector()
    pairs = [_judged(talk(a, b), voice) for a, b in combinations(sounds, 2)]
    right, total = (sum(column) for column in zip(*pairs, strict=True))
    alone = [len(set(_found(talk(one, one).track, voice)[1])) == 1 for one in sounds]
    figures = {"pairs": len(pairs), "seconds": round(total), "right": round(right / total, 3)}
    print(json.dumps({**figures, "alone": len(alone), "alone_as_one": sum(alone)}))


def talk(first: Samples, second: Samples) -> Talk:
    """Both in turns."""
    parts: list[Samples] = []
    said: list[tuple[Span, int]] = []
    at = 0.0
    for who, sound in _in_turns(first, second):
        at += PAUSE_S
        parts += [np.zeros(round(PAUSE_S * RATE), np.int16), sound]
        said.append((Span(at, at + seconds(sound)), who))
        at += seconds(sound)
    return Talk(_over_a_law(np.concatenate(parts)), said)


def _in_turns(first: Samples, second: Samples) -> Iterator[tuple[int, Samples]]:
    cut = [np.array_split(one, max(2, int(seconds(one) / TURN_S))) for one in (first, second)]
    for pieces in zip_longest(*cut):
        for who, piece in enumerate(pieces):
            if piece is not None:
                yield who, piece


def _judged(one: Talk, voice: VoiceDetector) -> tuple[float, float]:
    """Seconds that went to the right voice, and all of them; which voice is which does not matter."""
    shared = np.zeros((2, 2))
    for piece, found in zip(*_found(one.track, voice), strict=True):
        for span, who in one.said:
            shared[who, found] += piece.overlap_s(span)
    return float(max(np.trace(shared), np.trace(shared[::-1]))), float(shared.sum())


def _found(track: Samples, voice: VoiceDetector) -> tuple[tuple[Span, ...], tuple[int, ...]]:
    pieces = turns(speech(voice.probabilities(track)), seconds(track), PIECES)
    return pieces, speakers.apart(track, pieces)


def _level(sound: Samples) -> Samples:
    scaled = sound * (RMS / np.sqrt(np.mean(sound.astype(float) ** 2)))
    return np.asarray(np.clip(scaled, -32768, 32767), np.int16)


def _over_a_law(sound: Samples) -> Samples:
    """There and back (ITU-T G.711), near enough: 13 segments of 16 steps."""
    size = np.abs(sound.astype(float))
    step = 2.0 ** np.maximum(4, np.floor(np.log2(np.maximum(size, 1))) - 4)
    return np.asarray(np.clip(np.sign(sound) * (np.floor(size / step) + 0.5) * step, -32768, 32767), np.int16)


if __name__ == "__main__":
    typer.run(main)
