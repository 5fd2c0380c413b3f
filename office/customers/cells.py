"""One cell of a branch's file: dates, amounts, shares, yes and no, telephone numbers. Pure.

What cannot be used raises `BadCell` with a reason for whoever corrects the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from base.phones import Phone, covered, normalise
from office.tables import Cell

LONGEST = 80
"""Characters of a name, a branch, a staff number."""

WORDS = 500
"""Characters of a remark."""

NOTHING = frozenset({"", "-", "--", "—", "——", "/", "无", "暂无", "空", "n/a", "#n/a", "na", "null", "none"})
"""How an empty cell is written."""

_LONGEST_NOTHING = max(map(len, NOTHING))

_SIGNS_OF_TEXT = ("=", "'")
_AS_TEXT = re.compile(r'^="([^"]*)"$')
_DATE = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]+[\d:.]+)?$")
_PLAIN_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DAY_NUMBER = re.compile(r"^\d{5}(?:\.0+)?$")
_EXCEL_DAY_0 = date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)
_WITHOUT_END = frozenset({"长期", "永久", "无固定期限", "至今", "不限"})
_DAYS = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|\d{8}")
_FIGURE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?\Z")
_AMOUNT = re.compile(
    r"^(?:人民币|rmb|cny|[¥￥])?\s*([-+]?[\d,]*\.?\d+(?:e[-+]?\d+)?)\s*(万亿|亿|万|千|百万|千万)?\s*(?:元|块)?$",
    re.I,
)
_RATE = re.compile(r"^([-+]?[\d,]*\.?\d+)\s*(%|‰|倍|次)?$")
_MOST = 1e13
_TIMES: Mapping[str, float] = {"千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12}
_PARTS: Mapping[str, float] = {"%": 0.01, "‰": 0.001}
_YES = frozenset({"是", "y", "yes", "true", "1", "1.0", "√", "✓", "✔", "有", "对"})
_NO = frozenset({"否", "n", "no", "false", "0", "0.0", "×", "x", "✗", "不是"})
_SEVERAL = re.compile(r"\s*(?:[/;；、|\n]|[,，](?=\s*[\d(+]{7,}))\s*")
_EXACT = 1e15
"""A spreadsheet keeps fifteen digits of a number."""


class BadCell(Exception):
    """One cell cannot be used."""


def plain(cell: Cell) -> str:
    """Its words on one line, without the signs that stand for nothing; whole numbers without a point."""
    if isinstance(cell, str):
        text = cell if cell.isalnum() else _bare(cell)
    elif isinstance(cell, float) and cell.is_integer():
        text = str(_whole(cell))
    else:
        text = "" if cell is None else str(cell)
    return "" if len(text) <= _LONGEST_NOTHING and text.casefold() in NOTHING else text


def _bare(text: str) -> str:
    """Without blanks, and without what makes a spreadsheet take figures for text: '80001234, ="80001234"."""
    text = " ".join(text.split())
    if text[:1] not in _SIGNS_OF_TEXT:
        return text
    as_text = _AS_TEXT.match(text)
    return as_text[1] if as_text else text.lstrip("'")


def _whole(number: float) -> int:
    if abs(number) >= _EXACT:
        raise BadCell("号码被存成了数字，后几位已经丢失：请把这一列设为文本后重新导出")
    return int(number)


def words(cell: Cell, longest: int = LONGEST) -> str:
    """Words of at most so many characters that can be printed."""
    text = plain(cell)
    if len(text) > longest:
        raise BadCell(f"超过 {longest} 个字符")
    if not text.isprintable():
        raise BadCell("含有无法显示的字符")
    return text


def day(cell: Cell) -> date | None:
    """2025-03-08, 2025/3/8, 2025.3.8, 2025年3月8日, 20250308, a spreadsheet's date or its day number."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain(cell)
    return _day(text) if text else None


@lru_cache(maxsize=20_000)
def _day(text: str) -> date:
    written = unicodedata.normalize("NFKC", text)
    found = _DATE.match(written) or _PLAIN_DATE.match(written)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
        if _DAY_NUMBER.match(written) and int(float(written)) in _EXCEL_DAYS:
            return _EXCEL_DAY_0 + timedelta(days=int(float(written)))
    except ValueError:
        pass
    raise BadCell(f"{text} 不是日期，请写成 2025-03-08")


def last_day(cell: Cell) -> date | None:
    """A day, or None for what has no end (长期)."""
    return None if plain(cell) in _WITHOUT_END else day(cell)


def from_to(cell: Cell) -> tuple[date | None, date | None]:
    """A first and a last day: 2025-01-01至2025-12-31, 2025.1.1-长期."""
    text = unicodedata.normalize("NFKC", plain(cell))
    if not text:
        return None, None
    days = [_day(found) for found in _DAYS.findall(text)]
    if len(days) not in {1, 2}:
        raise BadCell(f"{text} 不是起止日期，请写成 2025-01-01至2025-12-31")
    return days[0], days[1] if len(days) == 2 else None


def amount(cell: Cell, unit: float = 1.0) -> float:
    """Yuan: 1,234.5万, 50万元, ¥1,000; a unit that the cell itself names goes before the column's.

    Raises:
        BadCell: it is no amount, or more than any customer has: a wrong unit ranks above all others (P3).
    """
    yuan = _yuan(cell, unit)
    if not -_MOST <= yuan <= _MOST:
        raise BadCell(f"{cell} 超过10万亿元，请检查单位")
    return yuan


def _yuan(cell: Cell, unit: float) -> float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell * unit
    if isinstance(cell, str) and _FIGURE.match(cell):
        return float(cell) * unit
    text = plain(cell)
    return _amount(text, unit) if text else 0.0


@lru_cache(maxsize=20_000)
def _amount(text: str, unit: float) -> float:
    found = _AMOUNT.match(unicodedata.normalize("NFKC", text))
    if found is None:
        raise BadCell(f"{text} 不是金额")
    return float(found[1].replace(",", "")) * (_TIMES[found[2]] if found[2] else unit)


def rate(cell: Cell, unit: float = 1.0) -> float:
    """A share or a multiple: 350% is 3.5, as is 3.5."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell * unit
    if isinstance(cell, str) and _FIGURE.match(cell):
        return float(cell) * unit
    text = plain(cell)
    if not text:
        return 0.0
    found = _RATE.match(unicodedata.normalize("NFKC", text))
    if found is None:
        raise BadCell(f"{text} 不是比率，请写成 350% 或 3.5")
    return float(found[1].replace(",", "")) * (_PARTS.get(found[2], 1.0) if found[2] else unit)


def switch(cell: Cell) -> bool:
    """Yes or no: 是, 否, Y, N, 1, 0, √."""
    text = plain(cell).casefold()
    if text in _YES:
        return True
    if not text or text in _NO:
        return False
    raise BadCell(f"{text} 既不是“是”也不是“否”")


def phones(cell: Cell) -> tuple[Phone, ...]:
    """One number, or several with / ; 、 between them."""
    if isinstance(cell, int | float):
        return (_of_number(cell),)
    text = plain(cell)
    if text.isascii() and text.isdigit():
        return (_phone(text),)
    return tuple(_phone(part) for part in _SEVERAL.split(text) if part)


def _of_number(number: float) -> Phone:
    """A spreadsheet that took a number for a figure has eaten the 0 of the area code."""
    if isinstance(number, bool) or not float(number).is_integer():
        raise BadCell(f"{number} 不是电话号码")
    digits = str(int(number))
    try:
        return normalise(digits)
    except ValueError:
        return _phone(f"0{digits}")


def _phone(text: str) -> Phone:
    try:
        return normalise(text)
    except ValueError as error:
        raise BadCell(f"{covered(text)} 不是能拨打的电话号码：手机写 11 位，座机写区号") from error


def tail(cell: Cell) -> str:
    """The last four characters of an identity number: no more of it is kept (A5)."""
    return words(cell)[-4:].upper()
