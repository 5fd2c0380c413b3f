"""From words heard to one of a question's answers, by sound.

Every phrase of every choice is held against what was heard: whole against whole, or found inside a longer
sentence at a penalty. The distance is that of folded syllables (`base.pinyin`). An answer counts when

- its distance is at most `ACCEPT` (facts: 0.35 keeps strangers' sentences out),
- no other choice is nearer than `MARGIN` behind it,
- it denies where the customer denied: 不X and 没X never become X, nor X 不X. A denial is heard by character
  or by sound (bu, mei), since 没 is what recognisers mishear.

Everything else is asked again: a second question costs seconds, a wrong answer another call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from base.pinyin import difference, distance, folded, sounding

ACCEPT = 0.35
SURE, SURE_LONG = 0.2, 0.25
"""Asked of what must not be guessed (the owner, a refusal), and of such phrases from four syllables on."""
MARGIN = 0.12
INSIDE = 0.1
"""Penalty of a phrase found inside a longer sentence, to which comes a share for what was left over."""
LEFT_OVER = 0.32
INSIDE_ACCEPT = 0.15
"""How far a phrase may be off inside a sentence; a way out must be exact there, and three syllables long."""
WHOLE = "="
"""A phrase that begins with it counts only as the whole answer."""

_FILLERS = re.compile(
    r"^(?:嗯+|啊+|呃+|哦+|噢+|喔+|哎+|诶+|唉+|喂+|额+|呵+|你好|您好|那个|这个嘛|就是说|我想想|好像)+"
)
_PARTICLES = re.compile(r"[啊呀吧呢哦噢哈嘛啦喽哎嗯呗哟]+$")
_HARMLESS = re.compile(
    r"不好意思|没关系|没事儿?|不客气|不用谢|没什么(?:意见|问题|建议)?|没有什么(?:意见|问题|建议)"
)
_DENYING = frozenset("不没未别甭莫")
_DENYING_SOUNDS = frozenset({"bu", "mei"})
_INNOCENT = re.compile(r"[全大]部分?|一部分|每[天次个月年回]|美[元国股]")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be meant.

    Attributes:
        name: what is returned.
        phrases: what is said for it; one that begins with "=" counts only as the whole answer.
        own: an answer of the question asked; such a one wins over the ways out that every question has.
        sure: counts only as a whole answer, nearly to the letter (the owner, A2).
    """

    name: str
    phrases: tuple[str, ...]
    own: bool = True
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """One choice, and how surely (1: to the letter)."""

    choice: Choice
    score: float
    phrase: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """No choice: "nothing" was said, it is "unlike" any, or "between" two."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Match:
    choice: Choice
    phrase: str
    distance: float
    span: tuple[int, int]
    may_win: bool


def understand(text: str, choices: Sequence[Choice]) -> Understood | Unclear:
    """What a text means among `choices`; `Unclear` whenever in doubt."""
    said = core(text)
    if not said:
        return Unclear("nothing")
    matches = _without_contained([match for choice in choices if (match := _best(said, choice)) is not None])
    if not matches:
        return Unclear("unlike")
    ranked = sorted(matches, key=lambda match: (match.distance, not match.choice.own))
    best = ranked[0]
    if not best.may_win or any(_rivals(best, other) for other in ranked[1:]):
        return Unclear("between")
    return Understood(best.choice, round(1 - best.distance, 3), best.phrase)


@lru_cache(maxsize=8192)
def core(text: str) -> str:
    """What was said without fillers, particles, polite formulas and repetition: 嗯，可以可以啊 -> 可以."""
    plain = _PARTICLES.sub("", _FILLERS.sub("", sounding(text)))
    bare = _HARMLESS.sub("", plain)
    return _once(_PARTICLES.sub("", _FILLERS.sub("", bare)) or plain)


def _once(text: str) -> str:
    """对对对 -> 对, 可以可以 -> 可以; a recogniser's loop may break off: 我是本人我是本 -> 我是本人."""
    for length in range(1, len(text) // 2 + 1):
        if len(text) % length == 0 and text == text[:length] * (len(text) // length):
            return text[:length]
    for length in range(4, len(text)):
        if text == (text[:length] * 2)[: len(text)] and len(text) >= length + 3:
            return text[:length]
    return text


def _best(said: str, choice: Choice) -> _Match | None:
    """The choice's nearest phrase within reach."""
    found = (_match(said, choice, phrase) for phrase in choice.phrases)
    return min(
        (match for match in found if match is not None), key=lambda match: match.distance, default=None
    )


def _match(said: str, choice: Choice, phrase: str) -> _Match | None:
    wanted = core(phrase)
    heard, sounds = folded(said), folded(wanted)
    if not sounds:
        return None
    limit, span = _limit(choice, len(sounds)), (0, len(heard))
    far = _whole(heard, sounds, limit)
    if _may_be_inside(choice, phrase, len(sounds)) and len(sounds) < len(heard):
        inside, where = _inside(heard, sounds) if choice.own else _exactly_inside(heard, sounds)
        cost = _penalised(inside, where, len(heard))
        if inside <= INSIDE_ACCEPT and cost < far:
            far, span, limit = cost, where, ACCEPT
    if far > limit or (denies(said) and not denies(wanted)):
        return None
    return _Match(choice, phrase, far, span, denies(said) >= denies(wanted))


def _whole(heard: tuple[str, ...], sounds: tuple[str, ...], limit: float) -> float:
    """Distance of whole to whole; 1 without working it out where the lengths alone are too far apart."""
    longest = max(len(heard), len(sounds))
    return 1.0 if abs(len(heard) - len(sounds)) > limit * longest else distance(heard, sounds)


def _exactly_inside(heard: tuple[str, ...], sounds: tuple[str, ...]) -> tuple[float, tuple[int, int]]:
    """Where `heard` holds `sounds` to the letter, at no cost."""
    length = len(sounds)
    for start in range(len(heard) - length + 1):
        if heard[start : start + length] == sounds:
            return 0.0, (start, start + length)
    return 1.0, (0, 0)


def _limit(choice: Choice, length: int) -> float:
    """A single syllable must be exact: everything is near to it."""
    if length == 1:
        return 0.0
    if choice.own and not choice.sure:
        return ACCEPT
    return SURE_LONG if length >= 4 else SURE


def _may_be_inside(choice: Choice, phrase: str, length: int) -> bool:
    return not choice.sure and not phrase.startswith(WHOLE) and length >= (2 if choice.own else 3)


def _penalised(inside: float, where: tuple[int, int], length: int) -> float:
    return inside + INSIDE + LEFT_OVER * (length - (where[1] - where[0])) / length


def denies(text: str) -> bool:
    """Whether a denial can be heard in it, by character or by sound."""
    doubtful = _INNOCENT.sub("", text)
    return not _DENYING.isdisjoint(doubtful) or not _DENYING_SOUNDS.isdisjoint(folded(doubtful))


@lru_cache(maxsize=8192)
def _inside(heard: tuple[str, ...], sounds: tuple[str, ...]) -> tuple[float, tuple[int, int]]:
    """The stretch of `heard` that is nearest to `sounds`: its normalised cost and where it is."""
    row = [(0.0, start) for start in range(len(heard) + 1)]
    for syllable in sounds:
        previous, row = row, [(row[0][0] + 1, 0)]
        for at, other in enumerate(heard, start=1):
            row.append(
                min(
                    (previous[at - 1][0] + difference(syllable, other), previous[at - 1][1]),
                    (previous[at][0] + 1, previous[at][1]),
                    (row[at - 1][0] + 1, row[at - 1][1]),
                )
            )
    end = min(range(len(row)), key=lambda at: row[at][0])
    return row[end][0] / len(sounds), (row[end][1], end)


def _without_contained(matches: Sequence[_Match]) -> list[_Match]:
    """Drop what is only a part of a longer phrase that fits as well: 满意 in 非常满意."""
    return [match for match in matches if not any(_contains(other, match) for other in matches)]


def _contains(longer: _Match, shorter: _Match) -> bool:
    outer, inner = longer.span, shorter.span
    return (
        longer is not shorter
        and longer.may_win
        and outer[0] <= inner[0]
        and inner[1] <= outer[1]
        and outer[1] - outer[0] > inner[1] - inner[0]
        and longer.distance <= shorter.distance
    )


def _rivals(best: _Match, other: _Match) -> bool:
    """Whether the other is too near to let the best one stand; own answers win over ways out."""
    if best.choice.own and not other.choice.own:
        return False
    return other.choice.name != best.choice.name and other.distance - best.distance < MARGIN


def phrases_of(names: Iterable[str], lists: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Phrases with the lists that they name (`@yes`) in their place, each once."""
    said: dict[str, None] = {}
    for name in names:
        said.update(dict.fromkeys(lists[name[1:]] if name.startswith("@") else (name,)))
    return tuple(said)
