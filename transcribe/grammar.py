"""What a grammar of expected phrases adds to a free decoding. Pure.

A recogniser that is held to phrases puts any sentence onto one of them, and says that it is sure. So the free
text decides (A2: nobody is confirmed by what we hoped to hear), and the phrase is a second opinion beside it:
it may speak for an answer where the free text is like none, and against one that it contradicts. How much it
counts depends on a second signal: how near it sounds to the free text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from base.pinyin import distance, folded, syllables
from ivr.doubts import denies
from ivr.meaning import AGREED
from ivr.understanding import ACCEPT, POLE_MARGIN, core

UNKNOWN = "[unk]"
"""The word of a model that stands for all words outside of a grammar."""
CONTRADICTS = 0.5
"""How near a phrase must sound to the free text to speak against it: 没有 beside 有, 不太满意 beside 满意."""


def in_words(phrase: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """The phrase split into words that are known, the longest first; () where there is no such way."""
    rest: dict[int, tuple[str, ...]] = {len(phrase): ()}
    for start in reversed(range(len(phrase))):
        for end in range(len(phrase), start, -1):
            if end in rest and knows(phrase[start:end]):
                rest[start] = (phrase[start:end], *rest[end])
                break
    return rest.get(0, ())


def joined(words: Iterable[str]) -> str:
    """A model's words as Chinese is written, without those that stand for noises: [unk], <eps>."""
    return "".join(word for word in words if not word.startswith(("[", "<")))


def second_opinions(free: str, held: str, expected: Sequence[str]) -> tuple[str, ...]:
    """The phrase `held` as often as it counts beside the `free` text.

    Two signals that agree, the grammar and the nearness in sound, are the `AGREED` opinions that may stand in
    for a free text without meaning. A phrase that is only half as near, or may be the wrong pole, can but
    contradict. Anything else was forced, and is left out; so are several phrases in a row.
    """
    said, wanted = core(free), core(held)
    phrases = {core(phrase) for phrase in expected}
    far = distance(folded(said), folded(wanted))
    if not said or wanted not in phrases or far > CONTRADICTS:
        return ()
    return (held,) * (AGREED if _agrees(said, wanted, far, phrases) else 1)


def _agrees(said: str, wanted: str, far: float, phrases: Iterable[str]) -> bool:
    """Near enough, of the same pole, and clearly nearer than what would deny it or what it denies.

    A single syllable must sound the same without folding: 四 is no 是.
    """
    if far > ACCEPT or denies(said) != denies(wanted):
        return False
    if len(wanted) == 1:
        return syllables(said) == syllables(wanted)
    others = (phrase for phrase in phrases if denies(phrase) != denies(wanted))
    return all(distance(folded(said), folded(other)) >= far + POLE_MARGIN for other in others)
