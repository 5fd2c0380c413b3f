"""From words heard to one of a question's answers, by sound.

Every phrase of every choice is held against what was heard: whole against whole, or found inside a longer
sentence at a penalty. The distance is that of folded syllables (`base.pinyin`). An answer counts when

- its distance is at most `ACCEPT` (facts: 0.35 keeps strangers' sentences out),
- no other choice is nearer than `MARGIN` behind it,
- it denies where the customer denied: 不X and 没X never become X, nor X 不X,
- nothing was said besides that turns it round or leaves it open (`ivr.doubts`): 哪里X, 不是不X, X个屁.

The owner (A2) is confirmed only by what sounds the same as a phrase, by nothing that speaks of somebody else
and by no question; ways out of a question are nearly as strict. A single syllable counts by its character.

Everything else is asked again: a second question costs seconds, a wrong answer another call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from base.pinyin import difference, distance, folded, sounding
from ivr.doubts import asks, denies, doubts, more_denied, others, swaps_person

ACCEPT = 0.35
MOST = 1.0
"""Syllables that may be lost altogether, however long the phrase is."""
NEAR = 0.25
"""How far one syllable of a way out may be off, from `LONG` syllables on."""
LONG = 4
MARGIN = 0.12
INSIDE = 0.1
"""Penalty of a phrase found inside a longer sentence, to which comes a share for what was left over."""
LEFT_OVER = 0.32
BEFORE = 3
"""Syllables before a phrase inside a sentence, or as many as it has itself, from which on it cannot win, only
stand in another's way: 今天天气不错."""
INSIDE_ACCEPT = 0.15
"""How far a phrase may be off inside a sentence. A way out must be exact there, and long or half of it."""
POLE_MARGIN = 0.15
"""How far behind a misheard affirmation its denial must lie: 连开方便 may be 不太方便."""
SENTENCE, HARDLY = 8, 0.6
"""A sentence of so many syllables may be off by so much of one in all, even the owner's (A2)."""
BARELY = 2
"""So few syllables beside a denial make it doubtful where the owner is asked for."""
WHOLE = "="
"""A phrase that begins with it counts only as the whole answer, and only if it sounds the same."""

_FILLERS = re.compile(
    r"^(?:嗯+|恩+|暗+|按+|昂+|啊+|呃+|哦+|噢+|喔+|哎+|诶+|唉+|喂+|额+|呵+|你好|您好|那个|这个嘛|就是说|我想想)+"
)
MURMURS = frozenset("嗯恩暗按岸昂安案")
"""What a 嗯 before an answer is heard as; some of them begin words, too (安全)."""
_PARTICLES = re.compile(r"[啊呀吧呢哦噢哈嘛啦喽哎嗯呗哟]+$")
_HARMLESS = re.compile(
    r"不好意思|没关系|没事儿?|不客气|不用谢|没什么(?:意见|问题|建议)|没有什么(?:意见|问题|建议)"
)
_STARTS = ("不是的", "不是", "没有", "不太", "不怎么", "没怎么")
_LEADING = re.compile(
    r"(?:[我你您他她它咱们是都有很挺太蛮还也就对好行嗯啊哦呃的得地了吧呢会过要能可以请给帮跟和让再在最更真那这说用做看想买存一个家人全]"
    r"|觉得|应该|比较|感觉|反正|一直|经常|现在|经理|公司|大概|确实|当然|平时|已经|自己|一般|为了|因为|主要|老是|从来|以后"
    r"|考虑|账户|投顾|服务|朋友|风险|\d)$"
)
"""What people say right before a phrase."""
_INNER = re.compile("[啊呀嗯哦]")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be meant.

    Attributes:
        name: what is returned.
        phrases: what is said for it; one that begins with "=" counts only as the whole answer.
        own: an answer of the question asked; such a one wins over the ways out that every question has.
        sure: counts only as a whole answer that sounds the same and leaves no doubt (the owner, A2).
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
    found = [_certain(text, choice) if choice.sure else _best(said, choice) for choice in choices]
    matches = _without_contained([match for match in found if match is not None])
    if not matches:
        return Unclear("unlike")
    ranked = sorted(matches, key=lambda match: (match.distance, not match.choice.own))
    best = ranked[0]
    if (
        not best.may_win
        or any(_rivals(best, other) for other in ranked[1:])
        or _turned_round(said, best, choices)
        or _barely_denied(said, best, choices)
        or _strangely_led(said, best, choices)
        or _nearly_opposite(said, best, choices)
    ):
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
    found = (_match(said, choice, phrase) for phrase in _eligible(choice.phrases, denies(said)))
    return min(
        (match for match in found if match is not None), key=lambda match: match.distance, default=None
    )


@lru_cache(maxsize=2048)
def _eligible(phrases: tuple[str, ...], denied: bool) -> tuple[str, ...]:
    """Phrases that sound, and deny where it is `denied`: the others are nowhere near."""
    wanted = ((phrase, core(phrase)) for phrase in phrases)
    return tuple(phrase for phrase, bare in wanted if folded(bare) and (denies(bare) or not denied))


def _certain(text: str, choice: Choice) -> _Match | None:
    """What must not be guessed: it sounds the same, asks nothing, and speaks of nobody else (A2)."""
    said = _INNER.sub("", core(text))
    if asks(text):
        return None
    for phrase in choice.phrases:
        wanted = core(phrase)
        same = _same(said, wanted, by_sound_from=3) or _hardly_else(said, wanted)
        if same and others(said) <= others(wanted):
            return _Match(choice, phrase, 0.0, (0, len(said)), True)
    return None


def _same(said: str, wanted: str, by_sound_from: int) -> bool:
    """The same to the letter, or to the ear from so many syllables on: 是 is not 四, 我是本仁 is 我是本人."""
    return said == wanted or (len(wanted) >= by_sound_from and folded(said) == folded(wanted))


def _hardly_else(said: str, wanted: str) -> bool:
    """Whether a long sentence can hardly be another: as many syllables, altogether less than one of them off.

    我九十百人没有错 is 我就是本人没有错, for which the owner was asked; with a 不 it is something else.
    """
    heard, sounds = folded(said), folded(wanted)
    if len(heard) != len(sounds) or len(sounds) < SENTENCE or more_denied(said, wanted):
        return False
    return sum(difference(a, b) for a, b in zip(heard, sounds, strict=True)) <= HARDLY


def _match(said: str, choice: Choice, phrase: str) -> _Match | None:
    wanted = core(phrase)
    heard, sounds = folded(said), folded(wanted)
    if choice.own and (swaps_person(said, wanted) or not doubts(said) <= doubts(wanted)):
        return None
    far, span = _whole(said, wanted, choice, phrase), (0, len(heard))
    if _may_be_inside(choice, phrase, len(sounds)) and len(sounds) < len(heard):
        inside, where = _inside(heard, sounds) if choice.own else _exactly_inside(heard, sounds)
        cost = _penalised(inside, where, len(heard))
        enough = _enough(choice, wanted, said, where)
        if enough and inside <= INSIDE_ACCEPT and cost < far:
            far, span = cost, where
    may_win = denies(said) >= denies(wanted) and span[0] <= max(BEFORE, len(sounds))
    return _Match(choice, phrase, far, span, may_win) if far <= ACCEPT else None


def _whole(said: str, wanted: str, choice: Choice, phrase: str) -> float:
    """Distance of whole to whole; 1 where it is too far, a shared 不 not counted: 不满意 is no 不可以."""
    heard, sounds = folded(said), folded(wanted)
    if _same(said, wanted, by_sound_from=2 if choice.own else 3):
        return 0.0
    if len(sounds) == 1 or phrase.startswith(WHOLE):
        return 1.0
    if not choice.own:
        return _nearly(heard, sounds)
    longest = max(len(heard), len(sounds))
    cut = len(heard) < len(sounds) < LONG
    if cut or abs(len(heard) - len(sounds)) > min(ACCEPT * longest, MOST):
        return 1.0
    far = distance(heard, sounds)
    beside = far * longest / max(1, longest - denies(wanted))
    return far if far * longest <= MOST and beside <= ACCEPT else 1.0


def _nearly(heard: tuple[str, ...], sounds: tuple[str, ...]) -> float:
    """Distance of a way out: as many syllables, of which one may sound a little different."""
    if len(heard) != len(sounds) or len(sounds) < LONG:
        return 1.0
    off = sum(difference(a, b) for a, b in zip(heard, sounds, strict=True))
    return off / len(sounds) if off <= NEAR else 1.0


def _exactly_inside(heard: tuple[str, ...], sounds: tuple[str, ...]) -> tuple[float, tuple[int, int]]:
    """Where `heard` holds `sounds` to the letter, at no cost."""
    length = len(sounds)
    for start in range(len(heard) - length + 1):
        if heard[start : start + length] == sounds:
            return 0.0, (start, start + length)
    return 1.0, (0, 0)


def _enough(choice: Choice, wanted: str, said: str, where: tuple[int, int]) -> bool:
    """Whether a short phrase is enough of a sentence; of one that only sounds so (我把 for 我爸), half."""
    length, whole = len(wanted), len(said)
    if not choice.own:
        return length >= LONG or 2 * length >= whole
    if length > 2 or 2 * length >= whole:
        return True
    at_an_end = where[0] == 0 or where[1] == whole
    return wanted == said[slice(*where)] and (4 if at_an_end else 3) * length >= whole


def _barely_denied(said: str, best: _Match, choices: Sequence[Choice]) -> bool:
    """Whether somebody denies to be the owner with a syllable or two besides that say nothing.

    不是我事 was 对，我是: he is asked once more. Who adds whom he is (不是，我是他哥) is believed.
    """
    if not denies(best.phrase) or best.distance == 0 or not any(choice.sure for choice in choices):
        return False
    start, end = best.span
    beside = said[:start] + said[end:]
    return best.choice.own and len(beside) <= BARELY and not others(beside)


def _strangely_led(said: str, best: _Match, choices: Sequence[Choice]) -> bool:
    """Whether an odd syllable before an affirming phrase may be a 不 misheard: 舞队的 for 不对的."""
    before = said[: best.span[0]]
    if not before or not best.choice.own or denies(best.phrase) or _LEADING.search(before):
        return False
    rivals = (choice for choice in choices if choice.own and choice.name != best.choice.name)
    return any(denies(phrase) for choice in rivals for phrase in choice.phrases)


def _nearly_opposite(said: str, best: _Match, choices: Sequence[Choice]) -> bool:
    """Whether another answer's denial sounds nearly as like as what was taken for an affirmation.

    Or its affirmation more so than what was taken for a denial: 可别满意 was 特别满意, not 不满意.
    """
    heard = folded(said)
    whole = best.span == (0, len(heard))
    if best.distance == 0 or not whole or not best.choice.own:
        return False
    denied = denies(best.phrase)
    margin = 0.0 if denied else POLE_MARGIN
    rivals = (choice for choice in choices if choice.own and choice.name != best.choice.name)
    return any(
        distance(heard, folded(core(phrase))) - best.distance < margin
        for choice in rivals
        for phrase in choice.phrases
        if denies(phrase) != denied
    )


def _may_be_inside(choice: Choice, phrase: str, length: int) -> bool:
    return not phrase.startswith(WHOLE) and length >= (2 if choice.own else 3)


def _penalised(inside: float, where: tuple[int, int], length: int) -> float:
    return inside + INSIDE + LEFT_OVER * (length - (where[1] - where[0])) / length


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


def _turned_round(said: str, best: _Match, choices: Sequence[Choice]) -> bool:
    """Whether an answer stands beside the denial, so that either may be meant: 没有，都是我自己.

    Not asked about the owner: whoever denies there is somebody else, whatever he adds.
    """
    if best.distance == 0 or not denies(best.phrase) or any(choice.sure for choice in choices):
        return False
    own = [choice for choice in choices if choice.own]
    rival = [choice for choice in own if choice.name != best.choice.name]
    before = core(said[: best.span[0]])
    return (
        any(
            _answers(core(said[len(start) :]), choice)
            for start in _STARTS
            if said.startswith(start)
            for choice in own
        )
        or any(_answers(core(said[1:]), best.choice) for start in "不没" if said.startswith(start))
        or (not denies(before) and any(_best(before, choice) for choice in rival if before))
    )


def _answers(text: str, choice: Choice) -> bool:
    match = _best(text, choice) if text and not denies(text) else None
    return match is not None and match.distance == 0


def expected(choices: Iterable[Choice]) -> tuple[str, ...]:
    """All that is understood of `choices`, each phrase once, as it is said."""
    every = (phrase.removeprefix(WHOLE) for choice in choices for phrase in choice.phrases)
    return tuple(dict.fromkeys(every))


def phrases_of(names: Iterable[str], lists: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Phrases with the lists that they name (`@yes`) in their place, each once."""
    said: dict[str, None] = {}
    for name in names:
        said.update(dict.fromkeys(lists[name[1:]] if name.startswith("@") else (name,)))
    return tuple(said)
