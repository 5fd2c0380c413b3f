"""Telephone numbers of mainland China: E.164 inside, spoken and dialed forms at the edges.

The form that a trunk dials (a 0 before non-local mobiles, +86, ...) is the trunk's, not ours.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

PhoneKind = Literal["mobile", "landline"]

_CHINA = 86
_EXTENSION = re.compile(r"^(.*?\d)\s*(?:转|分机|ext\.?|#|,)\s*(\d{1,6})$", re.IGNORECASE)
_DASHED_EXTENSION = re.compile(r"^(.*\d{7,8})\s*-\s*(\d{1,6})$")
_PLAIN_MOBILE = re.compile(r"^1[3-9][0-9]{9}\Z")
_SHOWN = 24
"""Characters of a cell that are told."""
_ALLOWED = re.compile(r"^\+?[\d\s()./-]+$")
_KINDS: dict[int, PhoneKind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
}


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as kept: `e164` ("+8613800000000"), what it is, and the digits to dial after the answer."""

    e164: str
    kind: PhoneKind
    extension: str = ""


def normalise(raw: str) -> Phone:
    """The number that `raw` means. Raises ValueError with a reason in plain words."""
    if _PLAIN_MOBILE.match(raw) and _is_mobile_range(raw[:7]):
        return Phone(f"+{_CHINA}{raw}", "mobile")
    text = unicodedata.normalize("NFKC", raw).strip().lstrip("'")
    if not text:
        raise ValueError("the phone number is empty")
    body, extension = _split_extension(text)
    if not _ALLOWED.match(body):
        raise ValueError("not a phone number")
    number = _parsed(body)
    kind = _KINDS.get(phonenumbers.number_type(number))
    if kind is None:
        raise ValueError("neither a mobile nor a landline with its area code")
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), kind, extension)


@lru_cache(maxsize=100_000)
def _is_mobile_range(seven: str) -> bool:
    """Ranges are given out by the first seven digits: asked once each, for a file holds a million numbers."""
    number = phonenumbers.parse(f"{seven}0000", "CN")
    return phonenumbers.number_type(number) == PhoneNumberType.MOBILE


def _split_extension(text: str) -> tuple[str, str]:
    """The number itself and its extension: `转8012`, `ext. 12`, and `021-61234567-8012`."""
    named = _EXTENSION.match(text)
    if named:
        return named[1], named[2]
    dashed = _DASHED_EXTENSION.match(text)
    if dashed and _is_valid(dashed[1]) and not _is_valid(text):
        return dashed[1], dashed[2]
    return text, ""


def _is_valid(body: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(body, "CN"))
    except phonenumbers.NumberParseException:
        return False


def _parsed(body: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(body, "CN")
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    if number.country_code != _CHINA:
        raise ValueError("not a number of mainland China")
    if not phonenumbers.is_possible_number(number):
        raise ValueError("wrong number of digits")
    if not phonenumbers.is_valid_number(number):
        raise ValueError("no such numbering range, or the area code is missing")
    return number


def national(e164: str) -> str:
    """The form people dial inside the country: "13800000000", "02161234567"."""
    number = phonenumbers.parse(e164, None)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL).replace(" ", "").replace("-", "")


def masked(e164: str) -> str:
    """The number with its middle hidden: "138****0000". What is not a number is hidden whole."""
    try:
        digits = national(e164)
    except phonenumbers.NumberParseException:
        return "****"
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else "****"


def covered(raw: str) -> str:
    """What is no number, as it may be shown: the first three and the last two of its digits, the rest hidden.

    Signs and letters stay, for they are often what is wrong.
    """
    places = [at for at, sign in enumerate(raw) if sign.isdigit()]
    hidden = set(places[3:-2])
    return "".join("*" if at in hidden else sign for at, sign in enumerate(raw[:_SHOWN]))
