"""A recording's leads: what its words propose is weighed on its sound, where the engine can.

The phrase is put in the place of what was heard there, and both texts are judged on the sound of the turn
(`Scorer`). That alone says little: a common phrase fits anything. So the same is asked of a silent line, and
both go, with the distance in sound and the length, into a logistic regression (`transcribe.weighing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from base.audio import RATE, Samples
from records.model import AnswerRow, Customer
from records.post_call import Flag, Utterance
from transcribe.engine import Engine, Fit, Scorer
from transcribe.flags import Weigh, Weighed, flag, plainly
from transcribe.leads import Lead, Turn
from transcribe.matching import SOUND_LIMIT
from transcribe.rules import Rules
from transcribe.weighing import Weights, weights_of

Tracks = Samples | Mapping[str, Samples]
"""The customer's track, or the tracks by party; the one of "" holds everybody (8 kHz)."""

_MOST = 10
"""Texts judged on one turn: the nearest leads."""


def flag_recording(
    tracks: Tracks,
    utterances: Sequence[Utterance],
    engine: Engine,
    rules: Rules,
    answers: Sequence[AnswerRow] = (),
    *,
    kept: Mapping[str, str] | None = None,
    weights: Weights | None = None,
) -> tuple[Flag, ...]:
    """Every lead in a recording, in the order of its seconds. Blocks; nothing is decoded again.

    An engine that is no `Scorer`, or has no weights, leaves leads in the tiers of their text.

    Args:
        tracks: in whose seconds `utterances` are told; a party without one is flagged by its text.
        kept: what the firm keeps of the customer (`kept_of`), for answers that differ from it (F2).
        weights: those to use; None: the shipped ones for the engine's model.
    """
    weights = weights or weights_of(engine.model_sha256)
    weigh = None
    if engine.capabilities.scores and isinstance(engine, Scorer):
        weigh = weigher(tracks, engine, weights)
    return flag(utterances, answers, rules, weigh, kept, generous=bool(weigh and weights))


def kept_of(customer: Customer) -> dict[str, str]:
    """What is kept of a customer, as answers are written; what is empty is not kept."""
    opened = customer.opened_on.isoformat() if customer.opened_on else ""
    row = {"name": customer.name, "phone": customer.phone, "opened_on": opened}
    row |= {"manager": customer.manager, "branch": customer.branch}
    return {name: value for name, value in row.items() if value}


def weigher(tracks: Tracks, engine: Scorer, weights: Weights | None) -> Weigh:
    """Weighs leads on the sound of their turn; without weights the text decides, the evidence is kept."""

    by_party = tracks if isinstance(tracks, Mapping) else {"customer": tracks}

    def weigh(said: Turn, leads: Sequence[Lead]) -> Sequence[Weighed]:
        track = by_party.get(said.utterance.party, by_party.get(""))
        if track is None:
            return [_by_text(lead, said) for lead in leads]
        found = evidence(track, said, leads, engine)
        if weights is None:
            pairs = zip(leads, found, strict=True)
            return [replace(plainly(lead), features=features or {}) for lead, features in pairs]
        return [_weighed(features, weights) for features in found]

    return weigh


def evidence(
    samples: Samples, said: Turn, leads: Sequence[Lead], engine: Scorer
) -> list[dict[str, float] | None]:
    """What speaks for each lead (`transcribe.weighing.FEATURES`); None for those too far to be judged."""
    free, texts = said.best.chars, [_put(lead) for lead in leads]
    nearest = sorted(zip(texts, leads, strict=True), key=lambda one: one[1].found.distance)
    new = list(dict.fromkeys(text for text, _ in nearest if text != free))[:_MOST]
    fits = {free: Fit(0.0, 0.0)}
    if new:
        sound = samples[round(said.utterance.start_s * RATE) : round(said.utterance.end_s * RATE)]
        fits = dict(zip((free, *new), engine.score(sound, (free, *new)), strict=True))
    return [
        _features(lead, said, fits[text], fits[free]) if text in fits else None
        for lead, text in zip(leads, texts, strict=True)
    ]


def _weighed(features: dict[str, float] | None, weights: Weights) -> Weighed:
    if features is None:
        return Weighed("", 0.0)
    probability = weights.probability(features)
    return Weighed(weights.tier(probability), round(probability, 3), features, weights.version)


def _by_text(lead: Lead, said: Turn) -> Weighed:
    """Without a track only what the believed text says, or nearly, counts."""
    near = lead.speech is said.best and lead.found.distance <= SOUND_LIMIT
    return plainly(lead) if near else Weighed("", 0.0)


def _put(lead: Lead) -> str:
    """The turn's text with the phrase in the place of what was heard."""
    chars = lead.speech.chars
    return chars[: lead.found.start] + lead.phrase.say + chars[lead.found.end :]


def _features(lead: Lead, said: Turn, put: Fit, free: Fit) -> dict[str, float]:
    return {
        "distance": lead.found.distance,
        "sound": put.sound - free.sound,
        "silence": put.silence - free.silence,
        "syllables": float(len(lead.phrase.say)),
        "cue": float(bool(lead.cue)),
        "believed": said.utterance.confidence,
    }
