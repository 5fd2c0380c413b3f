"""What a script may say of a customer: their own columns, words for slots, the firm's settings."""

from __future__ import annotations

from datetime import date

import pytest

from huifang.settings import Firm
from huifang.slots import slots_of
from office.customers.names import FILLED
from records.model import Customer, PhoneKind

FIRM = Firm(name="示例证券", hotline="95000", seat="8012")


def _customer(*words: tuple[str, str]) -> Customer:
    return Customer(
        1, "张伟", "+8613800000001", PhoneKind.MOBILE, date(2026, 3, 8), "王芳", "上海", "", words
    )


def test_a_customers_own_words() -> None:
    values = slots_of(_customer(("commission", "万分之三")), FIRM, date(2026, 11, 25)).values
    assert values == {
        "name": "张伟",
        "manager": "王芳",
        "opened_month": "今年三月",
        "firm": "示例证券",
        "seat": "八零幺二",
        "hotline": "九五零零零",
        "transfer_wait": values["transfer_wait"],
        "commission": "万分之三",
    }
    assert values.keys() - {"commission"} <= FILLED


@pytest.mark.parametrize(("say_level", "said"), [(True, "告知"), (False, None)])
def test_the_level_is_said_where_the_firm_wants_it(say_level: bool, said: str | None) -> None:
    """S12."""
    firm = FIRM.model_copy(update={"say_level": say_level})
    assert slots_of(_customer(), firm, date(2026, 11, 25)).values.get("say_level") == said


def test_words_replace_nothing_that_is_known() -> None:
    values = slots_of(_customer(("name", "李娜"), ("firm", "别家")), FIRM, date(2026, 11, 25)).values
    assert (values["name"], values["firm"]) == ("张伟", "示例证券")
