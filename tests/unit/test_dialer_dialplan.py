"""The dial form of a number per trunk, and the other form after a misdialled attempt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.phones import normalise
from dialer.dialplan import DialPlan, dial, misdialled
from records.model import PastAttempt
from tests.records_kit import NOW

MOBILE, SHANGHAI, BEIJING = "+8613800138000", "+862161234567", "+861012345678"
AT_HOME = {"+8613916000000": True, MOBILE: False}
NATIONAL, E164 = DialPlan(), DialPlan("e164")
OF_SHANGHAI = DialPlan(local_area="021", drop_area=True, mobile_zero="by_area")


def home(area: str, phone: str) -> bool | None:
    assert area == "021"
    return AT_HOME.get(phone)


@pytest.mark.parametrize(
    ("plan", "phone", "first", "second"),
    [
        (NATIONAL, MOBILE, "13800138000", "013800138000"),
        (NATIONAL, SHANGHAI, "02161234567", "02161234567"),
        (NATIONAL, BEIJING, "01012345678", "01012345678"),
        (E164, MOBILE, MOBILE, "13800138000"),
        (E164, SHANGHAI, SHANGHAI, "02161234567"),
        (DialPlan(prefix="9"), MOBILE, "913800138000", "9013800138000"),
        (DialPlan(mobile_zero="always"), MOBILE, "013800138000", "13800138000"),
        (DialPlan(local_area="021"), SHANGHAI, "02161234567", "61234567"),
        (OF_SHANGHAI, SHANGHAI, "61234567", "02161234567"),
        (OF_SHANGHAI, BEIJING, "01012345678", "01012345678"),
        (OF_SHANGHAI, MOBILE, "013800138000", "13800138000"),
        (OF_SHANGHAI, "+8613916000000", "13916000000", "013916000000"),
        (OF_SHANGHAI, "+8619912345678", "19912345678", "019912345678"),
    ],
)
def test_forms(plan: DialPlan, phone: str, first: str, second: str) -> None:
    assert [dial(plan, phone, misdialled=n, home=home).user for n in range(3)] == [first, second, first]


def test_an_extension_is_dialed_after_the_answer() -> None:
    phone = normalise("021-61234567转8012")
    dialed = dial(NATIONAL, phone.e164, extension=phone.extension)
    assert (dialed.user, dialed.extension) == ("02161234567", "8012")


def test_the_reason_is_told() -> None:
    assert "outside 021" in dial(OF_SHANGHAI, MOBILE, home=home).why
    assert "misdialled" in dial(OF_SHANGHAI, MOBILE, home=home, misdialled=1).why


def test_only_misdialled_attempts_change_the_form() -> None:
    words = ("no_answer", "misdialled", "misdialled", "line_failure")
    past = [PastAttempt(n, NOW, NOW, word, False, False) for n, word in enumerate(words, 1)]
    assert misdialled(past) == 2


plans = st.builds(
    DialPlan,
    form=st.just("national"),
    prefix=st.sampled_from(["", "9", "0#"]),
    local_area=st.sampled_from(["021", "010", "0755"]),
    drop_area=st.booleans(),
    mobile_zero=st.sampled_from(["never", "always", "by_area"]),
)
phones = st.one_of(
    st.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from([SHANGHAI, BEIJING, "+8675512345678"]),
)


@given(plans, phones, st.integers(0, 5), st.sampled_from([None, True, False]))
def test_whatever_the_form_the_subscriber_is_the_same(
    plan: DialPlan, phone: str, times: int, at_home: bool | None
) -> None:
    user = dial(plan, phone, misdialled=times, home=lambda _area, _phone: at_home).user
    assert user.startswith(plan.prefix)
    assert user.endswith(phone[-8:])
    whole = dial(DialPlan(), phone).user
    assert user.removeprefix(plan.prefix) in {whole, f"0{whole}", whole.removeprefix(plan.local_area)}
