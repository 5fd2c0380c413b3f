"""Where mobiles are at home, from the tables that the library phonenumbers ships.

The tables cover the world and take seconds and 180 MB to load: another process does it, once per run, and
only for trunks that say `mobile_zero: by_area`. What comes back is 130,000 prefixes with one bit each.
"""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor

from base.errors import SettingsError
from dialer.dialplan import Home, nobody_knows
from dialer.trunk import Trunk

Prefixes = Mapping[str, bool]
"""Digits that mobiles begin with, from the 86 on, and whether those are at home in the area."""

_PROVINCE = re.compile(r"^.*?(?:省|自治区|内蒙古|云南|新疆|西藏|四川|贵州|甘肃)(?=.)")
_LONGEST, _SHORTEST = 9, 6


def home_of(trunks: Iterable[Trunk]) -> Home:
    """Where mobiles are at home, as far as these trunks ask.

    Raises:
        SettingsError: a trunk's local_area is not in the tables.
    """
    areas = sorted({trunk.local_area for trunk in trunks if trunk.mobile_zero == "by_area"})
    if not areas:
        return nobody_knows
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as loader:
        return looking_up(loader.submit(prefixes_of, areas).result())


def looking_up(tables: Mapping[str, Prefixes]) -> Home:
    """Homes by tables, one per area code.

    Raises:
        SettingsError: a table knows no mobile of its area.
    """
    missing = [area for area, prefixes in tables.items() if not any(prefixes.values())]
    if missing:
        what = f"no mobile is known to be at home in {missing[0]}"
        raise SettingsError(what, where="trunks.local_area", remedy="set mobile_zero to always or never")
    return lambda area, phone: _looked_up(tables[area], phone)


def _looked_up(prefixes: Prefixes, phone: str) -> bool | None:
    digits = phone.removeprefix("+")
    for length in range(_LONGEST, _SHORTEST - 1, -1):
        found = prefixes.get(digits[:length])
        if found is not None:
            return found
    return None


def prefixes_of(areas: Iterable[str]) -> dict[str, Prefixes]:
    """The mobiles' prefixes for each area code ("021"). Takes seconds, and much memory for good."""
    from phonenumbers.geodata import GEOCODE_DATA

    mobiles = {
        prefix: names["zh"]
        for prefix, names in GEOCODE_DATA.items()
        if prefix.startswith("861") and len(prefix) >= _SHORTEST and "zh" in names
    }
    return {
        area: _at_home(GEOCODE_DATA.get(f"86{area.removeprefix('0')}", {}).get("zh", ""), mobiles)
        for area in areas
    }


def _at_home(places: str, mobiles: Mapping[str, str]) -> Prefixes:
    """An area code may serve several cities: 辽宁省沈阳市、铁岭市. A mobile of any of them is at home."""
    cities = [_PROVINCE.sub("", place).rstrip("市") for place in places.split("、") if place]
    return {prefix: any(city in place for city in cities) for prefix, place in mobiles.items()}
