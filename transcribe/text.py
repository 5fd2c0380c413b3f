"""Recognisers' text made plain: simplified, no punctuation, nothing invented over silence. Pure."""

from __future__ import annotations

import unicodedata
import zlib
from functools import cache

from opencc import OpenCC

STOCK = (
    "字幕",
    "请不吝点赞",
    "点赞订阅",
    "订阅转发",
    "明镜与点点",
    "谢谢观看",
    "感谢观看",
    "谢谢收看",
    "谢谢大家收看",
    "感谢收看",
    "多谢您的观看",
    "中文普通话",
    "优优独播剧场",
    "amara",
    "索兰娅",
)
"""Phrases of film subtitles: Whisper learnt them over silence and music, and says them there."""


@cache
def _converter(conversion: str) -> OpenCC:
    return OpenCC(conversion)


_FASTEST = 7.0
"""Characters that a person says in a second, at most."""


def simplified(text: str) -> str:
    """Traditional characters to simplified ones."""
    return str(_converter("t2s").convert(text))


def traditional(text: str) -> str:
    """Simplified characters to traditional ones, as a recogniser may spell the same words."""
    return str(_converter("s2t").convert(text))


def spoken(char: str) -> bool:
    """True for what is said aloud: letters, hanzi, digits; false for punctuation, spaces and symbols."""
    return unicodedata.category(char)[0] in "LN"


def plain(text: str) -> str:
    """Simplified, lower case, without punctuation and spaces."""
    return "".join(char for char in simplified(text).lower() if spoken(char))


def invented(text: str) -> bool:
    """True when plain `text` is one of the sentences that stand for no speech at all."""
    return any(phrase in text for phrase in STOCK)


def looped(text: str) -> bool:
    """True when plain `text` goes round in circles: 对对对 is speech, twelve times 我们的 is not."""
    if len(text) < 12:
        return len(text) >= 8 and len(set(text)) == 1
    return _longest_repeat(text) >= max(12, len(text) // 2) or compression(text) > 2.4


def unstuttered(text: str, voiced_s: float) -> str:
    """The first saying of what plain `text` says twice or more, if nobody could say all of it in that time.

    A recogniser that has more window than sound fills it: 我要投诉你们我要投诉你们我要 in 1.1 s. What is
    left is always the beginning of `text`.
    """
    if len(text) <= _FASTEST * voiced_s:
        return text
    for unit in range(2, len(text) - 1):
        if all(text[n] == text[n - unit] for n in range(unit, len(text))):
            return text[:unit]
    return text


def compression(text: str) -> float:
    """How many times smaller zlib makes the UTF-8 bytes."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def _longest_repeat(text: str) -> int:
    """Characters covered by the longest run of one unit (1 to 8 characters) said four times or more."""
    return max((_run(text, unit) for unit in range(1, 9)), default=0)


def _run(text: str, unit: int) -> int:
    best = here = 0
    for char, before in zip(text[unit:], text, strict=False):
        here = here + 1 if char == before else 0
        best = max(best, here)
    return best + unit if best >= 3 * unit else 0
