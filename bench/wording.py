"""Talk to search in: words of common characters by Zipf's law, and sentences that our own prompts repeat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CHARACTERS = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所"
    "然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与"
    "长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己"
    "制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系"
    "气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社"
)
"""Frequent ones; a word is two to four of them."""

KNOWN = (
    *(
        "分成",
        "账户",
        "密码",
        "盈利",
        "亏损",
        "佣金",
        "经理",
        "操作",
        "收益",
        "承诺",
        "保本",
        "投诉",
        "风险",
        "股票",
    ),
    *(
        "基金",
        "债券",
        "开户",
        "转账",
        "手续",
        "满意",
        "回访",
        "录音",
        "客服",
        "营业部",
        "身份证",
        "交易所",
        "三七分成",
    ),
    *(
        "代客操作",
        "全权委托",
        "承诺收益",
        "内幕消息",
        "私下转账",
        "客户经理",
        "风险测评",
        "投资顾问",
        "证券账户",
    ),
)
"""What people search for."""

WORDS = 6000
PROMPTS = 60
PROMPTED = 0.35
"""Share of utterances that are a prompt of ours."""

_SHIFT = 2.7
"""Mandelbrot's: the commonest words are less common than Zipf says."""
_LENGTHS = {2: 0.72, 3: 0.13, 4: 0.15}


@dataclass(frozen=True, slots=True)
class Wording:
    """A vocabulary, commonest word first, and the prompts made of it."""

    words: tuple[str, ...]
    shares: np.ndarray[tuple[int], np.dtype[np.float64]]
    prompts: tuple[str, ...]

    @classmethod
    def made(cls, random: np.random.Generator) -> Wording:
        """The same for the same seed; known words stand at places of all ranks."""
        lengths = random.choice(list(_LENGTHS), size=WORDS - len(KNOWN), p=list(_LENGTHS.values()))
        made = ["".join(random.choice(list(CHARACTERS), size=length)) for length in lengths]
        words = tuple(random.permutation(list(dict.fromkeys((*KNOWN, *made)))).tolist())
        shares = 1 / (np.arange(len(words)) + 1 + _SHIFT)
        shares /= shares.sum()
        prompts = tuple("".join(random.choice(words, size=8)) for _ in range(PROMPTS))
        return cls(words, shares, prompts)

    def said(self, random: np.random.Generator, count: int) -> list[tuple[str, str]]:
        """So many utterances: party and text."""
        lengths = random.integers(2, 11, size=count)
        drawn = iter(random.choice(len(self.words), size=int(lengths.sum()), p=self.shares).tolist())
        prompted = random.random(count) < PROMPTED
        which = random.integers(0, len(self.prompts), size=count)
        spoken = ["".join(self.words[next(drawn)] for _ in range(length)) for length in lengths]
        return [
            ("system", self.prompts[prompt]) if ours else ("customer", text)
            for text, ours, prompt in zip(spoken, prompted, which, strict=True)
        ]
