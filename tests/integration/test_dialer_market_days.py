"""The shipped table of market days says what the exchange's own calendar says (P10, D3)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from exchange_calendars.exchange_calendar_xshg import XSHGExchangeCalendar

from base import calendar_files
from base.calendar import DayKind
from dialer.profile import load

CONFIG = Path(__file__).parents[2] / "config"
CALENDAR = calendar_files.load(CONFIG / calendar_files.MARKET_FILE, None)
FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
"""From where the official calendar begins; pinned, so that a newer package does not move what is compared."""


def test_every_day_agrees_with_the_exchange() -> None:
    closed = {stamp.date() for stamp in XSHGExchangeCalendar.precomputed_holidays()}
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    trades = [day for day in days if day.weekday() < 5 and day not in closed]
    assert [day for day in days if DayKind.MARKET in CALENDAR.day_of(day).kinds] == trades
    assert CALENDAR.market_until >= LAST


def test_the_shipped_window_begins_at_the_close() -> None:
    ((_, close),) = XSHGExchangeCalendar.close_times
    windows = load(CONFIG / "profiles" / "default.yaml").windows
    assert [one.start for one in windows if DayKind.MARKET in one.days] == [close]
