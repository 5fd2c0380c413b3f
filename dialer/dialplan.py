"""In which form a trunk wants a number dialed, and why. Numbers are E.164 inside. Pure.

A carrier that says 请加拨0 (or the contrary) was dialed in the wrong form: our mistake, never the customer's
attempt (`misdialled`). The next attempt takes the other form, where there is one. How often a follow-up was
misdialled stands in its attempts, so nothing else has to be remembered, and no restart forgets it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from base.phones import national
from dialer.disposition import Disposition
from records.model import PastAttempt

Form = Literal["national", "e164"]
MobileZero = Literal["never", "always", "by_area"]

Home = Callable[[str, str], bool | None]
"""Whether a mobile (E.164) is at home in an area ("021"); None where nobody knows."""

_MOBILE = re.compile(r"\+861[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class DialPlan:
    """What a trunk wants dialed.

    Attributes:
        form: 13800000000 and 02161234567, or +8613800000000.
        prefix: digits before all else.
        local_area: the trunk's own area code, "021".
        drop_area: landlines of that area are dialed without it.
        mobile_zero: a 0 before mobiles: never, always, or before those of other areas.
    """

    form: Form = "national"
    prefix: str = ""
    local_area: str = ""
    drop_area: bool = False
    mobile_zero: MobileZero = "never"


@dataclass(frozen=True, slots=True)
class Dialed:
    """What is dialed: the user part of the request URI, then the extension's keys after the answer."""

    phone: str
    user: str
    extension: str = ""
    why: str = ""


def nobody_knows(_area: str, _phone: str) -> None:
    """Homes of mobiles are not known."""


def dial(
    plan: DialPlan, phone: str, *, extension: str = "", misdialled: int = 0, home: Home = nobody_knows
) -> Dialed:
    """The dial form of a number.

    Args:
        plan: what the trunk wants.
        phone: E.164.
        extension: keys for the switchboard behind the number; "" for none.
        misdialled: how often this follow-up was dialed in a wrong form already.
        home: where mobiles are at home, asked for `mobile_zero: by_area` alone.
    """
    forms = _forms(plan, phone, home)
    user, why = forms[misdialled % len(forms)]
    if misdialled and len(forms) > 1:
        why = f"{why}, the other form was misdialled"
    return Dialed(phone, user, extension, why)


def misdialled(past: Iterable[PastAttempt]) -> int:
    """How often a follow-up was dialed in a wrong form."""
    return sum(one.disposition == Disposition.MISDIALLED for one in past)


def _forms(plan: DialPlan, phone: str, home: Home) -> tuple[tuple[str, str], ...]:
    """The forms that may be right with their reasons, the trunk's own first."""
    if plan.form == "e164":
        return (phone, "E.164"), (national(phone), "national")
    mobile = _MOBILE.fullmatch(phone) is not None
    forms = _mobile(plan, phone, home) if mobile else _landline(plan, national(phone))
    return tuple((plan.prefix + digits, why) for digits, why in forms)


def _mobile(plan: DialPlan, phone: str, home: Home) -> tuple[tuple[str, str], ...]:
    digits = national(phone)
    plain, zero = (digits, "a mobile without 0"), ("0" + digits, "a mobile with 0")
    match plan.mobile_zero:
        case "never":
            return plain, zero
        case "always":
            return zero, plain
        case "by_area":
            return _by_area(plan.local_area, home(plan.local_area, phone), plain, zero)


def _by_area(
    area: str, at_home: bool | None, plain: tuple[str, str], zero: tuple[str, str]
) -> tuple[tuple[str, str], ...]:
    """An unknown home is dialed without 0: carriers name that mistake, the contrary sounds like no number."""
    if at_home is None:
        return (plain[0], "a mobile whose home is not known"), zero
    if at_home:
        return (plain[0], f"a mobile of {area}"), zero
    return (zero[0], f"a mobile from outside {area}"), plain


def _landline(plan: DialPlan, digits: str) -> tuple[tuple[str, str], ...]:
    if not plan.local_area or not digits.startswith(plan.local_area):
        return ((digits, "a landline with its area code"),)
    local = (digits.removeprefix(plan.local_area), f"a landline of {plan.local_area} without it")
    whole = (digits, f"a landline of {plan.local_area} with it")
    return (local, whole) if plan.drop_area else (whole, local)
