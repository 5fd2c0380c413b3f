"""Numbers as people write them, and what they become."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.phones import Phone, masked, national, normalise


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("13800000000", Phone("+8613800000000", "mobile")),
        (" 138 0000 0000 ", Phone("+8613800000000", "mobile")),
        ("138-0000-0000", Phone("+8613800000000", "mobile")),
        ("+86 138 0000 0000", Phone("+8613800000000", "mobile")),
        ("008613800000000", Phone("+8613800000000", "mobile")),
        ("１３８００００００００", Phone("+8613800000000", "mobile")),
        ("'13800000000", Phone("+8613800000000", "mobile")),
        ("19212345678", Phone("+8619212345678", "mobile")),
        ("02161234567", Phone("+862161234567", "landline")),
        ("021-61234567", Phone("+862161234567", "landline")),
        ("(021)61234567", Phone("+862161234567", "landline")),
        ("（021）61234567", Phone("+862161234567", "landline")),
        ("0571 8765 4321", Phone("+8657187654321", "landline")),
        ("010-65550001转8012", Phone("+861065550001", "landline", "8012")),
        ("010-65550001 分机 12", Phone("+861065550001", "landline", "12")),
        ("0755-82345678 ext. 12", Phone("+8675582345678", "landline", "12")),
        ("021-61234567-8012", Phone("+862161234567", "landline", "8012")),
    ],
)
def test_what_people_write(raw: str, wanted: Phone) -> None:
    assert normalise(raw) == wanted


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("无", "not a phone number"),
        ("1380000x000", "not a phone number"),
        ("13800000000/13900000000", "not a phone number"),
        ("1380000000", "area code"),
        ("138000000000", "digits|area code"),
        ("61234567", "area code"),
        ("95588", "digits|area code"),
        ("4008888888", "neither"),
        ("+85291234567", "mainland"),
        ("---", "not a phone number"),
    ],
)
def test_what_cannot_be_called_says_why(raw: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        normalise(raw)


def test_the_spoken_form_and_back() -> None:
    for written in ("13800000000", "02161234567", "057187654321"):
        assert national(normalise(written).e164) == written


def test_masking_hides_the_middle() -> None:
    assert masked("+8613800000000") == "138****0000"
    assert masked("+862161234567") == "021****4567"
    assert masked("hello") == "****"
    assert masked("+8695588") == "****"


@given(st.integers(10**10, 2 * 10**10 - 1))
def test_a_plain_mobile_is_found_as_it_would_be_in_another_form(number: int) -> None:
    """Eleven digits alone take a quicker way; why a number is none may be told otherwise."""
    found: list[Phone | None] = []
    for form in (str(number), f"+86 {number}"):
        try:
            found.append(normalise(form))
        except ValueError:
            found.append(None)
    assert found[0] == found[1]
