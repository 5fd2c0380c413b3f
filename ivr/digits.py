"""Numbers as people say them and as they are said back: 幺三八零零幺二三四五六 (questions of kind `number`).

Taken are numerals and figures, 幺 for one, repetition (两个八, 三个零), cardinals (二十五, 三万). What only
sounds like a numeral (一三吧 for 一三八) counts between numerals alone: at the ends 要 and 吧 are more likely
words. Whatever does not come out at the asked length is asked again.
"""

from __future__ import annotations

import re
import unicodedata

from base.pinyin import sounding, syllables
from ivr.doubts import denies
from ivr.values import Line

_FIGURES = {name: str(value) for value, name in enumerate("零一二三四五六七八九")} | {
    **{str(value): str(value) for value in range(10)},
    **dict.fromkeys("〇洞", "0"),
    **dict.fromkeys("幺么", "1"),
    "两": "2",
    "拐": "7",
    "勾": "9",
}
_BY_SOUND = {
    "ling": "0", "lin": "0", "yi": "1", "yao": "1", "er": "2", "liang": "2", "san": "3", "shan": "3",
    "si": "4", "shi": "4", "wu": "5", "liu": "6", "niu": "6", "qi": "7", "ba": "8", "jiu": "9",
}  # fmt: skip
_ONE = "yao"
_REPEATED = re.compile(r"([1-9])个(\d)")
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_CARDINAL = re.compile(r"(?:(?:\d{1,4}万|\d?[十百千万])0?)+\d?")
_RUN = re.compile(r"\d+")
_BETWEEN = re.compile(r"(?<=\d)(?:然后|后面|再|是|嗯|啊|呃|那个|就是)+(?=\d)")
_CORRECTED = re.compile(r"\d.*?(?:不对|错了|不是).*?\d")
_TELEPHONE = 5
"""From so many digits on, one is said as 幺."""


def digits(text: str, least: int, most: int) -> str | None:
    """The digits of a number somebody says, if they come to between `least` and `most`; else None.

    None also where something is denied or corrected (不是一三八…, 一三八不对一三九): which of two is meant?
    """
    characters = sounding(unicodedata.normalize("NFKC", text))
    if _denied(characters):
        return None
    for loosely in (False, True):
        figures = _figures(characters, loosely=loosely)
        for spelt in (_CARDINAL.sub(_cardinal, figures), figures.replace("十", "4")):
            found = _fitting(spelt, least, most)
            if found is not None:
                return found
    return None


def pieces(digits: str) -> tuple[Line, ...]:
    """A number said back digit by digit, from pieces that are rendered once; 1 is 幺 in longer numbers."""
    return tuple(_piece(digit, telephone=len(digits) >= _TELEPHONE) for digit in digits)


def all_pieces() -> tuple[Line, ...]:
    """Every piece that `pieces` may use."""
    return (*(_piece(str(digit)) for digit in range(10)), _piece("1", telephone=True))


def _piece(digit: str, *, telephone: bool = False) -> Line:
    if digit == "1" and telephone:
        return Line("digit.yao", "幺")
    return Line(f"digit.{digit}", "零一二三四五六七八九"[int(digit)])


def _denied(characters: str) -> bool:
    """A denial right before figures, or between two of them."""
    figures = _figures(characters, loosely=False)
    first = re.search(r"\d", figures)
    return bool(_CORRECTED.search(figures)) or (first is not None and denies(figures[: first.start()]))


def _figures(characters: str, *, loosely: bool) -> str:
    """With figures for numerals, and for what sounds like one between two.

    `loosely`: also where it may be a word: 是 between two, 要 before the first.
    """
    sounds, kept = syllables(characters), "个十百千万" if loosely else "个十百千万是"
    out = [_FIGURES.get(character, character) for character in characters]
    for at in range(1, len(out) - 1):
        after = out[at + 1].isdigit() or sounds[at + 1] in _BY_SOUND
        if out[at - 1].isdigit() and after and out[at] not in kept:
            out[at] = _BY_SOUND.get(sounds[at], out[at])
    first = next((at for at, one in enumerate(out) if one.isdigit()), 0)
    if loosely and first and sounds[first - 1] == _ONE:
        out[first - 1] = "1"
    return _REPEATED.sub(lambda found: found[2] * int(found[1]), "".join(out))


def _cardinal(found: re.Match[str]) -> str:
    """二十五 as 25, 一百零三 as 103, 一百二 as 120, 三万 as 30000."""
    total = section = number = 0
    unit = 1
    for character in found[0]:
        if character == "万":
            total, section, number, unit = (section + number or 1) * 10_000, 0, 0, 10_000
        elif character in _UNITS:
            unit = _UNITS[character]
            section, number = section + (number or 1) * unit, 0
        else:
            number = 10 * number + int(character)
            unit = 1 if character == "0" else unit
    short = number and unit > 10 and found[0][-2] in _UNITS
    return str(total + section + number * (unit // 10 if short else 1))


def _fitting(spelt: str, least: int, most: int) -> str | None:
    """All figures together, else the one run of them that has the length."""
    runs = _RUN.findall(_BETWEEN.sub("", spelt))
    together = "".join(runs)
    if least <= len(together) <= most and len(runs) <= most:
        return together
    fitting = [run for run in runs if least <= len(run) <= most]
    return fitting[0] if len(fitting) == 1 else None
