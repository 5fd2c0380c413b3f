"""Spoken times spelt one way: words by sound, numbers as digits. 明天下五三点办 -> 明天下午3点半."""

from __future__ import annotations

import re

from base.pinyin import fold, folded, sounding, syllables

_WORDS = (
    "大后天", "大前天", "今天", "明天", "后天", "昨天", "前天", "今晚", "明晚", "明早", "早上",
    "早晨", "上午", "中午", "下午", "傍晚", "晚上", "收盘", "星期天",
    "星期日", "星期", "礼拜天", "礼拜", "周日", "周末", "周", "小时",
    "钟头", "分钟", "刻钟", "一会", "等会", "待会", "晚点", "晚些",
    "以后", "之后", "点", "半", "刻", "分", "号", "月",
    "过", "下", "这", "本", "个", "到",
)  # fmt: skip
_SPELT = {"今晚": "今天晚上", "明晚": "明天晚上", "明早": "明天早上", "礼拜天": "周日", "星期天": "周日"}
_SPELT |= {"星期日": "周日", "星期": "周", "礼拜": "周", "早晨": "早上", "钟头": "小时"}
_BY_SOUND = sorted(((folded(word), word) for word in _WORDS), key=lambda pair: -len(pair[0]))

_NUMERALS = "零一二三四五六七八九十两"
_VALUES = {"零": 0, "十": 10, "两": 2} | {
    character: value for value, character in enumerate("零一二三四五六七八九")
}
_WEEKDAY = re.compile("周([一二三四五六])")
_NUMBER = re.compile(f"[{_NUMERALS}]+")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
_EXACT_SOUND = {"si": "四", "shi": "十"}
"""Folding makes these two one: only here the unfolded sound counts."""
_FOLDED_SOUND = {fold(syllables(character)[0]): character for character in "一二两三五六七八九"}


def spelt(text: str) -> str:
    """The text in one spelling: time words by sound, numerals as digits, other characters as they are."""
    characters = sounding(_CLOCK.sub(r"\1点\2分", text))
    characters = re.sub(r"\d+", lambda match: chinese(int(match[0])), characters)
    sounds = syllables(characters)
    out: list[str] = []
    at = 0
    while at < len(characters):
        word, length = _word(characters, sounds, at)
        out.append(word)
        at += length
    words = _WEEKDAY.sub(lambda match: f"周{_VALUES[match[1]]} ", "".join(out))  # 周三五点: not thirty-five
    return _NUMBER.sub(lambda match: str(_value(match[0])), words)


def chinese(number: int) -> str:
    """A number from 0 to 99 in words: 15 is 十五; larger ones digit by digit."""
    if number > 99:
        return "".join(_NUMERALS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones or not tens else "")


def _word(characters: str, sounds: tuple[str, ...], at: int) -> tuple[str, int]:
    """The word that sounds from `at` on, and how many characters it takes."""
    if characters[at] in _NUMERALS and not characters[at:].startswith("一会"):
        return characters[at], 1
    for sound, word in _BY_SOUND:
        end = at + len(sound)
        if tuple(map(fold, sounds[at:end])) == sound and _may_be(word, characters[at:end]):
            return _SPELT.get(word, word), len(sound)
    return _numeral(characters, sounds, at), 1


def _may_be(word: str, heard: str) -> bool:
    """Single syllables have too many homophones: only the two that recognisers often miss count by sound."""
    return len(word) > 1 or word == heard or word in "点半"


def _numeral(characters: str, sounds: tuple[str, ...], at: int) -> str:
    """A numeral heard as another character, believed only right before 点."""
    if at + 1 >= len(sounds) or fold(sounds[at + 1]) != "dian":
        return characters[at]
    return _EXACT_SOUND.get(sounds[at]) or _FOLDED_SOUND.get(fold(sounds[at])) or characters[at]


def _value(numerals: str) -> int:
    """三十五 -> 35, 十 -> 10, 一五 -> 15 (digit by digit)."""
    if "十" not in numerals:
        return int("".join(str(_VALUES[character]) for character in numerals))
    tens, _, ones = numerals.partition("十")
    return 10 * (_VALUES[tens[-1]] if tens else 1) + (_VALUES[ones[0]] if ones else 0)
