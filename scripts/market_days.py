"""Write config/market_days.yaml anew from `exchange_calendars` (a development dependency).

.venv/bin/python scripts/market_days.py
"""

from __future__ import annotations

from datetime import date
from importlib.metadata import version
from pathlib import Path

from chinese_calendar import is_workday
from exchange_calendars.exchange_calendar_xshg import XSHGExchangeCalendar as Shanghai

FIRST = date(2004, 1, 1)
FILE = Path(__file__).parents[1] / "config" / "market_days.yaml"
HEAD = """\
# Days from Monday to Friday that the official calendar works, yet the Shanghai exchange does not trade (P10).
# Written by scripts/market_days.py from exchange_calendars {version}, XSHG. A site's own days: calendar.yaml.
"""


def main() -> None:
    """Compare the two calendars day by day and write the difference."""
    until = Shanghai.bound_max().date()
    closed = {stamp.date() for stamp in Shanghai.precomputed_holidays()}
    shut = sorted(day for day in closed if FIRST <= day <= until and day.weekday() < 5 and is_workday(day))
    lines = [f"until: {until}", "shut:", *(f"  - {day}" for day in shut)]
    FILE.write_text(HEAD.format(version=version("exchange_calendars")) + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
