"""The files a calendar is made of: the exchange's closures as shipped, and the days that a site writes (P10).

The closures are a table because the library that knows them needs 1.5 s and 86 MB to be imported; see
docs/calendars.md.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from base import yamlfile
from base.calendar import Calendar, Said
from base.errors import CalendarError

MARKET_FILE = "market_days.yaml"
SITE_FILE = "calendar.yaml"
REMEDY = "update huifang, or write the days into config/calendar.yaml"


def _unquoted_off(value: object) -> object:
    """YAML 1.1 reads a bare `off` as false."""
    return Said.OFF.value if value is False else value


def _written_keys(days: object) -> object:
    """Dates as they are written: complaints then name them so."""
    return {str(day): said for day, said in days.items()} if isinstance(days, dict) else days


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MarketFile(_File):
    """Shipped: the exchange's closures on days that the official calendar works."""

    until: date = Field(description="The last day of which the closures are known.")
    shut: frozenset[date] = Field(
        description="Worked from Monday to Friday, yet the exchange does not trade."
    )


class SiteFile(_File):
    """A site's own days: a typhoon, a year that was announced after the release."""

    until: date | None = Field(
        None,
        description="The last day of which everything is known once `days` is written; empty: as shipped.",
    )
    days: Annotated[
        dict[date, Annotated[Said, BeforeValidator(_unquoted_off)]], BeforeValidator(_written_keys)
    ] = Field(
        default_factory=dict,
        description=(
            "Single days: `market` (worked, the exchange trades), `no_market` (worked, the exchange is shut,"
            " as on a made-up weekend) or `off`."
        ),
    )


def load(market: Path, site: Path | None) -> Calendar:
    """The calendar of a site.

    Args:
        market: the shipped closures.
        site: the site's own days; None when it has none.

    Raises:
        CalendarError: unreadable, an unknown key, no date, or none of the three words; with file:line.
    """
    closures = yamlfile.load(market, MarketFile, CalendarError)
    own = SiteFile(until=None) if site is None else yamlfile.load(site, SiteFile, CalendarError)
    return Calendar(closures.shut, closures.until, own.days, own.until)
