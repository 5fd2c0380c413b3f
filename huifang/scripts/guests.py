"""Customers made up by chance: they answer, wish, babble, stay silent, press keys, hang up.

Pure: a `random.Random` is an argument. Each guest has a temper, so that patience is tried in every way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from ivr.asking import choices
from ivr.hearing import Heard
from ivr.script import Appoint, Ask, Script
from ivr.understanding import WHOLE, Choice
from ivr.values import CustomerHungUp, Happening, Pressed, Said, Silence

ANSWER, WISH, JUNK, SILENCE, KEY, HANG_UP = "answer", "wish", "junk", "silence", "key", "hang up"

TEMPERS: tuple[Mapping[str, int], ...] = (
    {ANSWER: 96, WISH: 2, JUNK: 1, SILENCE: 1},
    {ANSWER: 96, WISH: 2, JUNK: 1, KEY: 1},
    {ANSWER: 60, WISH: 10, JUNK: 10, SILENCE: 8, KEY: 10, HANG_UP: 2},
    {ANSWER: 40, KEY: 55, WISH: 5},
    {ANSWER: 40, SILENCE: 55, HANG_UP: 5},
    {ANSWER: 35, JUNK: 60, WISH: 5},
    {ANSWER: 60, WISH: 40},
)
"""How often each does what; the first two go through the whole conversation."""

BABBLE = (
    "天气很好",
    "我在开车呢信号不好",
    "你说什么",
    "哈哈",
    "等一下啊",
    "那个那个",
    "股票跌了",
    "喂",
    "嗯",
    "不是不是是的",
)
TIMES = (
    "明天下午三点半",
    "下周一收盘以后",
    "过两个小时",
    "明天",
    "后天上午十点",
    "三月五号",
    "晚上八点",
    "下周三",
)
SETTLING = ("是的", "对", "不对", "可以", "不行")
OWNERS = 0.6
"""How many of those who answer say at once that they are the owner."""
KEYS = "0123456789*#"
MOST_DIGITS = 13

_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Guest:
    """One customer."""

    words: Vocabulary
    temper: Mapping[str, int]
    random: Random

    def reply(self, node: str, at_s: float) -> Happening:
        """What the customer does when listened to at a node, at a second of the call."""
        (does,) = self.random.choices(list(self.temper), list(self.temper.values()))
        match does:
            case "silence":
                return Silence(at_s)
            case "key":
                return Pressed(self._key(node), at_s)
            case "hang up":
                return CustomerHungUp(at_s)
            case "wish":
                return said(self._phrase(node, own=False), at_s)
            case "junk":
                return said(self.random.choice(BABBLE), at_s)
            case _:
                return said(self._answer(node), at_s)

    def _key(self, node: str) -> str:
        """Mostly one that stands for something."""
        at = self.words.script.nodes[node]
        known = [one.key for one in at.options.values() if one.key] if isinstance(at, Ask) else ["1", "2"]
        return self.random.choice(known if known and self.random.random() < 0.8 else KEYS)

    def _answer(self, node: str) -> str:
        """Something that suits the question."""
        at = self.words.script.nodes[node]
        if isinstance(at, Ask) and at.confirms_owner and self.random.random() < OWNERS:
            return self.random.choice(self.words.confirming(node)).removeprefix(WHOLE)
        if isinstance(at, Appoint):
            return self.random.choice((*TIMES, *SETTLING))
        kind = at.answer if isinstance(at, Ask) else ""
        if isinstance(at, Ask) and kind in OPEN and self.random.random() < 0.8:
            return self._open(at)
        return self._phrase(node, own=True) or self.random.choice(BABBLE)

    def _open(self, at: Ask) -> str:
        """Words of one's own: a number, a day, a time, whatever; or what settles a thing said back."""
        if at.answer == "free":
            return self.random.choice(BABBLE)
        if at.confirm is not None and self.random.random() < 0.5:
            return self.random.choice(SETTLING)
        if at.answer != "number":
            return self.random.choice(TIMES)
        most = at.digits.most if at.digits else MOST_DIGITS
        length = most if self.random.random() < 0.7 else self.random.randint(1, MOST_DIGITS)
        return "".join(self.random.choices(_DIGITS, k=length))

    def _phrase(self, node: str, *, own: bool) -> str:
        """A phrase of one of the question's options, or of one of the other wishes."""
        known = self.words.phrases(node, own=own)
        return self.random.choice(self.random.choice(known)).removeprefix(WHOLE) if known else ""


OPEN = frozenset({"free", "date_time", "date", "number"})
"""Questions that are answered in words of one's own."""


def said(text: str, at_s: float) -> Said:
    """Heard to the letter."""
    return Said(Heard(text, 1.0), at_s, at_s + 1.0)


class Vocabulary:
    """What may be said at each question of a script, with the slots' examples; worked out once for each."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.examples = {name: slot.example for name, slot in script.slots.items()}
        self._known: dict[str, tuple[Choice, ...]] = {}

    def confirming(self, node: str) -> tuple[str, ...]:
        """Phrases that confirm the owner at a question that asks for them."""
        at = self.script.nodes[node]
        sure = (
            {name for name, option in at.options.items() if option.confirms_owner}
            if isinstance(at, Ask)
            else set()
        )
        self.phrases(node, own=True)
        return tuple(phrase for one in self._known[node] if one.name in sure for phrase in one.phrases)

    def phrases(self, node: str, *, own: bool) -> tuple[tuple[str, ...], ...]:
        """Phrases by what they mean: of the question's own options, or of the other wishes."""
        if node not in self._known:
            self._known[node] = choices(self.script, node, self.examples)
        return tuple(one.phrases for one in self._known[node] if one.own is own)
