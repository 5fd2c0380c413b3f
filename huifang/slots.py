"""What a script may say of a customer and of the firm, in words as they are spoken."""

from __future__ import annotations

import math
from datetime import date

from base.errors import SettingsError
from huifang.settings import Firm
from ivr.script import Script
from ivr.values import Slots
from ivr.voice.numbers import AS_CODE, AS_YEAR, count
from records.model import Customer, NewCustomer

SAY_LEVEL = "告知"
"""Fills a slot of which only counts that it is there: the level of a risk questionnaire is said (S12)."""

FILLED = frozenset(
    {"name", "manager", "opened_month", "firm", "seat", "hotline", "say_level", "transfer_wait"}
)
"""Slots that a customer's own columns and the settings fill; any other is a column of its own, `{matter}`."""

FIRM_SLOTS = {"firm": "name", "seat": "seat", "hotline": "hotline"}
"""Slots that the firm fills, and the settings below `firm` that they come from."""

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


def spoken_wait(seconds: float) -> str:
    """A wait as people say it, never shorter than it is: 半分钟, 一分钟, 两分钟."""
    minutes = math.ceil(seconds / 60)
    return "半分钟" if seconds <= HALF_MINUTE_S else f"{'两' if minutes == 2 else count(minutes)}分钟"


def spoken_month(day: date, today: date) -> str:
    """A month as people say it: 今年三月, 去年十二月, 二零二四年五月."""
    year = {0: "今年", 1: "去年"}.get(today.year - day.year) or f"{str(day.year).translate(AS_YEAR)}年"
    return f"{year}{count(day.month)}月"
