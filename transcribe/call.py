"""One recorded call to utterances: the customer's side by ear, ours from the script's timeline (F4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from base.audio import RATE, Samples, seconds
from records.model import AnswerRow, SpokenRow
from records.post_call import Utterance
from transcribe.engine import Engine, Quick, Recognised
from transcribe.packing import BREATH_S, packs, told_apart
from transcribe.segments import Cutting, Span, speech, turns, unheard
from transcribe.voice import VoiceDetector

BELIEVED = 0.37
"""Confidence from which words are kept where no voice was detected: a mean log-probability of -1."""


async def hear_customer(
    track: Samples, answers: Sequence[AnswerRow], engine: Engine, voice: VoiceDetector
) -> tuple[Utterance, ...]:
    """Recognise the customer's track (8 kHz, from the answer on) off the event loop."""
    probabilities = await asyncio.to_thread(voice.probabilities, track)
    found = turns(speech(probabilities), seconds(track))
    utterances = list(await hear_turns(track, found, "customer", engine))
    for span in unheard(windows(answers), found, Cutting()):
        heard = await asyncio.to_thread(engine.transcribe, _cut(track, span))
        if heard.text and heard.confidence >= BELIEVED:
            utterances.append(_utterance(span, heard, "customer"))
    return tuple(sorted(utterances, key=lambda one: one.start_s))


async def hear_turns(
    track: Samples,
    spans: Sequence[Span],
    party: str,
    engine: Engine,
    heard_until: Callable[[float], None] = lambda _s: None,
) -> tuple[Utterance, ...]:
    """Recognise turns of a track, all of one party; neighbours are decoded together (`transcribe.packing`).

    `heard_until` is told the second up to which the track is done.
    """
    utterances = []
    for pack in packs(spans):
        for span, heard in zip(pack, await asyncio.to_thread(_heard, track, pack, engine), strict=True):
            if heard.text:
                utterances.append(_utterance(span, heard, party))
        heard_until(pack[-1].end_s)
    return tuple(utterances)


def windows(answers: Iterable[AnswerRow]) -> tuple[Span, ...]:
    """Where the customer spoke an answer, as the live call saw it."""
    return tuple(Span(one.start_s, one.end_s) for one in answers if one.how == "speech")


def system_side(spoken: Iterable[SpokenRow]) -> tuple[Utterance, ...]:
    """What the system said, known to the word."""
    return tuple(Utterance("system", one.start_s, one.end_s, one.text, 1.0) for one in spoken)


def _heard(track: Samples, pack: Sequence[Span], engine: Engine) -> list[Recognised]:
    """What is said in each turn of a pack; what goes in circles is halved, an empty turn decoded alone."""
    if len(pack) == 1 or not (engine.capabilities.once and isinstance(engine, Quick)):
        return [engine.transcribe(_cut(track, span)) for span in pack]
    together = engine.transcribe_once(_joined(track, pack))
    if together.looped:
        middle = len(pack) // 2
        return [*_heard(track, pack[:middle], engine), *_heard(track, pack[middle:], engine)]
    return [
        one if one.text else engine.transcribe(_cut(track, span))
        for one, span in zip(told_apart(together, pack), pack, strict=True)
    ]


def _joined(track: Samples, pack: Sequence[Span]) -> Samples:
    """The turns one after the other, as `transcribe.packing.starts` tells."""
    breath = np.zeros(round(BREATH_S * RATE), np.int16)
    parts = [part for span in pack for part in (breath, _cut(track, span))]
    return np.concatenate(parts[1:])


def _cut(track: Samples, span: Span) -> Samples:
    return track[round(span.start_s * RATE) : round(span.end_s * RATE)]


def _utterance(span: Span, heard: Recognised, party: str) -> Utterance:
    chars = tuple(round(span.start_s + at, 2) for at in heard.chars)
    return Utterance(party, span.start_s, span.end_s, heard.text, heard.confidence, chars, heard.held)
