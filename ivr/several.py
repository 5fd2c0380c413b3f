"""Several answers in one sentence: 股票和基金, 都有 (questions of kind `several`, S12)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from base.pinyin import distance, folded
from ivr.doubts import denies, doubts
from ivr.hearing import Heard
from ivr.meaning import understand_heard
from ivr.understanding import WHOLE, Choice, Unclear, Understood, core

NEAR = 0.15
"""How far a phrase may be off within an enumeration, from `LONG` syllables on; shorter ones not at all."""
LONG = 3
UNKNOWN = 0.34
"""The share of syllables that may belong to no phrase."""

_JOINTS = re.compile(
    r"还有|以及|或者|另外|然后|再加上|再加|加上|和|跟|与|及|也(?:有|买|做)?|都(?:有|买|做)?|嗯|呃|啊|吧|呢|的"
)
_ALL = frozenset(
    map(folded, ("都有", "全都有", "全部都有", "以上都有", "全部", "全都要", "都需要", "都要", "都做过"))
)


def several(heard: Heard, choices: Sequence[Choice]) -> tuple[Understood, ...] | Unclear:
    """The answers that are named, in the order of `choices`; a way out comes alone.

    `Unclear` where something is denied besides (股票，没有基金), where two answers sound alike, or where too
    much belongs to no answer.
    """
    one = understand_heard(heard, choices)
    if isinstance(one, Understood) and not one.choice.own:
        return (one,)
    own = [choice for choice in choices if choice.own]
    said = core(heard.text)
    if folded(said) in _ALL:
        every = (choice for choice in own if not any(map(denies, choice.phrases)))
        return tuple(Understood(choice, 1.0, said) for choice in every)
    if denies(said) or doubts(said):
        return (one,) if isinstance(one, Understood) else one
    named = _named(said, own)
    if named is None:
        return Unclear("between")
    if len(named) < 2 and isinstance(one, Understood):
        return (one,)
    return tuple(sorted(named, key=lambda each: own.index(each.choice))) or Unclear("unlike")


def _named(said: str, own: Sequence[Choice]) -> list[Understood] | None:
    """Answers found one after the other; empty when too much is left over, None between two."""
    found: dict[str, Understood] = {}
    total = unknown = 0
    for part in filter(None, _JOINTS.split(said)):
        total += len(part)
        at = 0
        while at < len(part):
            here = list(_starting(part[at:], own))
            if not here:
                at, unknown = at + 1, unknown + 1
                continue
            length, best = max(here, key=lambda pair: (pair[0], pair[1].score))
            if any(n == length and each.choice.name != best.choice.name for n, each in here):
                return None
            found.setdefault(best.choice.name, best)
            at += length
    return list(found.values()) if unknown <= UNKNOWN * total else []


def _starting(text: str, own: Sequence[Choice]) -> Iterator[tuple[int, Understood]]:
    """(syllables, answer) for every phrase that the text begins with."""
    sounds = folded(text)
    for choice in own:
        for phrase in choice.phrases:
            wanted = folded(core(phrase))
            length = len(wanted)
            if length < 2 or length > len(sounds) or (phrase.startswith(WHOLE) and length < len(sounds)):
                continue
            far = distance(sounds[:length], wanted)
            if far <= (NEAR if length >= LONG else 0.0):
                yield length, Understood(choice, round(1 - far, 3), phrase)
