"""A recording made elsewhere to utterances: stereo with a party on each side, or mono with guessed voices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from base.audio import Samples, seconds
from base.errors import InputError
from records.post_call import Flag, Utterance
from transcribe import speakers
from transcribe.call import hear_turns
from transcribe.engine import Engine
from transcribe.flagging import flag_recording
from transcribe.rules import Rules
from transcribe.segments import Cutting, Span, speech, turns
from transcribe.voice import VoiceDetector
from transcribe.weighing import weights_of

PARTIES = ("customer", "agent")
Sides = tuple[str, str]
"""The party on the left and the one on the right."""

PIECES = Cutting(gap_s=0.2, longest_s=speakers.PIECE_S, pad_s=0.0)
"""How speech is cut before its voices are told apart."""
_TURNS = Cutting()
_SAME = 0.999
"""Two channels that are so much alike (correlation) hold the same sound."""


def channel_map(written: str) -> Sides:
    """Parties from "left=customer,right=agent".

    Raises:
        InputError: it doesn't say so for both sides, or names one party twice.
    """
    pairs = dict(part.strip().split("=", 1) for part in written.split(",") if "=" in part)
    sides = pairs.get("left", ""), pairs.get("right", "")
    if len(pairs) != 2 or sorted(sides) != sorted(PARTIES):
        raise InputError(
            "doesn't say who is on which side",
            where=f"--channels {written}",
            remedy="write left=customer,right=agent or left=agent,right=customer",
        )
    return sides


def tracks(channels: Sequence[Samples], sides: Sides | None) -> dict[str, Samples]:
    """The track of each party; the one of "" holds both.

    Raises:
        InputError: two different channels, and nobody has said who is on which.
    """
    if len(channels) == 1:
        return {"": channels[0]}
    left, right = channels
    if _alike(left, right):
        return {"": left}
    if sides is None:
        remedy = "say it: --channels left=customer,right=agent"
        raise InputError("is stereo, and who is on which side is not known", remedy=remedy)
    return dict(zip(sides, (left, right), strict=True))


async def hear(
    parties: dict[str, Samples], engine: Engine, voice: VoiceDetector, heard_s: Callable[[float], None]
) -> tuple[Utterance, ...]:
    """Everything that was said, in the order of its seconds.

    Args:
        parties: as `tracks` gives them.
        heard_s: told how many seconds of the recording are done.
    """
    found: list[Utterance] = []
    for n, (party, track) in enumerate(parties.items()):
        probabilities = await asyncio.to_thread(voice.probabilities, track)
        voiced, length_s = speech(probabilities), seconds(track)
        said = {party: turns(voiced, length_s)} if party else guessed(track, turns(voiced, length_s, PIECES))

        def told(until_s: float, n: int = n, length_s: float = length_s) -> None:
            heard_s((n * length_s + until_s) / len(parties))

        for who, spans in said.items():
            found += await hear_turns(track, spans, who, engine, told)
    return tuple(sorted(found, key=lambda one: one.start_s))


def guessed(track: Samples, pieces: Sequence[Span]) -> dict[str, tuple[Span, ...]]:
    """The turns of two voices on a track: who speaks longer is taken for the agent, who explains and asks."""
    voices = speakers.apart(track, pieces)
    lengths = [sum(one.length_s for one, v in zip(pieces, voices, strict=True) if v == n) for n in (0, 1)]
    agent = 0 if lengths[0] >= lengths[1] else 1
    joined = _padded(_joined(pieces, voices), seconds(track))
    return {
        party: tuple(span for span, voice in joined if (voice == agent) == (party == "agent"))
        for party in PARTIES
    }


def flags_of(
    parties: Mapping[str, Samples],
    utterances: Sequence[Utterance],
    engine: Engine,
    rules: Rules,
    weights: Path,
) -> tuple[Flag, ...]:
    """Flags of a recording. Where the parties were guessed, each may be the other: both are looked at.

    `weights`: the site's folder of them.
    """
    fitted = weights_of(engine.model_sha256, weights)
    found = flag_recording(parties, utterances, engine, rules, weights=fitted)
    if "" not in parties:
        return found
    other = {"customer": "agent", "agent": "customer"}
    others = [replace(one, party=other.get(one.party, one.party)) for one in utterances]
    turned = flag_recording(parties, others, engine, rules, weights=fitted)
    back = [replace(one, party=other.get(one.party, one.party)) for one in turned]
    known = {(one.rule, one.start_s) for one in found}
    added = (one for one in back if (one.rule, one.start_s) not in known)
    return tuple(sorted((*found, *added), key=lambda one: (one.start_s, one.rule)))


def _joined(pieces: Sequence[Span], voices: Sequence[int]) -> list[tuple[Span, int]]:
    """Neighbours of one voice as one turn, where the pause is short and a recogniser takes both at once."""
    turn: list[tuple[Span, int]] = []
    for piece, voice in zip(pieces, voices, strict=True):
        last, whose = turn[-1] if turn else (piece, None)
        near = piece.start_s - last.end_s <= _TURNS.gap_s
        if turn and whose == voice and near and piece.end_s - last.start_s <= _TURNS.longest_s - 1:
            turn[-1] = Span(last.start_s, piece.end_s), voice
        else:
            turn.append((piece, voice))
    return turn


def _padded(turn: list[tuple[Span, int]], total_s: float) -> list[tuple[Span, int]]:
    """A little of the pauses on both sides, and never of a neighbour's words."""
    ends = [0.0, *((a.end_s + b.start_s) / 2 for (a, _), (b, _) in pairwise(turn)), total_s]
    return [
        (Span(max(before, span.start_s - _TURNS.pad_s), min(after, span.end_s + _TURNS.pad_s)), voice)
        for (span, voice), before, after in zip(turn, ends, ends[1:], strict=False)
    ]


def _alike(left: Samples, right: Samples) -> bool:
    a, b = left.astype(np.float64), right.astype(np.float64)
    power = np.sqrt((a @ a) * (b @ b))
    return bool(power == 0 and not (a.any() or b.any())) or bool(power and (a @ b) / power > _SAME)
