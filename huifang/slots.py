"""What a script may say of a customer and of the firm, in words as they are spoken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from base.errors import InputError, SettingsError
from huifang.settings import Firm
from ivr.script import Script
from ivr.values import Slots
from ivr.voice.numbers import AS_CODE, AS_YEAR, count
from office.customers.names import FILLED
from records.model import Customer, NewCustomer

SAY_LEVEL = "告知"
"""Fills a slot of which only counts that it is there: the level of a risk questionnaire is said (S12)."""

FIRM_SLOTS = {"firm": "name", "seat": "seat", "hotline": "hotline"}
"""Slots that the firm fills, and the settings below `firm` that they come from."""

COLUMNS = {"manager": "客户经理", "opened_month": "开户日期"}
"""Slots that a column of the contacts file fills, by what it is called there; others are headed `{slot}`."""

HALF_MINUTE_S = 30.0


def slots_of(customer: Customer | NewCustomer, firm: Firm, today: date, wait_s: float = 30.0) -> Slots:
    """Words for the script's gaps; what is not known is left out, and the script asks nothing about it.

    `wait_s`: the longest that a customer waits for a person (S18).
    """
    values = dict(customer.words) | {
        "name": customer.name,
        "manager": customer.manager,
        "opened_month": spoken_month(customer.opened_on, today) if customer.opened_on else "",
        "firm": firm.name,
        "seat": firm.seat.translate(AS_CODE),
        "hotline": firm.hotline.translate(AS_CODE),
        "say_level": SAY_LEVEL if firm.say_level else "",
        "transfer_wait": spoken_wait(wait_s),
    }
    return Slots({name: value for name, value in values.items() if value})


def require(script: Script, firm: Firm) -> None:
    """Refuse a script that says something of the firm which is not set: its calls would break off.

    Raises:
        SettingsError: names the setting.
    """
    for name, key in FIRM_SLOTS.items():
        slot, text = script.slots.get(name), getattr(firm, key)
        if slot is not None and not slot.optional and not text:
            what = f"is empty, and script {script.name} says it to every customer"
            raise SettingsError(what, where=f"firm.{key}", remedy="set it in config/settings.yaml")


def needed(script: Script) -> tuple[str, ...]:
    """Slots that every customer's row must fill."""
    own = (name for name, slot in script.slots.items() if not slot.optional)
    return tuple(name for name in own if name not in FILLED or name in COLUMNS)


def require_words(script: Script, people: Sequence[Customer], firm: Firm, today: date) -> None:
    """Refuse customers whose rows lack what a script says to everybody: their calls would break off.

    Raises:
        InputError: names the first of them, the slot, and how many lack it.
    """
    for name in needed(script):
        lacking = [one for one in people if name not in slots_of(one, firm, today).values]
        if lacking:
            column = COLUMNS.get(name, f"{{{name}}}")
            others = f" ({len(lacking)} customers lack it)" if len(lacking) > 1 else ""
            raise InputError(
                f"{lacking[0].name} has no {{{name}}}, which script {script.name} says to everybody{others}",
                where=f"customer {lacking[0].id}",
                remedy=f"import a file with a column {column} for them, or name the others with --customer",
            )


def spoken_wait(seconds: float) -> str:
    """A wait as people say it, never shorter than it is: 半分钟, 一分钟, 两分钟."""
    minutes = math.ceil(seconds / 60)
    return "半分钟" if seconds <= HALF_MINUTE_S else f"{'两' if minutes == 2 else count(minutes)}分钟"


def spoken_month(day: date, today: date) -> str:
    """A month as people say it: 今年三月, 去年十二月, 二零二四年五月."""
    year = {0: "今年", 1: "去年"}.get(today.year - day.year) or f"{str(day.year).translate(AS_YEAR)}年"
    return f"{year}{count(day.month)}月"
