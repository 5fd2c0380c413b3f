"""Where mobiles are at home, by the tables of phonenumbers."""

from __future__ import annotations

import pytest

from base.errors import SettingsError
from dialer.dialplan import nobody_knows
from dialer.trunk import Trunk
from huifang.areas import home_of, looking_up


def trunk(area: str, zero: str = "by_area") -> Trunk:
    return Trunk.model_validate({"uri": "sip:{number}@192.0.2.10", "local_area": area, "mobile_zero": zero})


def test_mobiles_are_at_home_where_their_city_is() -> None:
    home = home_of([trunk("021"), trunk("024")])
    assert home("021", "+8613916000000") is True
    assert home("021", "+8613800138000") is False, "Beijing"
    assert home("021", "+8619912345678") is None, "no table knows it"
    assert home("024", "+8613804100000") is True, "Tieling shares its area code with Shenyang"


def test_nothing_is_loaded_for_trunks_that_do_not_ask() -> None:
    assert home_of([trunk("021", "always")]) is nobody_knows


def test_an_area_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="0999"):
        looking_up({"0999": {"861391600": False}})
