"""From all that a recogniser says of one utterance to one of a question's answers.

The words decide where they can (`ivr.understanding`). Where they leave it open, the phrases that were tried
on the sound may (`ivr.hearing.Likely`): an answer whose best phrase fits well, clearly better than any of
another meaning, and is not far from the words. A way out and the owner (A2) are never found so, nor is an
answer that turns round what was heard.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from base.pinyin import distance, folded
from ivr.doubts import denies, doubts
from ivr.hearing import Heard, Likely
from ivr.understanding import WHOLE, Choice, Unclear, Understood, core, understand

BELIEVED = 0.35
"""Confidence below which no other hypothesis stands in for the first."""
AGREED = 2
"""Other hypotheses that must mean the same where the first one is like nothing."""

FITS, AHEAD, FAR, BASE = 0.158, 0.236, -8.47, 3.17
"""Log-odds that a phrase was said: so much for each nat that it fits, for each nat (`MOST_AHEAD` at most)
that it is ahead of another meaning, for its distance from the words. From a logistic regression on the tuned
half of the shipped set (docs/answers.md)."""
MOST_AHEAD = 8.0
FARTHEST = 0.5
"""Distance from all words beyond which nothing counts."""
POLES_APART = 2.0
"""Nats by which a phrase that denies and one that does not must differ, either way."""
SURE = 1.0
"""Log-odds from which on an answer counts."""
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
        return _by_sound(heard, choices) or Unclear("between")
    if isinstance(first, Understood):
        return first
    if first.reason != "between" and len(meant) >= AGREED and heard.confidence >= BELIEVED:
        best = max(meant, key=lambda one: one.score)
        if best.choice.own and not best.choice.sure:
            return best
    return _by_sound(heard, choices) or first


def _denied(heard: Heard, meant: Sequence[Understood]) -> bool:
    """Whether any hypothesis denies, where what was understood does not."""
    texts = (heard.text, *heard.others)
    return any(not denies(one.phrase) for one in meant) and any(denies(core(text)) for text in texts)


def _by_sound(heard: Heard, choices: Sequence[Choice]) -> Understood | None:
    """The answer whose best phrase fits the sound well enough; None: none does."""
    own = {phrase: choice for choice in reversed(choices) if choice.own for phrase in _said(choice)}
    best = next((one for one in heard.likely if _may_count(one, own)), None)
    if best is None or _turns_round(heard, best.phrase):
        return None
    choice = own[best.phrase]
    rivals = [one for one in heard.likely if one.phrase not in _said(choice)]
    ahead = min((best.score - one.score for one in rivals), default=MOST_AHEAD)
    far = min(_apart(text, best.phrase) for text in (heard.text, *heard.others))
    if far > FARTHEST or any(_pole(best, one) for one in rivals):
        return None
    odds = BASE + FITS * best.score + AHEAD * min(ahead, MOST_AHEAD) + FAR * far
    return Understood(choice, round(1 / (1 + math.exp(-odds)), 3), best.phrase) if odds >= SURE else None


def _apart(text: str, phrase: str) -> float:
    return distance(folded(core(text)), folded(core(phrase)))


def _pole(best: Likely, other: Likely) -> bool:
    """Whether the other one says the opposite and fits nearly as well."""
    opposite = denies(core(best.phrase)) != denies(core(other.phrase))
    return opposite and best.score - other.score < POLES_APART


def _said(choice: Choice) -> frozenset[str]:
    return frozenset(phrase.removeprefix(WHOLE) for phrase in choice.phrases)


def _may_count(one: Likely, own: dict[str, Choice]) -> bool:
    """An answer of the question, long enough, that need not be sure."""
    choice = own.get(one.phrase)
    return choice is not None and not choice.sure and len(core(one.phrase)) >= SHORTEST


def _turns_round(heard: Heard, phrase: str) -> bool:
    """Whether words were heard that deny, or leave open, what the phrase does not."""
    texts = (heard.text, *heard.others)
    denied = any(denies(core(text)) for text in texts) and not denies(core(phrase))
    return denied or not doubts(core(heard.text)) <= doubts(core(phrase))
