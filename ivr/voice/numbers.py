"""Figures in a prompt's wording, as they are said on the telephone (pure)."""

from __future__ import annotations

import re

DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
AS_CODE = str.maketrans("0123456789", "零幺二三四五六七八九")
"""Figures as telephone and staff numbers are said, for `str.translate`."""
AS_YEAR = str.maketrans("0123456789", DIGITS)
"""Figures as years are said."""
_LONGEST_COUNT = 8
"""A longer run of digits is a number to call or to type: said digit by digit."""


def spelled(text: str) -> str:
    """Replace years, dates, clock times, percentages, decimals, codes and counts by Chinese words.

    A run of digits that starts with 0, or has five digits and more without a unit behind it, is said digit
    by digit with 幺 for 1, as telephone numbers are.
    """
    text = re.sub(r"(\d{4})(?=年)", lambda found: found[1].translate(AS_YEAR), text)
    text = re.sub(r"(\d{1,2}):(\d{2})", lambda found: clock(int(found[1]), int(found[2])), text)
    text = re.sub(r"(\d+(?:\.\d+)?)%", lambda found: "百分之" + found[1], text)
    text = re.sub(r"(\d+)\.(\d+)", _decimal, text)
    return re.sub(r"\d+(?=([万亿元股份户]?))", _run, text)


def _decimal(found: re.Match[str]) -> str:
    return f"{count(int(found[1]))}点{found[2].translate(AS_YEAR)}"


def count(number: int) -> str:
    """A count below 100,000,000 in words: 12 十二, 105 一百零五, 20300 两万零三百."""
    if number < 10_000:
        return _below_10_000(number)
    high, low = divmod(number, 10_000)
    head = "两万" if high == 2 else _below_10_000(high) + "万"
    if low == 0:
        return head
    return head + ("零" if low < 1000 else "") + _below_10_000(low).removeprefix("零")


def clock(hour: int, minute: int) -> str:
    """A time of day: 15:30 十五点三十分, 9:05 九点零五分, 14:00 十四点."""
    said = "两点" if hour == 2 else count(hour) + "点"
    if minute == 0:
        return said
    return said + ("零" if minute < 10 else "") + count(minute) + "分"


def _run(found: re.Match[str]) -> str:
    digits, unit = found[0], found[1]
    is_code = digits.startswith("0") or (len(digits) >= 5 and not unit) or len(digits) > _LONGEST_COUNT
    return digits.translate(AS_CODE) if is_code and len(digits) > 1 else count(int(digits))


def _below_10_000(number: int) -> str:
    if number < 10:
        return DIGITS[number]
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            said += ("零" if gap and said else "") + DIGITS[digit] + _UNITS[place]
        gap = digit == 0
    return said.removeprefix("一") if 10 <= number < 20 else said
