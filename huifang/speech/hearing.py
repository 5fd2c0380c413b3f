"""Recordings through the path of a finished call: answers understood, all transcribed, then flagged."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import transcribe
from base.audio import RATE, Samples, mu_law
from huifang.answers import sound
from huifang.answers.trial import accepted, expected
from huifang.speech import pseudo
from huifang.speech.figures import Raised, Trial
from huifang.speech.rows import Answered, Row
from ivr.hearing import Ear
from ivr.script import Script
from ivr.voice.loudness import band_limited
from records.model import AnswerRow
from records.post_call import Utterance
from transcribe.call import hear_customer
from transcribe.engine import Engine
from transcribe.flagging import flag_recording
from transcribe.flags import FAINT, counts
from transcribe.rules import Rules
from transcribe.segments import speech
from transcribe.voice import VoiceDetector

SPOKEN = "speech"


@dataclass(frozen=True, slots=True)
class Bench:
    """What every recording needs.

    Attributes:
        ear: of live calls, for closed answers; None where no recording holds any.
        keywords: the rules were made of the transcripts.
        telephone: recordings go through the telephone's band and µ-law first.
    """

    engine: Engine
    voice: VoiceDetector
    rules: Rules
    ear: Ear | None
    scripts: Mapping[str, Script]
    now: datetime
    keywords: bool = False
    telephone: bool = False


async def heard(row: Row, bench: Bench) -> Trial:
    """One recording, as a call's customer track goes after the call."""
    samples = await asyncio.to_thread(sound.read, row.audio, row.where)
    if bench.telephone:
        samples = mu_law(band_limited(samples / 32768, RATE))
    answers = [found for one in row.answers if (found := await _answer(one, samples, bench)) is not None]
    utterances = await hear_customer(samples, answers, bench.engine, bench.voice)
    flags = await asyncio.to_thread(flag_recording, samples, utterances, bench.engine, bench.rules, answers)
    voiced = speech(await asyncio.to_thread(bench.voice.probabilities, samples))
    return Trial(
        transcript=row.transcript,
        heard=_text(utterances),
        expected=pseudo.expected(row.transcript, bench.rules) if bench.keywords else row.flags,
        raised=tuple(Raised(one.rule, one.tier) for one in flags if counts(one) or one.tier == FAINT),
        speech_s=sum(span.length_s for span in voiced),
        groups=row.groups,
    )


async def _answer(said: Answered, samples: Samples, bench: Bench) -> AnswerRow | None:
    """A closed answer as the live call files it; None where it would have asked again."""
    assert bench.ear is not None
    name, _, node = said.question.partition(".")
    script = bench.scripts[name]
    pcm = samples[round(said.start_s * RATE) : round(said.end_s * RATE)].tobytes()
    words = await bench.ear.hear(pcm, expected(script, node, bench.now))
    value = accepted(script, node, words, bench.now)
    if not value:
        return None
    return AnswerRow(node, value, value, SPOKEN, words.text, words.confidence, said.start_s, said.end_s)


def _text(utterances: tuple[Utterance, ...]) -> str:
    return "".join(one.text for one in utterances)


def frozen(rules: Rules, model_sha256: str) -> str:
    """Hex SHA-256 over all that decides a flag: the rules, the model, `transcribe` with its weights."""
    digest = hashlib.sha256(f"{rules.model_dump_json()} {model_sha256}".encode())
    home = Path(transcribe.__file__).parent
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(home)} ".encode() + path.read_bytes())
    return digest.hexdigest()
