"""From all that a recogniser says of one utterance to one of a question's answers.

The words decide where they can (`ivr.understanding`). Where they leave it open, the phrases that were tried
on the sound may (`ivr.hearing.Likely`): an answer whose best phrase fits well, clearly better than any of
another meaning, and is not far from the words. A way out must fit far better than that, the owner (A2) is
never found so, and nothing is affirmed where a denial may have been said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from base.pinyin import distance, folded
from ivr.doubts import contradicts, denies, doubts, swaps_person
from ivr.hearing import Heard, Likely
from ivr.understanding import MURMURS, WHOLE, Choice, Unclear, Understood, core, understand

T = TypeVar("T")

BELIEVED = 0.35
"""Confidence below which no other hypothesis stands in for the first."""
AGREED = 2
"""Other hypotheses that must mean the same where the first one is like nothing."""

LETTERS = 0.6
"""Confidence from which words are clear: they may stand beside texts that mean something else."""

FITS, AHEAD, FAR, BASE = 0.158, 0.236, -8.47, 3.17
"""Log-odds that a phrase was said: so much for each nat that it fits, for each nat that it is
ahead of another meaning, for its distance from the words. From a logistic regression on the tuned
half of the shipped set (docs/answers.md)."""
LEAST_AHEAD, MOST_AHEAD = 1.5, 8.0
"""Nats: below the first another meaning is as likely, beyond the second more says no more."""
FARTHEST = 0.5
"""Distance from all words beyond which nothing counts."""
POLES_APART = 2.0
"""Nats by which a phrase that denies and one that does not must differ, either way."""
SURE = 0.7
"""Log-odds from which on an answer counts."""
DENIED_APART = 3.0
"""The same where a text denies."""
BY_FAR, BY_FAR_AHEAD, NEARER = 9.0, 4.0, 0.4
"""What a way out, a day or a time needs: nats, nats before any other meaning, distance from the words. Of
sentences that are no way out the best reached 8.3 nats in the tuned half."""
SHORTEST = 2
"""Syllables of a phrase below which its sound says too little."""


def understand_heard(heard: Heard, choices: Sequence[Choice]) -> Understood | Unclear:
    """What an utterance means, by all that the recogniser held possible.

    The first text decides, unless another one means something else. Where it is like nothing, `AGREED` of
    the others that mean the same answer, and none another, stand in; never for the owner (A2) or a way out.
    Where all texts leave it open, the sound may decide.
    """
    first = understand(heard.text, choices)
    rest = [understand(text, choices) for text in heard.others]
    meant = [one for one in (first, *rest) if isinstance(one, Understood)]
    if len({one.choice.name for one in meant}) > 1 or _denied(heard, meant):
        if isinstance(first, Understood) and _to_the_letter(heard, first, meant):
            return first
        return _by_sound(heard, choices) or Unclear("between")
    if isinstance(first, Understood):
        return Unclear("between") if _outdone(heard, first) else first
    if first.reason != "between" and len(meant) >= AGREED and heard.confidence >= BELIEVED:
        best = max(meant, key=lambda one: one.score)
        if best.choice.own and not best.choice.sure:
            return best
    return _by_sound(heard, choices) or first


def _to_the_letter(heard: Heard, first: Understood, meant: Sequence[Understood]) -> bool:
    """Whether an answer's very words were heard, `AGREED` others mean the same, and all deny or none does.

    Some other wish among the texts does not outweigh that (不是我自己 beside 不需要我自己); a denial would.
    """
    same = sum(one.choice.name == first.choice.name for one in meant) - 1
    whole = clearly(heard, first) and first.choice.own and not first.choice.sure
    alike = len({denies(core(text)) for text in (heard.text, *heard.others)}) == 1
    return whole and alike and same >= AGREED


def clearly(heard: Heard, meant: Understood) -> bool:
    """Whether a meaning was heard to the letter, in a clear voice."""
    return core(heard.text) == core(meant.phrase) and heard.confidence >= LETTERS


def likeliest(heard: Heard, means: Callable[[str], T | None]) -> T | None:
    """What the phrase means that fits the sound best by far; None: none does.

    For answers of which there are too many to try them all: days, times.
    """
    best = heard.likely[0] if heard.likely else None
    meant = means(best.phrase) if best is not None else None
    if best is None or meant is None:
        return None
    rivals = [one for one in heard.likely if means(one.phrase) != meant]
    return meant if _fits_by_far(heard, best, rivals) else None


def _denied(heard: Heard, meant: Sequence[Understood]) -> bool:
    """Whether any hypothesis denies, where what was understood does not."""
    texts = (heard.text, *heard.others)
    return any(not denies(one.phrase) for one in meant) and any(denies(core(text)) for text in texts)


def _outdone(heard: Heard, meant: Understood) -> bool:
    """Whether a denial fits the sound clearly better than the affirmation that the words seem to be."""
    said = _said(meant.choice)
    fits = max((one.score for one in heard.likely if one.phrase in said), default=math.inf)
    denied = (one for one in heard.likely if one.phrase not in said and denies(core(one.phrase)))
    return not denies(core(meant.phrase)) and any(one.score - fits >= POLES_APART for one in denied)


def _by_sound(heard: Heard, choices: Sequence[Choice]) -> Understood | None:
    """The answer, or the way out, whose best phrase fits the sound well enough; None: none does."""
    named = {phrase: choice for choice in reversed(choices) for phrase in _said(choice)}
    answers = (one for one in heard.likely if _is_answer(named.get(one.phrase)))
    best = next((one for one in answers if len(core(one.phrase)) >= SHORTEST), None)
    if best is not None and (odds := _odds_of_answer(heard, best, named)) >= SURE:
        return Understood(named[best.phrase], round(1 / (1 + math.exp(-odds)), 3), best.phrase)
    return _way_by_sound(heard, named)


def _is_answer(choice: Choice | None) -> bool:
    """One that need not be sure (A2)."""
    return choice is not None and choice.own and not choice.sure


def _odds_of_answer(heard: Heard, best: Likely, named: Mapping[str, Choice]) -> float:
    rivals = _rivals(heard, named[best.phrase])
    poles = [one for one in rivals if one.phrase not in named or named[one.phrase].own]
    return _odds(heard, best, rivals) if _may_stand(heard, best, poles) else -math.inf


def _odds(heard: Heard, best: Likely, rivals: Sequence[Likely]) -> float:
    """Log-odds that this phrase was said; minus infinity where another is as likely, or it is too far off."""
    far = _far(heard, best.phrase)
    ahead = min((best.score - one.score for one in rivals), default=MOST_AHEAD)
    if far > FARTHEST or ahead < LEAST_AHEAD:
        return -math.inf
    return BASE + FITS * best.score + AHEAD * min(ahead, MOST_AHEAD) + FAR * far


def _way_by_sound(heard: Heard, named: Mapping[str, Choice]) -> Understood | None:
    """The way out that fits best of all, by far: no stranger's sentence may come near."""
    best = heard.likely[0] if heard.likely else None
    choice = named.get(best.phrase) if best is not None else None
    if best is None or choice is None or choice.own or len(core(best.phrase)) <= SHORTEST:
        return None
    if not _fits_by_far(heard, best, _rivals(heard, choice)):
        return None
    return Understood(choice, round(1 - _far(heard, best.phrase), 3), best.phrase)


def _fits_by_far(heard: Heard, best: Likely, rivals: Sequence[Likely]) -> bool:
    """What no phrase of another meaning, and no sentence that means nothing here, may come near."""
    ahead = min((best.score - one.score for one in rivals), default=math.inf)
    clear = best.score >= BY_FAR and ahead >= BY_FAR_AHEAD and _far(heard, best.phrase) <= NEARER
    return clear and _may_stand(heard, best, rivals)


def _said(choice: Choice) -> frozenset[str]:
    return frozenset(phrase.removeprefix(WHOLE) for phrase in choice.phrases)


def _rivals(heard: Heard, choice: Choice) -> list[Likely]:
    said = _said(choice)
    return [one for one in heard.likely if one.phrase not in said]


def _far(heard: Heard, phrase: str) -> float:
    """Distance of a phrase from the nearest text, what was murmured before it left out."""
    sounds = folded(core(phrase))
    texts = [core(text) for text in (heard.text, *heard.others)]
    texts += [text[1:] for text in texts if text[:1] in MURMURS and len(text) > SHORTEST]
    return min(distance(folded(text), sounds) for text in texts)


def _may_stand(heard: Heard, best: Likely, rivals: Sequence[Likely]) -> bool:
    """Whether no rival says the opposite nearly as well, and nothing heard turns the phrase round.

    Where a text denies what the phrase does not, denials must have been tried, and have lost by more.
    """
    said, denied = core(best.phrase), denies(core(best.phrase))
    poles = [best.score - one.score for one in rivals if denies(core(one.phrase)) != denied]
    contradicted = any(contradicts(core(text), said) for text in (heard.text, *heard.others))
    if (contradicted and not poles) or swaps_person(core(heard.text), said):
        return False
    apart = DENIED_APART if contradicted else POLES_APART
    return min(poles, default=apart) >= apart and doubts(core(heard.text)) <= doubts(said)
